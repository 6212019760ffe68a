import type { EnvironmentInput } from "./spec";

/** Where every merge is tried: small, cheap, and nothing in it is missed. */
export const dev = {
  project: "acme",
  name: "dev",
  tier: "development",
  account: { id: "111122223333", region: "eu-west-1", apiGatewayLogging: "managed" },
  state: { kind: "s3" },
  owner: "platform",
  deletionProtection: false,
  logRetentionDays: 14,
  keyDeletionDays: 7,
  todo: {
    auth: {
      callbackUrls: ["http://localhost:3000/signed-in", "acme-dev://signed-in"],
      logoutUrls: ["http://localhost:3000/signed-out", "acme-dev://signed-out"],
      groups: [{ name: "admin", description: "May look after other users.", precedence: 1 }],
    },
    api: {
      throttleRatePerSecond: 50,
      throttleBurst: 100,
      reservedConcurrency: 5,
      corsOrigin: "http://localhost:3000",
    },
    table: { pointInTimeRecoveryDays: 7 },
    files: { corsOrigins: ["http://localhost:3000"], noncurrentVersionDays: 7 },
  },
} satisfies EnvironmentInput;
