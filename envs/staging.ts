import type { EnvironmentInput } from "./spec";

/** The rehearsal: the parts of production, in small. */
export const staging = {
  project: "acme",
  name: "staging",
  tier: "development",
  account: { id: "444455556666", region: "eu-west-1", apiGatewayLogging: "managed" },
  state: { kind: "s3" },
  owner: "platform",
  ci: { repository: "acme/platform", oidcProvider: "managed" },
  logRetentionDays: 30,
  alarmEmails: ["platform-staging@example.com"],
  assumedTraffic: {
    natGigabytes: 30,
    flowLogGigabytes: 1,
    keyCalls: 50_000,
    todo: {
      activeUsers: 100,
      requests: 200_000,
      uploads: 2_000,
      downloads: 5_000,
      tableGigabytes: 1,
      filesGigabytes: 1,
    },
    microservices: {
      catalogRequests: 100_000,
      ordersRequests: 20_000,
      storefrontRequests: 200_000,
      internalRequests: 200_000,
      sessionRequests: 200_000,
      catalogGigabytes: 1,
      ordersGigabytes: 5,
    },
    downloads: { requests: 50_000, gigabytes: 100 },
  },
  network: { cidr: "10.20.0.0/16", availabilityZones: ["eu-west-1a", "eu-west-1b"], nat: "per-zone" },
  cluster: { instances: { types: ["m7g.medium", "m6g.medium"], minimum: 2, maximum: 4 } },
  todo: {
    auth: {
      threatProtection: "audit",
      callbackUrls: ["https://staging.example.com/signed-in", "acme-staging://signed-in"],
      logoutUrls: ["https://staging.example.com/signed-out", "acme-staging://signed-out"],
      groups: [
        { name: "admin", description: "May look after other users.", precedence: 1 },
        { name: "catalog-admin", description: "May write products.", precedence: 2 },
      ],
    },
    api: {
      throttleRatePerSecond: 200,
      throttleBurst: 400,
      reservedConcurrency: 20,
      corsOrigin: "https://staging.example.com",
      cache: { sizeGigabytes: 0.5, ttlSeconds: 30 },
      firewall: { requestsPerFiveMinutesPerIp: 2000 },
    },
    dax: { nodeType: "dax.t3.small", nodes: 2 },
    files: { corsOrigins: ["https://staging.example.com"] },
  },
  microservices: {
    domain: { name: "staging.example.com", hostedZoneId: "Z0444455556666STAGE" },
    firewall: { requestsPerFiveMinutesPerIp: 2000 },
    catalog: { compute: "fargate", minimumTasks: 2, maximumTasks: 4, spotPercent: 50 },
    orders: {
      compute: "ec2",
      minimumTasks: 2,
      maximumTasks: 4,
      database: {
        engine: "postgres",
        engineVersion: "16",
        instanceClass: "db.t4g.medium",
        multiAz: true,
        allocatedGigabytes: 50,
        maximumConnections: 200,
      },
    },
    storefront: {
      compute: "fargate",
      minimumTasks: 2,
      maximumTasks: 4,
      cache: { nodeType: "cache.t4g.small", nodes: 2 },
    },
    sessions: {
      throttleRatePerSecond: 200,
      throttleBurst: 400,
      reservedConcurrency: 20,
      cache: { nodeType: "cache.t4g.small", nodes: 2 },
    },
  },
  downloads: {
    // The move to S3 is tried here first.
    origin: "alb-then-s3",
    albDomainName: "releases-origin.staging.example.com",
    otherPaths: "refuse",
    domain: {
      name: "downloads.staging.example.com",
      certificateArn: "arn:aws:acm:us-east-1:444455556666:certificate/8f2c1a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b",
      hostedZoneId: "Z0444455556666STAGE",
    },
    firewall: { requestsPerFiveMinutesPerIp: 5000 },
    priceClass: "PriceClass_100",
    corsOrigins: ["https://staging.example.com"],
  },
} satisfies EnvironmentInput;
