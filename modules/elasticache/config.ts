import type { Label } from "../internal/label";

/** Engines of ElastiCache. */
export type ElasticacheEngine = "valkey" | "redis" | "memcached";

/**
 * Kinds of caches.
 *
 * - `replication`: one primary that takes writes, and replicas that take over
 * - `cluster`: several of those, each with a share of the keys; clients must know cluster mode
 * - `serverless`: no nodes to choose, paid by use, within limits
 * - `memcached`: nodes of Memcached, each with a share of the keys
 */
export type ElasticacheMode = "replication" | "cluster" | "serverless" | "memcached";

/**
 * How clients sign in.
 *
 * - `iam`: by a token that the client's role signs; there is no secret. A token lives for 15 minutes, a connection for 12 hours
 *   unless it signs in again
 * - `password`: by a password that AWS makes and Secrets Manager keeps
 * - `none`: not at all; whoever reaches the cache reads and writes it
 */
export type ElasticacheAuthentication = "iam" | "password" | "none";

/** A cache. */
export interface ElasticacheConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the cache, e.g. `sessions`. */
  readonly name: string;
  /** Engine. `memcached` goes with the modes `memcached` and `serverless`, the others with all but `memcached`. */
  readonly engine: ElasticacheEngine;
  /** Kind of the cache. Changing it replaces the cache. */
  readonly mode: ElasticacheMode;
  /** Version: `8.1` of Valkey, `7.1` of Redis, `1.6.22` of Memcached; with `serverless` the major one alone: `8`, `7`, `1.6`. */
  readonly engineVersion: string;

  /** Id of the VPC. */
  readonly vpcId: string;
  /** Isolated subnets, one in each zone. */
  readonly subnetIds: readonly string[];
  /** Zones of those subnets, two at least. */
  readonly availabilityZones: readonly string[];

  /** Type of the nodes, e.g. `cache.r7g.large`. In every mode but `serverless`. */
  readonly nodeType?: string;
  /** Replicas of each primary, 0 to 5, with `replication` and `cluster`. @default 1 */
  readonly replicas?: number;
  /** Primaries, 1 to 90, with `cluster`. @default 3 */
  readonly shards?: number;
  /** Nodes, 1 to 40, with `memcached`. @default 2 */
  readonly nodes?: number;
  /** Nodes are in more than one zone, and a replica takes over when a primary fails. @default true */
  readonly multiAz?: boolean;
  /** TCP port of the nodes. Changing it replaces the cache. @default the engine's own: 6379 or 11211 */
  readonly port?: number;

  /** Largest amount of data in GB, 1 to 5000, with `serverless`. */
  readonly maximumGigabytes?: number;
  /** Amount of data in GB that is paid for and kept ready at least, with `serverless`. @default none */
  readonly minimumGigabytes?: number;
  /** Processing units per second at most, 1000 to 15000000, with `serverless`; beyond them commands are refused. */
  readonly maximumUnitsPerSecond?: number;
  /** Processing units per second that are paid for and kept ready at least, with `serverless`. @default none */
  readonly minimumUnitsPerSecond?: number;

  /** Clients speak TLS, and nothing else is taken. Without it, what is cached can be read in the network. @default true */
  readonly tls?: boolean;
  /** How clients sign in. @default "iam"; with Memcached "none", as it knows nothing else */
  readonly authentication?: ElasticacheAuthentication;
  /**
   * What the user may do, in the engine's own notation. @default all keys; every command but those that administer, or that are
   * dangerous: no KEYS, no FLUSHALL
   */
  readonly accessString?: string;
  /**
   * Names of the passwords, 1 or 2, with `authentication: "password"`. The cache takes all of them, clients get the first. To rotate: put a
   * new name first and deploy, wait until all clients have started anew, remove the old name and deploy.
   *
   * @default ["1"]
   */
  readonly passwordNames?: readonly string[];

  /** ARN of the KMS key of data, snapshots and secrets. Another key replaces the cache. */
  readonly kmsKeyArn: string;
  /** ARN of the KMS key of the logs. */
  readonly logKmsKeyArn: string;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;

  /** What is thrown out when memory is full; not of Memcached, nor with `serverless`. @default "volatile-lru": keys with a TTL, the least used first */
  readonly evictionPolicy?: string;
  /** Microseconds from which on a command is in the slow log; not of Memcached, nor with `serverless`. @default 10000 */
  readonly slowCommandMicroseconds?: number;
  /** Further parameters of the engine; not with `serverless`. @default none */
  readonly parameters?: Readonly<Record<string, string>>;

  /** Days that daily snapshots are kept, 0 to 35; 0 takes none. Not with `memcached`, which cannot. @default 7 */
  readonly snapshotRetentionDays?: number;
  /** Hour of the daily snapshot in UTC. @default "03:00-04:00" */
  readonly snapshotWindow?: string;
  /** Name of a snapshot that the cache begins with; with `serverless` its ARN. Another one replaces the cache. @default none */
  readonly snapshotName?: string;
  /** Weekly maintenance, in UTC. @default "sun:04:30-sun:05:30" */
  readonly maintenanceWindow?: string;
  /** AWS installs minor versions in the maintenance window. @default true */
  readonly autoMinorVersionUpgrade?: boolean;
  /** Makes changes at once instead of in the maintenance window. @default false */
  readonly applyImmediately?: boolean;

  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** Connections to a node of which more alarm; it takes 65000. @default 50000 */
  readonly alarmConnections?: number;
  /** Keys thrown out in a minute of which more alarm. @default 0 */
  readonly alarmEvictionsPerMinute?: number;
  /** Seconds that a replica may lag behind before an alarm goes off. @default 5 */
  readonly alarmReplicationLagSeconds?: number;

  /** Terraform refuses to destroy or replace the cache. */
  readonly deletionProtection: boolean;
  /** Destroys the cache for good: without a last snapshot. With `memcached` and `serverless` there never is one. @default false */
  readonly skipFinalSnapshot?: boolean;
}

/** Configuration with every default in its place. */
export type Settings = ElasticacheConfig &
  Required<
    Pick<
      ElasticacheConfig,
      | "replicas"
      | "shards"
      | "nodes"
      | "multiAz"
      | "port"
      | "tls"
      | "authentication"
      | "accessString"
      | "passwordNames"
      | "evictionPolicy"
      | "slowCommandMicroseconds"
      | "parameters"
      | "snapshotRetentionDays"
      | "snapshotWindow"
      | "maintenanceWindow"
      | "autoMinorVersionUpgrade"
      | "applyImmediately"
      | "alarmConnections"
      | "alarmEvictionsPerMinute"
      | "alarmReplicationLagSeconds"
      | "skipFinalSnapshot"
    >
  >;

/** Puts every default in its place. */
export function withDefaults(config: ElasticacheConfig): Settings {
  const memcached = config.engine === "memcached";
  return {
    ...config,
    replicas: config.replicas ?? 1,
    shards: config.shards ?? 3,
    nodes: config.nodes ?? 2,
    multiAz: config.multiAz ?? true,
    port: config.port ?? (memcached ? 11_211 : 6379),
    tls: config.tls ?? true,
    authentication: config.authentication ?? (memcached ? "none" : "iam"),
    // Clients ask INFO whether the server is ready, which counts as dangerous.
    accessString: config.accessString ?? "on ~* +@all -@admin -@dangerous +info",
    passwordNames: config.passwordNames ?? ["1"],
    evictionPolicy: config.evictionPolicy ?? "volatile-lru",
    slowCommandMicroseconds: config.slowCommandMicroseconds ?? 10_000,
    parameters: config.parameters ?? {},
    snapshotRetentionDays: config.snapshotRetentionDays ?? 7,
    snapshotWindow: config.snapshotWindow ?? "03:00-04:00",
    maintenanceWindow: config.maintenanceWindow ?? "sun:04:30-sun:05:30",
    autoMinorVersionUpgrade: config.autoMinorVersionUpgrade ?? true,
    applyImmediately: config.applyImmediately ?? false,
    alarmConnections: config.alarmConnections ?? 50_000,
    alarmEvictionsPerMinute: config.alarmEvictionsPerMinute ?? 0,
    alarmReplicationLagSeconds: config.alarmReplicationLagSeconds ?? 5,
    skipFinalSnapshot: config.skipFinalSnapshot ?? false,
  };
}
