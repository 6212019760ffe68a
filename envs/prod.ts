import type { EnvironmentInput } from "./spec";

/** What users use. */
export const prod = {
  project: "acme",
  name: "prod",
  tier: "production",
  account: { id: "777788889999", region: "eu-west-1", apiGatewayLogging: "managed" },
  state: { kind: "s3" },
  owner: "platform",
  ci: { repository: "acme/platform", oidcProvider: "managed" },
  logRetentionDays: 365,
  alarmEmails: ["platform-oncall@example.com"],
  network: {
    cidr: "10.30.0.0/16",
    availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    nat: "per-zone",
  },
  cluster: {
    instances: { types: ["m7g.large", "m6g.large"], minimum: 3, maximum: 9, spotPercent: 50 },
    waitForSteadyState: true,
  },
  observability: { traces: { requestsPerSecond: 1, percent: 5 } },
  todo: {
    auth: {
      threatProtection: "enforced",
      sesIdentityArn: "arn:aws:ses:eu-west-1:777788889999:identity/example.com",
      callbackUrls: ["https://app.example.com/signed-in", "acme://signed-in"],
      logoutUrls: ["https://app.example.com/signed-out", "acme://signed-out"],
      groups: [
        { name: "admin", description: "May look after other users.", precedence: 1 },
        { name: "catalog-admin", description: "May write products.", precedence: 2 },
      ],
    },
    api: {
      versions: { v1: {}, v2: {} },
      throttleRatePerSecond: 1000,
      throttleBurst: 2000,
      reservedConcurrency: 200,
      trafficShift: { kind: "canary", percent: 10, minutes: 10 },
      corsOrigin: "https://app.example.com",
      cache: { sizeGigabytes: 1.6, ttlSeconds: 30 },
      firewall: { requestsPerFiveMinutesPerIp: 2000 },
    },
    dax: { nodeType: "dax.r5.large", nodes: 3 },
    files: {
      corsOrigins: ["https://app.example.com"],
      noncurrentVersionDays: 90,
      trafficShift: { kind: "canary", percent: 10, minutes: 10 },
    },
  },
  microservices: {
    domain: {
      name: "shop.example.com",
      hostedZoneId: "Z0777788889999PROD",
      certificateArn: "arn:aws:acm:eu-west-1:777788889999:certificate/7d8e9f0a-1b2c-4d3e-8f4a-5b6c7d8e9f0a",
    },
    firewall: { requestsPerFiveMinutesPerIp: 2000 },
    catalog: {
      compute: "fargate",
      minimumTasks: 3,
      maximumTasks: 12,
      spotPercent: 50,
      targetRequestsPerMinute: 6000,
      privateLink: { allowedPrincipals: ["arn:aws:iam::222233334444:root"] },
    },
    orders: {
      compute: "ec2",
      minimumTasks: 3,
      maximumTasks: 12,
      database: {
        engine: "aurora-postgresql",
        engineVersion: "16",
        instanceClass: "db.r7g.large",
        multiAz: true,
        maximumConnections: 1000,
        backupRetentionDays: 35,
      },
    },
    storefront: {
      compute: "fargate",
      minimumTasks: 3,
      maximumTasks: 12,
      cache: { nodeType: "cache.m7g.large", nodes: 2 },
    },
    sessions: {
      throttleRatePerSecond: 1000,
      throttleBurst: 2000,
      reservedConcurrency: 100,
      trafficShift: { kind: "canary", percent: 10, minutes: 10 },
      cache: { nodeType: "cache.r7g.large", nodes: 3 },
    },
    events: {
      relay: { compute: "fargate", minimumTasks: 2, maximumTasks: 2 },
      stream: { shards: 4 },
      archiveDays: 3650,
      history: { reservedConcurrency: 50 },
      catalogImport: {},
    },
  },
  downloads: {
    origin: "alb",
    albDomainName: "releases-origin.example.com",
    otherPaths: "pass",
    domain: {
      name: "downloads.example.com",
      certificateArn: "arn:aws:acm:us-east-1:777788889999:certificate/1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d",
      hostedZoneId: "Z0777788889999PROD",
    },
    firewall: { requestsPerFiveMinutesPerIp: 5000 },
    corsOrigins: ["https://www.example.com"],
    accessLogRetentionDays: 90,
  },
} satisfies EnvironmentInput;
