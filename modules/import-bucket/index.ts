/**
 * A bucket into which files are put to be imported, and in which the results of each are found. `functions/catalog-import` reads and
 * writes it; docs/events.md says how it is used.
 *
 * @module
 */
export { ImportBucket, type ImportBucketConfig } from "./import-bucket";
