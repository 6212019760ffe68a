import type { RdsConfig } from ".";
import { AURORA, synth } from "./fixture";

const MYSQL = { engine: "mysql", engineVersion: "8.4" } as const;
const SERVERLESS = {
  ...AURORA,
  instanceClass: "db.serverless",
  minimumCapacityUnits: 0.5,
  maximumCapacityUnits: 4,
} as const;

const cases: readonly { name: string; changes: Partial<RdsConfig>; message: string }[] = [
  {
    name: "a name in capitals",
    changes: { name: "Orders" },
    message: 'name must be of lower-case letters, digits and hyphens, a letter first, got "Orders"',
  },
  {
    name: "a database with a hyphen",
    changes: { databaseName: "my-orders" },
    message:
      'databaseName must be a letter, then at most 62 letters, digits and underscores, got "my-orders"',
  },
  {
    name: "an administrator whose name MySQL cannot hold",
    changes: { masterUsername: "a-very-long-administrator" },
    message:
      'masterUsername must be a letter, then at most 15 letters, digits and underscores, got "a-very-long-administrator"',
  },
  {
    name: "an administrator with a name of PostgreSQL's own",
    changes: { masterUsername: "admin" },
    message: 'masterUsername must not be "admin", which postgres keeps for itself',
  },
  {
    name: "a class of another service",
    changes: { instanceClass: "cache.t4g.small" },
    message: 'instanceClass must be a class of RDS such as db.r7g.large, got "cache.t4g.small"',
  },
  {
    name: "a version of another engine",
    changes: { engineVersion: "8.4" },
    message: 'engineVersion must be a version of postgres such as 16 or 16.8, got "8.4"',
  },
  {
    name: "a version of PostgreSQL with Aurora MySQL",
    changes: { engine: "aurora-mysql", engineVersion: "16.8" },
    message:
      'engineVersion must be a version of aurora-mysql such as 8.0 or 8.0.mysql_aurora.3.08.2, got "16.8"',
  },
  {
    name: "a MariaDB without IAM authentication",
    changes: { engine: "mariadb", engineVersion: "10.5" },
    message: 'engineVersion must be a version of mariadb such as 11.4 or 11.4.5, got "10.5"',
  },
  {
    name: "a minor version that AWS would go beyond",
    changes: { engineVersion: "16.8" },
    message: 'engineVersion must be a major version when autoMinorVersionUpgrade is true, got "16.8"',
  },
  {
    name: "two zones from one",
    changes: { availabilityZones: ["eu-west-1a"], subnetIds: ["subnet-a"] },
    message: "availabilityZones must hold at least 2 zones when multiAz is true, got 1",
  },
  {
    name: "one zone named twice",
    changes: { availabilityZones: ["eu-west-1a", "eu-west-1a"] },
    message: "availabilityZones must hold at least 2 zones when multiAz is true, got 1",
  },
  {
    name: "one zone without multiAz",
    changes: { availabilityZones: ["eu-west-1a"], subnetIds: ["subnet-a"], multiAz: false },
    message:
      "availabilityZones must hold at least 2 zones for the subnet group, even when multiAz is false, got 1",
  },
  {
    name: "a zone without a subnet",
    changes: { subnetIds: ["subnet-a"] },
    message: "subnetIds must hold one subnet for each of the 2 availabilityZones, got 1",
  },
  {
    name: "too many replicas",
    changes: { ...AURORA, replicas: 16 },
    message: "replicas must be a whole number from 0 to 15, got 16",
  },
  {
    name: "Aurora with nothing that takes over",
    changes: { ...AURORA, replicas: 0 },
    message:
      "replicas must be at least 1 with aurora-postgresql when multiAz is true, as a replica takes over, got 0",
  },
  {
    name: "a replica outside Aurora",
    changes: { replicas: 1 },
    message:
      "replicas must be 0 with postgres: RDS makes none of an instance whose password it keeps, and Aurora does, got 1",
  },
  {
    name: "an instance without storage",
    changes: { allocatedGigabytes: undefined } as unknown as Partial<RdsConfig>,
    message: "allocatedGigabytes must be set with postgres, got undefined",
  },
  {
    name: "storage below gp3's least",
    changes: { allocatedGigabytes: 10 },
    message: "allocatedGigabytes must be a whole number from 20 to 65536, got 10",
  },
  {
    name: "storage that cannot grow",
    changes: { maximumGigabytes: 100 },
    message: "maximumGigabytes must be a whole number from 111 to 65536, got 100",
  },
  {
    name: "storage of Aurora",
    changes: { ...AURORA, maximumGigabytes: 100 },
    message:
      "maximumGigabytes must be left out with aurora-postgresql, whose storage takes what it needs, got 100",
  },
  {
    name: "a small volume that is fast",
    changes: { storageIops: 12_000 },
    message: "storageIops must be left out below 400 allocatedGigabytes, got 12000 with 100",
  },
  {
    name: "a fast volume below gp3's own speed",
    changes: { allocatedGigabytes: 400, storageIops: 3000 },
    message: "storageIops must be a whole number from 12000 to 64000, got 3000",
  },
  {
    name: "too much throughput",
    changes: { allocatedGigabytes: 400, storageThroughputMegabytes: 5000 },
    message: "storageThroughputMegabytes must be a whole number from 500 to 4000, got 5000",
  },
  {
    name: "Aurora's storage for an instance",
    changes: { ioOptimized: true },
    message: "ioOptimized must be left out with postgres, as it is Aurora's, got true",
  },
  {
    name: "an instance without a class",
    changes: { instanceClass: "db.serverless" },
    message: 'instanceClass must not be "db.serverless" with postgres, as it is Aurora\'s',
  },
  {
    name: "Serverless v2 without limits",
    changes: { ...AURORA, instanceClass: "db.serverless", minimumCapacityUnits: 1 },
    message:
      'minimumCapacityUnits and maximumCapacityUnits must be set with "db.serverless", got 1 and undefined',
  },
  {
    name: "limits of a class that has a size",
    changes: { ...AURORA, maximumCapacityUnits: 4 },
    message:
      'maximumCapacityUnits must be left out with instanceClass "db.r7g.large", as it is db.serverless\'s, got 4',
  },
  {
    name: "a third of a unit",
    changes: { ...SERVERLESS, minimumCapacityUnits: 0.3 },
    message: "minimumCapacityUnits must be in halves from 0 to 256, got 0.3",
  },
  {
    name: "limits the wrong way round",
    changes: { ...SERVERLESS, minimumCapacityUnits: 8 },
    message: "minimumCapacityUnits must not be more than the 4 maximumCapacityUnits, got 8",
  },
  {
    name: "a pause of what never rests",
    changes: { ...SERVERLESS, pauseAfterSeconds: 600 },
    message: "pauseAfterSeconds must be left out unless minimumCapacityUnits is 0, got 600",
  },
  {
    name: "a pause too soon",
    changes: { ...SERVERLESS, minimumCapacityUnits: 0, pauseAfterSeconds: 60 },
    message: "pauseAfterSeconds must be a whole number from 300 to 86400, got 60",
  },
  {
    name: "backups for too long",
    changes: { backupRetentionDays: 36 },
    message: "backupRetentionDays must be a whole number from 0 to 35, got 36",
  },
  {
    name: "Aurora without backups",
    changes: { ...AURORA, backupRetentionDays: 0 },
    message: "backupRetentionDays must be a whole number from 1 to 35, got 0",
  },
  {
    name: "a backup window without minutes",
    changes: { backupWindow: "3-4" },
    message: 'backupWindow must be hh:mm-hh:mm in UTC, got "3-4"',
  },
  {
    name: "a maintenance window without days",
    changes: { maintenanceWindow: "03:00-04:00" },
    message: 'maintenanceWindow must be ddd:hh:mm-ddd:hh:mm in UTC, got "03:00-04:00"',
  },
  {
    name: "two sources",
    changes: { snapshotIdentifier: "before", restoreSourceIdentifier: "orders" },
    message: 'snapshotIdentifier must be left out with restoreSourceIdentifier, got "before"',
  },
  {
    name: "a time without a source",
    changes: { restoreTime: "2030-01-31T12:00:00Z" },
    message: 'restoreTime must be left out without restoreSourceIdentifier, got "2030-01-31T12:00:00Z"',
  },
  {
    name: "a time that is only a day",
    changes: { restoreSourceIdentifier: "orders", restoreTime: "2030-01-31" },
    message: 'restoreTime must be a second in UTC such as 2030-01-31T12:00:00Z, got "2030-01-31"',
  },
  {
    name: "a retention that Performance Insights does not have",
    changes: { performanceInsightsRetentionDays: 30 },
    message: "performanceInsightsRetentionDays must be 0, 7, a multiple of 31 up to 713, or 731, got 30",
  },
  {
    name: "Performance Insights of a class that it does not take",
    changes: { engine: "mysql", engineVersion: "8.4", instanceClass: "db.t4g.small" },
    message:
      "performanceInsightsRetentionDays must be 0 with mysql on db.t4g.small, which Performance Insights does not take, got 7",
  },
  {
    name: "an interval that enhanced monitoring does not have",
    changes: { monitoringIntervalSeconds: 20 },
    message: "monitoringIntervalSeconds must be 0, 1, 5, 10, 15, 30 or 60, got 20",
  },
  {
    name: "a parameter that would let plain connections in",
    changes: { parameters: { "rds.force_ssl": "0" } },
    message: 'parameters must not hold "rds.force_ssl", which this module sets',
  },
  {
    name: "the same of MySQL",
    changes: { ...MYSQL, parameters: { require_secure_transport: "0" } },
    message: 'parameters must not hold "require_secure_transport", which this module sets',
  },
  {
    name: "a port that RDS does not give",
    changes: { port: 443 },
    message: "port must be a whole number from 1150 to 65535, got 443",
  },
  {
    name: "no connections",
    changes: { maximumConnections: 0 },
    message: "maximumConnections must be a whole number from 10 to 16000, got 0",
  },
  {
    name: "a rotation that never comes",
    changes: { masterPasswordRotationDays: 0 },
    message: "masterPasswordRotationDays must be a whole number from 1 to 1000, got 0",
  },
  {
    name: "a proxy without connections",
    changes: { proxyConnectionsPercent: 0 },
    message: "proxyConnectionsPercent must be a whole number from 1 to 100, got 0",
  },
];

test.each(cases)("refused: $name", ({ changes, message }) => {
  expect(() => synth(changes)).toThrow(new Error(message));
});

test("all that is wrong is told at once", () => {
  expect(() => synth({ engineVersion: "8.4", allocatedGigabytes: 10, port: 443 })).toThrow(
    new Error(
      'engineVersion must be a version of postgres such as 16 or 16.8, got "8.4"\n' +
        "allocatedGigabytes must be a whole number from 20 to 65536, got 10\n" +
        "port must be a whole number from 1150 to 65535, got 443",
    ),
  );
});

test.each([
  { engine: "postgres", engineVersion: "16.8" },
  { engine: "postgres", engineVersion: "18" },
  { engine: "mysql", engineVersion: "8.0.42" },
  { engine: "mariadb", engineVersion: "11.4.5" },
  { engine: "aurora-postgresql", engineVersion: "16.8" },
  { engine: "aurora-mysql", engineVersion: "8.0.mysql_aurora.3.08.2" },
] as const)("$engine $engineVersion is taken where AWS does not upgrade it", (changes) => {
  expect(() => synth({ ...changes, autoMinorVersionUpgrade: false })).not.toThrow();
});
