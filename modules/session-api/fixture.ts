import { TerraformOutput } from "cdktf";
import { loadContract } from "../internal/rest-api";
import { type Synthesised, synthesise, testArtifact, testLabel } from "../internal/synth-test";
import { SessionApi, type SessionApiConfig } from ".";

/** Folder of the project. */
const ROOT = `${__dirname}/../..`;

/** Key of the data. */
export const DATA_KEY = "arn:aws:kms:eu-west-1:111111111111:key/data";
/** Key of the logs. */
export const LOG_KEY = "arn:aws:kms:eu-west-1:111111111111:key/telemetry";
/** Topic of the alarms. */
export const TOPIC = "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms";
/** User pool before the API. */
export const POOL = "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_pool";
/** The cache. */
export const CACHE = "arn:aws:elasticache:eu-west-1:111111111111:replicationgroup:acme-test-sessions";

/** Contract of the API. */
export const contract = loadContract(ROOT, "sessions", "v1");

/** The function's artifact, with the environment variables of functions/sessions. */
export const artifact = testArtifact("sessions", {
  required: [
    "CACHE_HOST",
    "CACHE_PORT",
    "CACHE_TLS",
    "CACHE_AUTHENTICATION",
    "SESSION_IDLE_MINUTES",
    "SESSION_MAXIMUM_HOURS",
    "SESSION_REFRESH_GRACE_SECONDS",
    "SESSIONS_PER_PRINCIPAL",
    "RATE_LIMIT_PER_MINUTE",
    "RATE_LIMIT_BURST",
  ],
  optional: [
    "CACHE_SERVERLESS",
    "CACHE_NAME",
    "CACHE_USER",
    "CACHE_SECRET_ARN",
    "CORS_ORIGIN",
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
  ],
});

/** Synthesises versions of the API, changed as each test needs. The output `check` holds the statements of each. */
export function synthesiseSessions(...apis: Partial<SessionApiConfig>[]): Synthesised {
  return synthesise((stack) => {
    const made = (apis.length > 0 ? apis : [{}]).map(
      (api, index) =>
        new SessionApi(stack, `api-${index}`, {
          label: testLabel,
          contract,
          artifact,
          artifactBucket: "artifacts",
          userPoolArn: POOL,
          throttleRatePerSecond: 100,
          throttleBurst: 200,
          reservedConcurrency: 10,
          cacheHost: "master.acme-test-sessions.abc.euw1.cache.amazonaws.com",
          cachePort: 6379,
          cacheName: "acme-test-sessions",
          cacheUser: "acme-test-sessions",
          cacheStatements: [{ sid: "ConnectToCache", actions: ["elasticache:Connect"], resources: [CACHE] }],
          vpcSubnetIds: ["subnet-1", "subnet-2"],
          vpcSecurityGroupIds: ["sg-cache-clients"],
          kmsKeyArn: DATA_KEY,
          logKmsKeyArn: LOG_KEY,
          logRetentionDays: 90,
          alarmTopicArn: TOPIC,
          ...api,
        }),
    );
    new TerraformOutput(stack, "check", {
      value: JSON.stringify(made.map((api) => api.checkStatements())),
    });
  });
}
