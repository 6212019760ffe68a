import type { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import type { Label } from "../internal/label";

/** What the alarm on reads past DAX needs. */
export interface FallbackAlarmConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Namespace of the function's metrics. */
  readonly namespace: string;
  /** Name under which the function counts, e.g. `todos-v1`. */
  readonly service: string;
  /** SNS topic. */
  readonly topicArn: string;
}

/** Alarm on reads that DAX did not answer: nobody else notices, as the table answers them. */
export function addFallbackAlarm(scope: Construct, { label, service, ...config }: FallbackAlarmConfig): void {
  new Alarm(scope, "fallback-alarm", {
    ...config,
    name: label.name(`${service}-dax-fallback`, 255),
    description: `DAX fails reads of ${service}; the table answers them, slower and dearer. Look at the cluster's alarms.`,
    metricName: "DaxFallback",
    dimensions: { service },
    statistic: "Sum",
    threshold: 0,
  });
}
