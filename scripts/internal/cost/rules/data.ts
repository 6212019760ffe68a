import { blocksOf, type Item, knownNumber, knownText, type Rules, UnknownValue } from "../item";
import { fixed, HOURS, usage } from "./charge";

/** Where data is kept. */
export const DATA_RULES: Rules = {
  // https://aws.amazon.com/rds/postgresql/pricing/
  aws_db_instance: [
    (database) => [
      fixed(
        `${database.text("instance_class")} database, hours`,
        "rds",
        `${database.text("engine")}-${database.text("instance_class")}${multiAz(database)}`,
        HOURS,
      ),
    ],
    (database) => {
      const type = database.text("storage_type") ?? "gp2";
      const size = database.number("allocated_storage");
      if (size === undefined) throw new UnknownValue("its storage is known only once it is deployed");
      return [fixed(`${type} storage of the database`, "rds", `storage-${type}${multiAz(database)}`, size)];
    },
    (database) => [backups(database, "backup-storage")],
    masterSecret,
  ],
  // https://aws.amazon.com/rds/aurora/pricing/
  aws_rds_cluster: [
    (cluster) => [
      usage(
        "Aurora, storage",
        "rds",
        `aurora-storage${optimised(cluster)}`,
        cluster.usage("storedGigabytes"),
      ),
    ],
    (cluster) =>
      optimised(cluster) === ""
        ? [usage("Aurora, I/O", "rds", "aurora-requests", cluster.usage("inputOutputRequests"))]
        : [],
    (cluster) => [backups(cluster, "aurora-backup-storage")],
    masterSecret,
  ],
  aws_rds_cluster_instance: [auroraInstance],
  // https://aws.amazon.com/elasticache/pricing/
  aws_elasticache_replication_group: [
    (cache) => {
      const shards = cache.number("num_node_groups");
      const nodes =
        shards === undefined
          ? (cache.number("num_cache_clusters") ?? 1)
          : shards * (1 + (cache.number("replicas_per_node_group") ?? 0));
      const type = cache.text("node_type");
      const engine = cache.text("engine") ?? "redis";
      return [fixed(`${type} nodes, hours`, "elasticache", `${engine}-${type}`, HOURS * nodes)];
    },
    (cache) =>
      (cache.number("snapshot_retention_limit") ?? 0) > 0
        ? [usage("snapshots of the cache", "elasticache", "backup-storage", cache.usage("backupGigabytes"))]
        : [],
  ],
  aws_elasticache_cluster: [
    (cache) => {
      const type = cache.text("node_type");
      const nodes = cache.number("num_cache_nodes") ?? 1;
      return [fixed(`${type} nodes, hours`, "elasticache", `${cache.text("engine")}-${type}`, HOURS * nodes)];
    },
  ],
  // https://aws.amazon.com/dynamodb/pricing/
  aws_dax_cluster: [
    (cache) => {
      const type = cache.text("node_type");
      return [
        fixed(`${type} nodes, hours`, "dax", `${type}`, HOURS * (cache.number("replication_factor") ?? 1)),
      ];
    },
  ],
  aws_dynamodb_table: [
    capacity,
    (table) => [
      usage("table, storage", "dynamodb", "storage", copies(table) * table.usage("storedGigabytes")),
    ],
    (table) => {
      const [recovery = {}] = table.blocks("point_in_time_recovery");
      if (knownText(recovery["enabled"], "enabled") !== "true") return [];
      return [usage("table, recovery", "dynamodb", "point-in-time-recovery", table.usage("storedGigabytes"))];
    },
  ],
  // https://aws.amazon.com/s3/pricing/
  aws_s3_bucket: [
    (bucket) => [usage("bucket, storage", "s3", "storage", bucket.usage("storedGigabytes"))],
    (bucket) => [usage("bucket, writes", "s3", "put-requests", bucket.usage("putRequests"))],
    (bucket) => [usage("bucket, reads", "s3", "get-requests", bucket.usage("getRequests"))],
    (bucket) => [usage("data to the internet", "ec2", "transfer-out", bucket.usage("transferGigabytes"))],
  ],
  aws_ecr_repository: [
    (images) => [usage("images, storage", "ecr", "storage", images.usage("storedGigabytes"))],
  ],
};

function multiAz(database: Item): string {
  return database.isTrue("multi_az") ? "-multi-az" : "";
}

function backups(database: Item, item: string) {
  return usage("backups beyond what is free", "rds", item, database.usage("backupGigabytes"));
}

/** RDS keeps the password in a secret, which costs as any other: https://aws.amazon.com/secrets-manager/pricing/ */
function masterSecret(database: Item) {
  return database.isTrue("manage_master_user_password")
    ? [fixed("secret of the master user", "secrets-manager", "secret", 1)]
    : [];
}

function optimised(cluster: Item): string {
  return cluster.text("storage_type") === "aurora-iopt1" ? "-io-optimised" : "";
}

function auroraInstance(instance: Item) {
  const cluster = instance.referred("aws_rds_cluster", instance.value("cluster_identifier"));
  const suffix = cluster === undefined ? "" : optimised(cluster);
  const type = instance.text("instance_class");
  if (type !== "db.serverless") {
    return [fixed(`${type} Aurora, hours`, "rds", `${instance.text("engine")}-${type}${suffix}`, HOURS)];
  }
  const [scaling = {}] = cluster?.blocks("serverlessv2_scaling_configuration") ?? [];
  const minimum = knownNumber(scaling["min_capacity"], "min_capacity");
  if (minimum === undefined) throw new UnknownValue("its least capacity is not in the stack");
  return [fixed("Aurora, least capacity", "rds", `aurora-capacity-units${suffix}`, HOURS * minimum)];
}

/** An index is written with its table, and kept beside it. */
function copies(table: Item): number {
  return 1 + table.blocks("global_secondary_index").length;
}

function capacity(table: Item) {
  if (table.text("billing_mode") === "PAY_PER_REQUEST") {
    return [
      usage("table, reads", "dynamodb", "read-request-units", table.usage("readUnits")),
      usage("table, writes", "dynamodb", "write-request-units", copies(table) * table.usage("writeUnits")),
    ];
  }
  const indexes = blocksOf(table.value("global_secondary_index"));
  const units = (name: string) =>
    (table.number(name) ?? 0) +
    indexes.reduce((sum, index) => sum + (knownNumber(index[name], name) ?? 0), 0);
  return [
    fixed("table, read capacity", "dynamodb", "provisioned-read-units", HOURS * units("read_capacity")),
    fixed("table, write capacity", "dynamodb", "provisioned-write-units", HOURS * units("write_capacity")),
  ];
}
