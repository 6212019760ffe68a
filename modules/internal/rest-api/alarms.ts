import type { Construct } from "constructs";
import { Alarm } from "../alarm";
import type { Label } from "../label";

/** What the alarms of one API need. */
export interface ApiAlarmsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the API, e.g. `todos`. */
  readonly name: string;
  /** Name of the REST API: the metrics' dimension. */
  readonly apiName: string;
  readonly stageName: string;
  /** Milliseconds that the slowest hundredth of requests may take. */
  readonly p99Milliseconds: number;
  /** SNS topic. */
  readonly topicArn: string;
}

/** Alarms on server errors and latency of one API's stage. */
export function addApiAlarms(scope: Construct, config: ApiAlarmsConfig): void {
  const { label, name, stageName } = config;
  const common = {
    namespace: "AWS/ApiGateway",
    dimensions: { ApiName: config.apiName, Stage: stageName },
    topicArn: config.topicArn,
  };
  new Alarm(scope, "errors-alarm", {
    ...common,
    name: label.name(`api-${name}-${stageName}-5xx`, 255),
    description: `Over 1 % of the requests to API ${name} ${stageName} fail: look at the access logs, then the function's.`,
    metricName: "5XXError",
    statistic: "Average",
    threshold: 0.01,
  });
  new Alarm(scope, "latency-alarm", {
    ...common,
    name: label.name(`api-${name}-${stageName}-p99`, 255),
    description: `The slowest hundredth of the requests to API ${name} ${stageName} take over ${config.p99Milliseconds} ms.`,
    metricName: "Latency",
    statistic: "p99",
    threshold: config.p99Milliseconds,
  });
}
