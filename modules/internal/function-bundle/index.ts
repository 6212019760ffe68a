/**
 * Builds the Lambda functions under `functions/`: one esbuild call for all of them, one deterministic zip each. The same
 * source gives the same bytes in any folder, on any machine, at any time.
 *
 * @module
 */
export { buildFunctions } from "./build";
export { type FunctionArtifact, type FunctionManifest, readManifests } from "./manifest";
