/**
 * What the builders of functions and of services share: manifests read and checked, builds remembered while nothing changes, files
 * written whole, and what esbuild says of a build that fails.
 *
 * @module
 */
export { describeFailure, failureOf } from "./failure";
export { isObject, type ManifestReader, readManifestFiles } from "./manifest";
export { type Build, rememberBuild, rememberedBuild } from "./memory";
export { writeWhole } from "./write-whole";
