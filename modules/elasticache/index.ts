/**
 * A cache in isolated subnets: Valkey or Redis as one primary with replicas, as a cluster of such, or serverless; or Memcached. Over two
 * zones, encrypted at rest and in transit, with snapshots, logs and alarms, reached only by members of its client security group.
 *
 * **Who signs in how.** By default by IAM: the client's role signs a token for the cache (`cacheName`) and its user (`userName`), and there is
 * no secret that could leak or grow old. The price is the client's: it signs a token for each connection, and again before the connection
 * is 12 hours old, or it is cut off. For clients that cannot, `authentication: "password"` has AWS make a password that Secrets Manager keeps
 * (`authSecretArn`). The provider could set a user's password only by holding it, and the state would hold it too; so the user is made by
 * a small CloudFormation stack, which hands the secret over by its name. `passwordNames` rotates it, two at a time, so that every client
 * is deployed with the new one before the old one goes.
 *
 * **What is lost when.** A replica takes over within a minute, without the writes that had not reached it. With `volatile-lru` a full cache
 * throws out keys that have a TTL, the least used first; an alarm tells of the first. Memcached loses what a node that fails had.
 *
 * **Serverless** caches of Valkey and Redis speak cluster mode, and `port` + 1 reads from the nearest replica.
 *
 * **Metrics** are the nodes': each has alarms of its own. After a failover the names of the nodes stay.
 *
 * @module
 */
export type {
  ElasticacheAuthentication,
  ElasticacheConfig,
  ElasticacheEngine,
  ElasticacheMode,
} from "./config";
export { Elasticache } from "./elasticache";
