/**
 * A DAX cluster: an in-memory cache before one DynamoDB table, encrypted in transit and at rest, reached only by members of
 * its client security group, with rights to read that table and nothing else.
 *
 * Writes go to the table, past the cache. An item read before a write is served from the cache until its TTL ends, and so is
 * a query: choose the TTLs by how stale an answer may be.
 *
 * @module
 */
export { DaxCluster, type DaxClusterConfig } from "./dax-cluster";
