/**
 * Builds the container services under `services/`: one esbuild call for all of them, one folder each, which is the whole content
 * of the service's image. The same source gives the same bytes in any folder, on any machine, at any time.
 *
 * @module
 */
export {
  imageTag,
  SERVE,
  type ServiceArtifact,
  type ServiceManifest,
  type ServiceVariable,
} from "./artifact";
export { buildServices } from "./build";
export { readServiceManifests } from "./manifest";
