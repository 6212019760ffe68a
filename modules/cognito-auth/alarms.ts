import type { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import type { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client";
import type { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { type CognitoAuthConfig, thingName } from "./config";

/** Metrics of refused requests: https://docs.aws.amazon.com/cognito/latest/developerguide/metrics-for-cognito-user-pools.html */
const THROTTLES = [
  { id: "sign-up", metricName: "SignUpThrottles", what: "sign-ups" },
  { id: "sign-in", metricName: "SignInThrottles", what: "sign-ins" },
  { id: "token-refresh", metricName: "TokenRefreshThrottles", what: "token refreshes" },
];

const FEDERATION_THROTTLES = {
  id: "federation",
  metricName: "FederationThrottles",
  what: "sign-ins by other providers",
};

/** Metrics of threat protection, which counts also when it only watches. */
const RISKS = [
  { id: "takeover", metricName: "AccountTakeoverRisk", what: "look like taken-over accounts" },
  { id: "compromised", metricName: "CompromisedCredentialRisk", what: "use passwords known from breaches" },
];

/** Sign-ins of high risk within five minutes that are an attack rather than a few careless users. */
const RISKY_SIGN_INS = 10;

/** Adds alarms on requests that Cognito refuses for their number, and on attacks that threat protection sees. */
export function addAuthAlarms(
  scope: Construct,
  pool: CognitoUserPool,
  client: CognitoUserPoolClient,
  config: CognitoAuthConfig,
): void {
  const { label, alarmTopicArn, oidcProviders = [], samlProviders = [] } = config;
  const common = { namespace: "AWS/Cognito", statistic: "Sum", topicArn: alarmTopicArn };
  const federated = oidcProviders.length + samlProviders.length > 0;
  for (const { id, metricName, what } of federated ? [...THROTTLES, FEDERATION_THROTTLES] : THROTTLES) {
    new Alarm(scope, `${id}-throttles-alarm`, {
      ...common,
      name: label.name(thingName(config, `auth-${id}-throttles`), 255),
      description: `Cognito refuses ${what} for their number: look for a flood, else ask for a higher quota.`,
      metricName,
      dimensions: { UserPool: pool.id, UserPoolClient: client.id },
      threshold: 0,
    });
  }
  if (config.threatProtection === "off") return;
  for (const { id, metricName, what } of RISKS) {
    new Alarm(scope, `${id}-alarm`, {
      ...common,
      name: label.name(thingName(config, `auth-${id}`), 255),
      description: `Over ${RISKY_SIGN_INS} sign-ins within five minutes ${what}: look at the users' event history in Cognito.`,
      metricName,
      dimensions: { UserPoolId: pool.id, Operation: "SignIn", RiskLevel: "high" },
      threshold: RISKY_SIGN_INS,
      periodSeconds: 300,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
  }
}
