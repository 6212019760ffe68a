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
} satisfies EnvironmentInput;
