/**
 * What the builders of functions and of services share: manifests read and checked, builds remembered while nothing changes, files
 * written whole, what esbuild says of a build that fails, and folders for their tests.
 *
 * @module
 */
export { type Bundled, bundle, COMMON_OPTIONS } from "./bundle";
export { failureOf } from "./failure";
export { isObject, type ManifestReader, readManifestFiles } from "./manifest";
export { type Build, rememberBuild, rememberedBuild } from "./memory";
export { projectsWith, temporaryFolders, write } from "./sample-folders";
export { writeWhole } from "./write-whole";
