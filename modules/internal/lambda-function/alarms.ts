import type { Construct } from "constructs";
import { Alarm } from "../alarm";
import type { Label } from "../label";

/** What the alarms of one function need. */
export interface FunctionAlarmsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Name of the deployed function. */
  readonly functionName: string;
  /** Short name of the function, e.g. `todos`. */
  readonly name: string;
  /** Milliseconds that the slowest hundredth of invocations may take. */
  readonly p99Milliseconds: number;
  /** Seconds that an asynchronous event may wait. @default none: the function is invoked synchronously alone */
  readonly maxEventAgeSeconds?: number;
  /** SNS topic. */
  readonly topicArn: string;
}

/**
 * Alarms on errors, throttles and latency of one function, and on the age of what waits for it.
 *
 * @returns names of those that a new version can set off: all but the last, which tells of what waits for old and new alike
 */
export function addFunctionAlarms(scope: Construct, config: FunctionAlarmsConfig): string[] {
  const { label, name } = config;
  const common = {
    namespace: "AWS/Lambda",
    dimensions: { FunctionName: config.functionName },
    topicArn: config.topicArn,
  };
  const errors = new Alarm(scope, "errors-alarm", {
    ...common,
    name: label.name(`${name}-errors`, 255),
    description: `Function ${name} fails: read its log group, filter on level ERROR.`,
    metricName: "Errors",
    statistic: "Sum",
    threshold: 0,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  });
  const throttles = new Alarm(scope, "throttles-alarm", {
    ...common,
    name: label.name(`${name}-throttles`, 255),
    description: `Function ${name} is throttled: raise its reserved concurrency or look for a flood of calls.`,
    metricName: "Throttles",
    statistic: "Sum",
    threshold: 0,
  });
  const latency = new Alarm(scope, "latency-alarm", {
    ...common,
    name: label.name(`${name}-p99`, 255),
    description: `The slowest hundredth of function ${name}'s calls take over ${config.p99Milliseconds} ms: look at its traces.`,
    metricName: "Duration",
    statistic: "p99",
    threshold: config.p99Milliseconds,
  });
  const ofVersions = [errors.name, throttles.name, latency.name];
  if (config.maxEventAgeSeconds === undefined) return ofVersions;
  new Alarm(scope, "age-alarm", {
    ...common,
    name: label.name(`${name}-event-age`, 255),
    description:
      `Events for function ${name} wait over half of the ${config.maxEventAgeSeconds} s after which they are given up: ` +
      "look for throttles and errors.",
    metricName: "AsyncEventAge",
    statistic: "Maximum",
    // The metric is in milliseconds.
    threshold: config.maxEventAgeSeconds * 500,
  });
  return ofVersions;
}
