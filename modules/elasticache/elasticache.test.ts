import { Fn, Token } from "cdktf";
import type { Resource } from "../internal/synth-test";
import type { ElasticacheConfig } from ".";
import { CLUSTER, config, MEMCACHED, REDIS, reference, SERVERLESS, synth } from "./fixture";

const GROUP = "aws_elasticache_replication_group";
const group = (changes: Partial<ElasticacheConfig> = {}) => synth(changes).one(GROUP);

describe("replication group", () => {
  test("has its names, engine and nodes", () => {
    expect(group()).toMatchObject({
      replication_group_id: "acme-test-sessions",
      engine: "valkey",
      engine_version: "8.1",
      node_type: "cache.r7g.large",
      num_cache_clusters: 2,
      port: 6379,
    });
  });

  test("control 32: a replica in a second zone takes over", () => {
    expect(group()).toMatchObject({ automatic_failover_enabled: true, multi_az_enabled: true });
  });

  test("without multiAz and replicas nothing takes over", () => {
    expect(group({ multiAz: false, replicas: 0 })).toMatchObject({
      num_cache_clusters: 1,
      automatic_failover_enabled: false,
      multi_az_enabled: false,
    });
  });

  test("control 33: the subnets are of two zones", () => {
    expect(synth().one("aws_elasticache_subnet_group")["subnet_ids"]).toEqual(["subnet-a", "subnet-b"]);
    expect(group()["subnet_group_name"]).toEqual(reference("aws_elasticache_subnet_group", "name"));
  });

  test("control 24: data is encrypted with the customer-managed key", () => {
    expect(group()).toMatchObject({ at_rest_encryption_enabled: "true", kms_key_id: config.kmsKeyArn });
  });

  test("control 32: clients speak TLS, and nothing else is taken", () => {
    expect(group()).toMatchObject({ transit_encryption_enabled: true, transit_encryption_mode: "required" });
  });

  test("TLS can be left out, together with users", () => {
    const open = synth({ tls: false, authentication: "none" });
    expect(open.one(GROUP)["transit_encryption_enabled"]).toBe(false);
    expect(open.one(GROUP)).not.toHaveProperty("transit_encryption_mode");
    expect(open.one(GROUP)).not.toHaveProperty("user_group_ids");
    expect(open.given).toMatchObject({ tls: false, authentication: "none", user: "none", secret: "none" });
    expect(open.statements).toEqual([]);
  });

  test("control 32: snapshots are kept for 7 days, and a last one under a name of its own", () => {
    expect(group()).toMatchObject({
      snapshot_retention_limit: 7,
      snapshot_window: "03:00-04:00",
      final_snapshot_identifier: expect.stringMatching(
        /^acme-test-sessions-final-\$\{substr\(terraform_data\..+\.id, 0, 8\)\}$/,
      ),
    });
    expect(group({ skipFinalSnapshot: true })).not.toHaveProperty("final_snapshot_identifier");
  });

  test("begins with a snapshot where one is named", () => {
    expect(group({ snapshotName: "before" })["snapshot_name"]).toBe("before");
    expect(group()).not.toHaveProperty("snapshot_name");
  });

  test.each([true, false])(
    "control 2: prevent_destroy follows deletionProtection %s",
    (deletionProtection) => {
      expect(group({ deletionProtection })["lifecycle"]).toEqual({ prevent_destroy: deletionProtection });
    },
  );

  test("is kept up to date in the maintenance window, in which changes are made", () => {
    expect(group()).toMatchObject({
      maintenance_window: "sun:04:30-sun:05:30",
      auto_minor_version_upgrade: "true",
      apply_immediately: false,
    });
  });

  test("gives its addresses", () => {
    expect(synth().given).toMatchObject({
      endpoint: reference(GROUP, "primary_endpoint_address"),
      port: reference(GROUP, "port"),
      reader: reference(GROUP, "reader_endpoint_address"),
      readerPort: reference(GROUP, "port"),
      tls: true,
      clusterMode: false,
      name: reference(GROUP, "replication_group_id"),
    });
  });
});

describe("cluster mode", () => {
  test("control 32: each of three primaries has a replica in another zone", () => {
    const cluster = group(CLUSTER);
    expect(cluster).toMatchObject({
      num_node_groups: 3,
      replicas_per_node_group: 1,
      automatic_failover_enabled: true,
      multi_az_enabled: true,
    });
    expect(cluster).not.toHaveProperty("num_cache_clusters");
  });

  test("wants failover, even without replicas", () => {
    expect(group({ ...CLUSTER, multiAz: false, replicas: 0 })["automatic_failover_enabled"]).toBe(true);
  });

  test("gives the address that tells clients of the nodes", () => {
    expect(synth(CLUSTER).given).toMatchObject({
      endpoint: reference(GROUP, "configuration_endpoint_address"),
      reader: "none",
      clusterMode: true,
    });
  });
});

describe("serverless", () => {
  const cache = (changes: Partial<ElasticacheConfig> = {}) =>
    synth({ ...SERVERLESS, ...changes }).one("aws_elasticache_serverless_cache");

  test("is used within its limits", () => {
    expect(cache()).toMatchObject({
      name: "acme-test-sessions",
      engine: "valkey",
      major_engine_version: "8",
      cache_usage_limits: [
        { data_storage: [{ maximum: 10, unit: "GB" }], ecpu_per_second: [{ maximum: 5000 }] },
      ],
    });
    expect(cache({ minimumGigabytes: 2, minimumUnitsPerSecond: 1000 })["cache_usage_limits"]).toEqual([
      {
        data_storage: [{ minimum: 2, maximum: 10, unit: "GB" }],
        ecpu_per_second: [{ minimum: 1000, maximum: 5000 }],
      },
    ]);
  });

  test("control 24: data is encrypted with the customer-managed key", () => {
    expect(cache()["kms_key_id"]).toBe(config.kmsKeyArn);
  });

  test("control 32: it lets in the users of its group, and snapshots are kept for 7 days", () => {
    expect(cache()).toMatchObject({
      user_group_id: reference("aws_elasticache_user_group", "user_group_id"),
      snapshot_retention_limit: 7,
      daily_snapshot_time: "03:00",
    });
  });

  test("control 33: the subnets are of two zones", () => {
    expect(cache()["subnet_ids"]).toEqual(["subnet-a", "subnet-b"]);
  });

  test("begins with a snapshot where one is named", () => {
    const snapshotName = "arn:aws:elasticache:eu-west-1:111111111111:serverlesscachesnapshot:before";
    expect(cache({ snapshotName })["snapshot_arns_to_restore"]).toEqual([snapshotName]);
  });

  test("control 2: prevent_destroy follows deletionProtection", () => {
    expect(cache()["lifecycle"]).toEqual({ prevent_destroy: true });
  });

  test("gives its addresses, the one for reads with a port of its own", () => {
    expect(synth(SERVERLESS).given).toMatchObject({
      endpoint: reference("aws_elasticache_serverless_cache", "endpoint[0].address"),
      port: reference("aws_elasticache_serverless_cache", "endpoint[0].port"),
      reader: reference("aws_elasticache_serverless_cache", "reader_endpoint[0].address"),
      readerPort: reference("aws_elasticache_serverless_cache", "reader_endpoint[0].port"),
      clusterMode: true,
    });
  });

  test("of Memcached lets in whoever reaches it", () => {
    const memcached = synth({ ...SERVERLESS, engine: "memcached", engineVersion: "1.6" });
    expect(memcached.one("aws_elasticache_serverless_cache")).not.toHaveProperty("user_group_id");
    expect(memcached.given).toMatchObject({ clusterMode: false, authentication: "none" });
  });
});

describe("Memcached", () => {
  const cluster = (changes: Partial<ElasticacheConfig> = {}) =>
    synth({ ...MEMCACHED, ...changes }).one("aws_elasticache_cluster");

  test("control 33: its nodes are spread over the zones", () => {
    expect(cluster({ nodes: 3 })).toMatchObject({
      cluster_id: "acme-test-sessions",
      engine: "memcached",
      num_cache_nodes: 3,
      az_mode: "cross-az",
      preferred_availability_zones: ["eu-west-1a", "eu-west-1b", "eu-west-1a"],
    });
  });

  test("one node is in one zone", () => {
    expect(cluster({ nodes: 1, multiAz: false })).toMatchObject({
      az_mode: "single-az",
      preferred_availability_zones: ["eu-west-1a"],
    });
  });

  test("control 32: clients speak TLS", () => {
    expect(cluster()["transit_encryption_enabled"]).toBe(true);
  });

  test("has parameters of its own version, and none of Valkey's", () => {
    expect(
      synth({ ...MEMCACHED, parameters: { max_item_size: "2097152" } }).one(
        "aws_elasticache_parameter_group",
      ),
    ).toMatchObject({
      family: "memcached1.6",
      parameter: [{ name: "max_item_size", value: "2097152" }],
    });
  });

  test("gives the address that tells clients of the nodes", () => {
    expect(synth(MEMCACHED).given).toMatchObject({
      endpoint: reference("aws_elasticache_cluster", "cluster_address"),
      port: reference("aws_elasticache_cluster", "port"),
      user: "none",
      authentication: "none",
    });
  });
});

describe("parameters", () => {
  const parameters = (changes: Partial<ElasticacheConfig> = {}) =>
    synth(changes).one("aws_elasticache_parameter_group");
  const values = (changes: Partial<ElasticacheConfig> = {}) =>
    Object.fromEntries(
      parameters(changes)["parameter"].map(({ name, value }: { name: string; value: string }) => [
        name,
        value,
      ]),
    );

  test.each([
    { engine: "valkey", engineVersion: "7.2", family: "valkey7" },
    { engine: "valkey", engineVersion: "8.1", family: "valkey8" },
    { engine: "redis", engineVersion: "7.1", family: "redis7" },
  ] as const)("of $engine $engineVersion are of the family $family", ({ family, ...changes }) => {
    expect(parameters(changes)).toMatchObject({
      family,
      name: `acme-test-sessions-${family}`,
      lifecycle: { create_before_destroy: true },
    });
  });

  test("throw out what has a TTL, the least used first, and log what is slow", () => {
    expect(values()).toEqual({ "maxmemory-policy": "volatile-lru", "slowlog-log-slower-than": "10000" });
  });

  test("follow the configuration", () => {
    expect(
      values({ evictionPolicy: "allkeys-lfu", slowCommandMicroseconds: 500, parameters: { timeout: "300" } }),
    ).toEqual({ "maxmemory-policy": "allkeys-lfu", "slowlog-log-slower-than": "500", timeout: "300" });
  });

  test("turn on cluster mode", () => {
    expect(values(CLUSTER)["cluster-enabled"]).toBe("yes");
  });
});

describe("security groups", () => {
  const SERVER = expect.stringMatching(/^\$\{aws_security_group\.cache_security-groups_server_/);
  const CLIENTS = expect.stringMatching(/^\$\{aws_security_group\.cache_security-groups_clients_/);
  const rule = ({ description: _, ...rest }: Resource) => rest;

  test.each([
    { kind: "nodes", changes: {}, ports: [6379] },
    { kind: "a serverless cache", changes: SERVERLESS, ports: [6379, 6380] },
    { kind: "Memcached", changes: MEMCACHED, ports: [11_211] },
  ])("control 37: only clients reach $kind, on $ports, and it reaches nothing", ({ changes, ports }) => {
    const result = synth(changes);
    const traffic = (port: number) => ({ ip_protocol: "tcp", from_port: port, to_port: port });
    expect(result.all("aws_vpc_security_group_ingress_rule").map(rule)).toEqual(
      ports.map((port) => ({
        ...traffic(port),
        security_group_id: SERVER,
        referenced_security_group_id: CLIENTS,
      })),
    );
    expect(result.all("aws_vpc_security_group_egress_rule").map(rule)).toEqual(
      ports.map((port) => ({
        ...traffic(port),
        security_group_id: CLIENTS,
        referenced_security_group_id: SERVER,
      })),
    );
  });

  test("control 37: no address range is open", () => {
    expect(JSON.stringify(synth().json)).not.toContain("0.0.0.0/0");
  });

  test("the cache is in its own group, not its clients'", () => {
    expect(group()["security_group_ids"]).toEqual([SERVER]);
  });
});

describe("logs", () => {
  test("control 27: slow and engine log have a retention and are encrypted", () => {
    expect(synth().all("aws_cloudwatch_log_group")).toEqual(
      ["engine-log", "slow-log"].map((log) => ({
        name: `/aws/elasticache/acme-test-sessions/${log}`,
        retention_in_days: 90,
        kms_key_id: config.logKmsKeyArn,
      })),
    );
  });

  test("are delivered there", () => {
    expect(group()["log_delivery_configuration"]).toEqual(
      ["slow-log", "engine-log"].map((log) => ({
        log_type: log,
        log_format: "json",
        destination_type: "cloudwatch-logs",
        destination: expect.stringMatching(
          new RegExp(`^\\$\\{aws_cloudwatch_log_group\\.cache_${log}_[0-9A-F]+\\.name\\}$`),
        ),
      })),
    );
  });
});

test("Redis is a cache like Valkey", () => {
  expect(group(REDIS)).toMatchObject({ engine: "redis", engine_version: "7.1" });
});

test.each(["replicas", "shards"])("%s must be known before the deployment", (field) => {
  const unknown = Token.asNumber(Fn.lookup({ value: 99 }, "value"));
  expect(() => synth({ ...CLUSTER, [field]: unknown })).toThrow(
    new Error(`${field} must be known before the deployment, as others are computed from it`),
  );
});

test("values known only at deployment are not checked", () => {
  const unknown = Fn.lookup({ value: 99 }, "value");
  const result = synth({
    alarmConnections: Token.asNumber(unknown),
    nodeType: Token.asString(unknown),
    subnetIds: Token.asList(unknown),
  });
  expect(result.one(GROUP)["node_type"]).toMatch(/^\$\{.+\.value\}$/);
});
