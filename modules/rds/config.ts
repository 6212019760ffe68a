import type { Label } from "../internal/label";

/** Engines of RDS that a database can have. Aurora's are clusters over shared storage, the others single instances. */
export type RdsEngine = "aurora-postgresql" | "aurora-mysql" | "postgres" | "mysql" | "mariadb";

/** A relational database. */
export interface RdsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the database, e.g. `orders`. */
  readonly name: string;
  /** Engine. Changing it replaces the database. */
  readonly engine: RdsEngine;
  /**
   * Version: a major one, e.g. `16`, `8.4`, `11.4`, of which AWS takes a minor one and keeps it up to date; or one in full, e.g. `16.8` or
   * `8.0.mysql_aurora.3.08.2`, together with `autoMinorVersionUpgrade: false`.
   */
  readonly engineVersion: string;
  /** Class of the instances, e.g. `db.r7g.large`; `db.serverless` for Aurora Serverless v2. */
  readonly instanceClass: string;
  /** Name of the database in it: a letter, then letters, digits and underscores. Changing it replaces the database. */
  readonly databaseName: string;
  /** Name of the administrator. Changing it replaces the database. @default "administrator" */
  readonly masterUsername?: string;
  /** TCP port. Changing it restarts the database. @default the engine's own: 5432 or 3306 */
  readonly port?: number;

  /** Id of the VPC. */
  readonly vpcId: string;
  /** Isolated subnets, one in each zone. */
  readonly subnetIds: readonly string[];
  /** Zones of those subnets, two at least: AWS takes no fewer. */
  readonly availabilityZones: readonly string[];

  /**
   * A second zone takes over when the first fails: a standby, and with Aurora its replicas. Without it, the failure of a zone is one of the
   * database. @default true
   */
  readonly multiAz?: boolean;
  /** Instances that are read only, 0 to 15, spread over the zones; Aurora's alone. @default 1 with `multiAz`, otherwise 0 */
  readonly replicas?: number;

  /** GiB of storage at first, 20 at least. Not with Aurora, which takes what it needs. */
  readonly allocatedGigabytes?: number;
  /** GiB up to which storage grows by itself, a tenth more than at first at least. Not with Aurora. @default twice `allocatedGigabytes` */
  readonly maximumGigabytes?: number;
  /** Operations per second beyond what gp3 has by itself, from 400 GiB on. Not with Aurora. @default gp3's own */
  readonly storageIops?: number;
  /** MiB per second beyond what gp3 has by itself, from 400 GiB on. Not with Aurora. @default gp3's own */
  readonly storageThroughputMegabytes?: number;
  /** Aurora's I/O-Optimized: storage and instances cost more, reads and writes nothing. @default false */
  readonly ioOptimized?: boolean;

  /** Aurora capacity units that are always there, in halves; 0 lets the database pause. Together with `db.serverless`. */
  readonly minimumCapacityUnits?: number;
  /** Aurora capacity units that are there at most, 1 to 256 in halves. Together with `db.serverless`. */
  readonly maximumCapacityUnits?: number;
  /** Seconds without a connection after which a database with 0 `minimumCapacityUnits` pauses, 300 to 86400. @default 300 */
  readonly pauseAfterSeconds?: number;

  /** ARN of the KMS key of data, snapshots, secrets and Performance Insights. Another key replaces the database. */
  readonly kmsKeyArn: string;
  /** ARN of the KMS key of the logs. */
  readonly logKmsKeyArn: string;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** Logs sent to CloudWatch. @default `postgresql` (and `upgrade`, outside Aurora), or `error` and `slowquery` */
  readonly logExports?: readonly string[];
  /** Milliseconds from which on a statement is logged, without the values of its parameters. @default 1000 */
  readonly slowStatementMilliseconds?: number;

  /** Connections that the database takes at most; at four fifths of them an alarm goes off. Sum of all clients' pools, and a reserve. */
  readonly maximumConnections: number;
  /** Further parameters of the engine, which take effect when the database restarts. @default none */
  readonly parameters?: Readonly<Record<string, string>>;

  /** Days that the database can be restored to any second of, 1 to 35. 0 makes no backups: outside Aurora, for data that can be lost. @default 7 */
  readonly backupRetentionDays?: number;
  /** Daily backup, in UTC, half an hour at least, apart from `maintenanceWindow`. @default "03:00-04:00" */
  readonly backupWindow?: string;
  /** Weekly maintenance, in UTC. @default "sun:04:30-sun:05:30" */
  readonly maintenanceWindow?: string;
  /** AWS installs minor versions in the maintenance window. @default true */
  readonly autoMinorVersionUpgrade?: boolean;
  /** Lets another major `engineVersion` upgrade the database; take it back afterwards. @default false */
  readonly allowMajorVersionUpgrade?: boolean;
  /** Makes changes at once instead of in the maintenance window: some restart the database. @default false */
  readonly applyImmediately?: boolean;

  /** Identifier of a snapshot to make the database of. Another one replaces the database; it may be left out later. @default none */
  readonly snapshotIdentifier?: string;
  /** Identifier of a database of the same engine, in this account and region, to make this one of as it was. @default none */
  readonly restoreSourceIdentifier?: string;
  /** Second to restore `restoreSourceIdentifier` to, e.g. `2030-01-31T12:00:00Z`. @default the last one that can be had */
  readonly restoreTime?: string;

  /**
   * Days after which the administrator's password is another. RDS itself changes it every seven days; with a number here the schedule is
   * Terraform's. @default RDS's own schedule
   */
  readonly masterPasswordRotationDays?: number;
  /**
   * ARNs of secrets with `username` and `password` of the database's users that connect by RDS Proxy, which is made where there are any; they
   * are encrypted with `kmsKeyArn`. @default none: no proxy
   */
  readonly proxySecretArns?: readonly string[];
  /** Share of `maximumConnections` that the proxy holds at most, in percent. @default 80 */
  readonly proxyConnectionsPercent?: number;

  /** Days that Performance Insights keeps: 7, a multiple of 31 up to 713, or 731. 0 turns it off. @default 7 */
  readonly performanceInsightsRetentionDays?: number;
  /** Seconds between two readings of the operating system: 1, 5, 10, 15, 30 or 60. 0 turns them off. @default 60 */
  readonly monitoringIntervalSeconds?: number;

  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** MiB of memory below which an alarm goes off. @default 256, of the size `small` 128, of `micro` 64: the system takes most of theirs */
  readonly alarmFreeMemoryMegabytes?: number;
  /** Seconds that a replica may lag behind before an alarm goes off. @default 1 */
  readonly alarmReplicaLagSeconds?: number;

  /** AWS refuses to delete the database, and Terraform to destroy or replace it. */
  readonly deletionProtection: boolean;
  /** Destroys the database for good: without a last snapshot, and together with its backups. @default false */
  readonly skipFinalSnapshot?: boolean;
}

/** Configuration with every default in its place. */
export type Settings = RdsConfig &
  Required<
    Pick<
      RdsConfig,
      | "masterUsername"
      | "port"
      | "multiAz"
      | "replicas"
      | "logExports"
      | "slowStatementMilliseconds"
      | "parameters"
      | "backupRetentionDays"
      | "backupWindow"
      | "maintenanceWindow"
      | "autoMinorVersionUpgrade"
      | "allowMajorVersionUpgrade"
      | "applyImmediately"
      | "proxySecretArns"
      | "proxyConnectionsPercent"
      | "performanceInsightsRetentionDays"
      | "monitoringIntervalSeconds"
      | "alarmFreeMemoryMegabytes"
      | "alarmReplicaLagSeconds"
      | "skipFinalSnapshot"
    >
  >;
