/**
 * The bucket that holds an environment's Lambda artifacts, each under a key with its hash.
 *
 * @module
 */
export { ArtifactBucket, type ArtifactBucketConfig } from "./artifact-bucket";
