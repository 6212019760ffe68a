import type { EnvironmentInput } from "./spec";

/** The laptop: everything that the emulator can run. `scripts/local up` deploys it. docs/local-differences.md says what is left out, and why. */
export const local = {
  project: "acme",
  name: "local",
  tier: "development",
  account: { id: "000000000000", region: "us-east-1", apiGatewayLogging: "existing" },
  state: { kind: "local", path: ".local/state/envs-local.tfstate" },
  owner: "platform",
  deletionProtection: false,
  logRetentionDays: 1,
  keyDeletionDays: 7,
  s3UsePathStyle: true,
  network: { cidr: "10.40.0.0/16", availabilityZones: ["us-east-1a", "us-east-1b"], nat: "single" },
  cluster: { instances: { types: ["t4g.small"], minimum: 1, maximum: 2 }, emulated: true },
  todo: {
    auth: {
      callbackUrls: ["http://localhost:3000/signed-in", "acme://signed-in"],
      logoutUrls: ["http://localhost:3000/signed-out", "acme://signed-out"],
      groups: [{ name: "admin", description: "May look after other users.", precedence: 1 }],
      customAttributes: [{ name: "locale_hint", type: "String" }],
    },
    api: {
      throttleRatePerSecond: 1000,
      throttleBurst: 2000,
      reservedConcurrency: 20,
      corsOrigin: "http://localhost:3000",
    },
    files: { corsOrigins: ["http://localhost:3000"], maxObjectMegabytes: 5 },
  },
  microservices: {
    protocol: "http",
    catalog: { compute: "fargate", minimumTasks: 1, maximumTasks: 1 },
    orders: {
      compute: "ec2",
      minimumTasks: 2,
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
        finalSnapshot: false,
        iamAuthentication: false,
        tls: false,
      },
    },
    storefront: {
      compute: "fargate",
      minimumTasks: 2,
      maximumTasks: 2,
      cache: { nodeType: "cache.t4g.micro", nodes: 1, tls: false },
    },
    sessions: {
      throttleRatePerSecond: 1000,
      throttleBurst: 2000,
      reservedConcurrency: 20,
      cache: { nodeType: "cache.t4g.micro", nodes: 1, tls: false },
    },
  },
  downloads: {
    origin: "alb",
    service: { compute: "fargate", minimumTasks: 1, maximumTasks: 1 },
    albProtocol: "http",
    otherPaths: "pass",
  },
} satisfies EnvironmentInput;
