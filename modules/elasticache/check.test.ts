import type { ElasticacheConfig } from ".";
import { CLUSTER, MEMCACHED, REDIS, SERVERLESS, synth } from "./fixture";

const cases: readonly { name: string; changes: Partial<ElasticacheConfig>; message: string }[] = [
  {
    name: "a name in capitals",
    changes: { name: "Sessions" },
    message: 'name must be of lower-case letters, digits and hyphens, a letter first, got "Sessions"',
  },
  {
    name: "Valkey as Memcached",
    changes: { mode: "memcached" },
    message: 'mode must be one of replication, cluster, serverless with valkey, got "memcached"',
  },
  {
    name: "Memcached with replicas",
    changes: { ...MEMCACHED, mode: "replication" },
    message: 'mode must be one of memcached, serverless with memcached, got "replication"',
  },
  {
    name: "a version of Redis with Valkey",
    changes: { engineVersion: "6.2" },
    message: 'engineVersion must be a version of valkey with replication such as 8.1, got "6.2"',
  },
  {
    name: "a Redis to which nobody can sign in by IAM",
    changes: { ...REDIS, engineVersion: "6.2" },
    message: 'engineVersion must be a version of redis with replication such as 7.1, got "6.2"',
  },
  {
    name: "a Memcached without TLS",
    changes: { ...MEMCACHED, engineVersion: "1.6.6" },
    message: 'engineVersion must be a version of memcached with memcached such as 1.6.22, got "1.6.6"',
  },
  {
    name: "a minor version of a serverless cache",
    changes: { ...SERVERLESS, engineVersion: "8.1" },
    message: 'engineVersion must be a version of valkey with serverless such as 8, got "8.1"',
  },
  {
    name: "nodes of a serverless cache",
    changes: { ...SERVERLESS, nodeType: "cache.r7g.large" },
    message: 'nodeType must be left out with mode "serverless", got "cache.r7g.large"',
  },
  {
    name: "limits of nodes",
    changes: { maximumGigabytes: 10 },
    message: 'maximumGigabytes must be left out with mode "replication", got 10',
  },
  {
    name: "shards of one primary",
    changes: { shards: 2 },
    message: 'shards must be left out with mode "replication", got 2',
  },
  {
    name: "replicas of Memcached",
    changes: { ...MEMCACHED, replicas: 1 },
    message: 'replicas must be left out with mode "memcached", got 1',
  },
  {
    name: "snapshots of Memcached",
    changes: { ...MEMCACHED, snapshotRetentionDays: 7 },
    message: 'snapshotRetentionDays must be left out with mode "memcached", got 7',
  },
  {
    name: "names of passwords that nobody has",
    changes: { passwordNames: ["1"] },
    message: 'passwordNames must be left out unless authentication is "password", got ["1"]',
  },
  {
    name: "one zone",
    changes: { availabilityZones: ["eu-west-1a"], subnetIds: ["subnet-a"] },
    message: "availabilityZones must hold at least 2 zones, got 1",
  },
  {
    name: "a zone without a subnet",
    changes: { subnetIds: ["subnet-a"] },
    message: "subnetIds must hold one subnet for each of the 2 availabilityZones, got 1",
  },
  {
    name: "nodes without a type",
    changes: { nodeType: undefined } as unknown as Partial<ElasticacheConfig>,
    message: 'nodeType must be set with mode "replication", got undefined',
  },
  {
    name: "a type of another service",
    changes: { nodeType: "db.r7g.large" },
    message: 'nodeType must be a type of ElastiCache such as cache.r7g.large, got "db.r7g.large"',
  },
  {
    name: "nothing that takes over",
    changes: { replicas: 0 },
    message: "replicas must be at least 1 when multiAz is true, as a replica takes over, got 0",
  },
  {
    name: "too many replicas",
    changes: { replicas: 6 },
    message: "replicas must be a whole number from 0 to 5, got 6",
  },
  {
    name: "no shards",
    changes: { ...CLUSTER, shards: 0 },
    message: "shards must be a whole number from 1 to 90, got 0",
  },
  {
    name: "two zones from one node",
    changes: { ...MEMCACHED, nodes: 1 },
    message: "nodes must be at least 2 when multiAz is true, got 1",
  },
  {
    name: "a serverless cache in one zone",
    changes: { ...SERVERLESS, multiAz: false },
    message: 'multiAz must be true with mode "serverless", which is in every zone, got false',
  },
  {
    name: "a serverless cache without a limit",
    changes: { mode: "serverless", engineVersion: "8", maximumGigabytes: 10 },
    message: 'maximumUnitsPerSecond must be set with mode "serverless", got undefined',
  },
  {
    name: "limits the wrong way round",
    changes: { ...SERVERLESS, minimumGigabytes: 20 },
    message: "minimumGigabytes must be a whole number from 1 to 10, got 20",
  },
  {
    name: "users without TLS",
    changes: { tls: false },
    message:
      'authentication must be "none" when tls is false, as ElastiCache takes users by TLS alone, got "iam"',
  },
  {
    name: "a serverless cache without TLS",
    changes: { ...SERVERLESS, tls: false, authentication: "none" },
    message: 'tls must be true with mode "serverless", which speaks nothing else, got false',
  },
  {
    name: "users of Memcached",
    changes: { ...MEMCACHED, authentication: "iam" },
    message: 'authentication must be "none" with memcached, which knows no users here, got "iam"',
  },
  {
    name: "three passwords",
    changes: { authentication: "password", passwordNames: ["3", "2", "1"] },
    message: "passwordNames must name 1 or 2 passwords, got 3",
  },
  {
    name: "a password named twice",
    changes: { authentication: "password", passwordNames: ["1", "1"] },
    message: 'passwordNames[1]: "1" comes twice; remove one',
  },
  {
    name: "a password with a hyphen",
    changes: { authentication: "password", passwordNames: ["a-1"] },
    message: 'passwordNames[0] must be 1 to 24 lower-case letters and digits, got "a-1"',
  },
  {
    name: "snapshots for too long",
    changes: { snapshotRetentionDays: 36 },
    message: "snapshotRetentionDays must be a whole number from 0 to 35, got 36",
  },
  {
    name: "a snapshot window without minutes",
    changes: { snapshotWindow: "3-4" },
    message: 'snapshotWindow must be hh:mm-hh:mm in UTC, got "3-4"',
  },
  {
    name: "a maintenance window without days",
    changes: { maintenanceWindow: "03:00-04:00" },
    message: 'maintenanceWindow must be ddd:hh:mm-ddd:hh:mm in UTC, got "03:00-04:00"',
  },
  {
    name: "a parameter that the configuration has a field for",
    changes: { parameters: { "maxmemory-policy": "noeviction" } },
    message: 'parameters must not hold "maxmemory-policy", which this module sets',
  },
  {
    name: "cluster mode by a parameter",
    changes: { parameters: { "cluster-enabled": "yes" } },
    message: 'parameters must not hold "cluster-enabled", which this module sets',
  },
  {
    name: "more connections than a node takes",
    changes: { alarmConnections: 70_000 },
    message: "alarmConnections must be a whole number from 1 to 65000, got 70000",
  },
];

test.each(cases)("refused: $name", ({ changes, message }) => {
  expect(() => synth(changes)).toThrow(new Error(message));
});

test("all that is wrong is told at once", () => {
  expect(() => synth({ engineVersion: "6.2", replicas: 6, tls: false })).toThrow(
    new Error(
      'engineVersion must be a version of valkey with replication such as 8.1, got "6.2"\n' +
        "replicas must be a whole number from 0 to 5, got 6\n" +
        'authentication must be "none" when tls is false, as ElastiCache takes users by TLS alone, got "iam"',
    ),
  );
});
