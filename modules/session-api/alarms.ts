import type { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import type { Label } from "../internal/label";

/** What the alarms of the function's own metrics need. */
export interface SessionAlarmsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Name under which the function counts, e.g. `sessions-v1`. */
  readonly service: string;
  /** Tokens used after they were retired, in five minutes, of which more alarm. */
  readonly reusedTokens: number;
  /** SNS topic. */
  readonly topicArn: string;
}

/** Alarms on a cache that does not answer, and on tokens that two parties hold. */
export function addSessionAlarms(scope: Construct, config: SessionAlarmsConfig): void {
  const { label, reusedTokens, service, topicArn } = config;
  const common = { namespace: label.prefix, dimensions: { service }, statistic: "Sum", topicArn };
  new Alarm(scope, "cache-alarm", {
    ...common,
    name: label.name(`${service}-cache-unavailable`, 255),
    description:
      `The cache of ${service} does not answer: nobody can begin or use a session. Look at the cache's alarms, then at the ` +
      "function's log for 'cache attempt failed', which says why.",
    metricName: "CacheUnavailable",
    threshold: 0,
  });
  new Alarm(scope, "reuse-alarm", {
    ...common,
    name: label.name(`${service}-token-reuse`, 255),
    description:
      `Over ${reusedTokens} session tokens of ${service} were used within five minutes after they had been retired; their sessions ` +
      "are revoked. Stolen tokens, or a client that does not keep the new one.",
    metricName: "SessionReuse",
    threshold: reusedTokens,
    periodSeconds: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
  });
}
