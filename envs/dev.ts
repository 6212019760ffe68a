import type { EnvironmentInput } from "./spec";

/** Where every merge is tried: small, cheap, and nothing in it is missed. */
export const dev = {
  project: "acme",
  name: "dev",
  tier: "development",
  account: { id: "111122223333", region: "eu-west-1", apiGatewayLogging: "managed" },
  state: { kind: "s3" },
  owner: "platform",
  ci: { repository: "acme/platform", oidcProvider: "managed" },
  deletionProtection: false,
  logRetentionDays: 14,
  keyDeletionDays: 7,
  assumedTraffic: {
    natGigabytes: 20,
    flowLogGigabytes: 0.5,
    keyCalls: 20_000,
    todo: {
      activeUsers: 20,
      requests: 20_000,
      uploads: 200,
      downloads: 500,
      tableGigabytes: 0.1,
      filesGigabytes: 0.1,
    },
    microservices: {
      catalogRequests: 20_000,
      ordersRequests: 5_000,
      storefrontRequests: 20_000,
      internalRequests: 20_000,
      sessionRequests: 20_000,
      catalogGigabytes: 0.1,
      ordersGigabytes: 0.1,
    },
  },
  network: {
    cidr: "10.10.0.0/16",
    availabilityZones: ["eu-west-1a", "eu-west-1b"],
    nat: "single",
  },
  cluster: {
    instances: { types: ["t4g.small"], minimum: 1, maximum: 2, spotPercent: 100 },
    containerInsights: "enabled",
  },
  todo: {
    auth: {
      callbackUrls: ["http://localhost:3000/signed-in", "acme-dev://signed-in"],
      logoutUrls: ["http://localhost:3000/signed-out", "acme-dev://signed-out"],
      groups: [
        { name: "admin", description: "May look after other users.", precedence: 1 },
        { name: "catalog-admin", description: "May write products.", precedence: 2 },
      ],
    },
    api: {
      versions: { v1: {}, v2: {} },
      throttleRatePerSecond: 50,
      throttleBurst: 100,
      reservedConcurrency: 5,
      corsOrigin: "http://localhost:3000",
    },
    table: { pointInTimeRecoveryDays: 7 },
    files: { corsOrigins: ["http://localhost:3000"], noncurrentVersionDays: 7 },
  },
  microservices: {
    domain: { name: "dev.example.com", hostedZoneId: "Z0111122223333DEV" },
    catalog: {
      compute: "fargate",
      minimumTasks: 1,
      maximumTasks: 2,
      spotPercent: 100,
      pointInTimeRecoveryDays: 7,
    },
    orders: {
      compute: "ec2",
      minimumTasks: 1,
      maximumTasks: 2,
      database: {
        engine: "postgres",
        engineVersion: "16",
        instanceClass: "db.t4g.micro",
        multiAz: false,
        allocatedGigabytes: 20,
        connectionsPerTask: 5,
        maximumConnections: 50,
        backupRetentionDays: 1,
      },
    },
    storefront: {
      compute: "fargate",
      minimumTasks: 1,
      maximumTasks: 2,
      spotPercent: 100,
      executeCommand: true,
      cache: { nodeType: "cache.t4g.micro", nodes: 1 },
    },
    sessions: {
      throttleRatePerSecond: 50,
      throttleBurst: 100,
      reservedConcurrency: 5,
      cache: { nodeType: "cache.t4g.micro", nodes: 1 },
    },
  },
} satisfies EnvironmentInput;
