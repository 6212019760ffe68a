/**
 * Names for the snapshot that is taken of a data store before it is destroyed.
 *
 * @module
 */
export { FinalSnapshotName, type FinalSnapshotNameConfig } from "./final-snapshot";
