import type { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import type { Label } from "../internal/label";

/** What the alarms of one cluster need. */
export interface DaxAlarmsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the cluster, e.g. `todo`. */
  readonly name: string;
  /** Name of the deployed cluster. */
  readonly clusterName: string;
  /** SNS topic. */
  readonly topicArn: string;
}

/**
 * Alarms on load, evictions, failures and throttling of one cluster. DAX has no metric of its nodes: one that fails shows as
 * failed requests until DAX has replaced it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/dax-metrics-dimensions-dax.html
 */
export function addDaxAlarms(scope: Construct, config: DaxAlarmsConfig): void {
  const { label, name } = config;
  const common = {
    namespace: "AWS/DAX",
    dimensions: { ClusterId: config.clusterName },
    topicArn: config.topicArn,
  };
  new Alarm(scope, "cpu-alarm", {
    ...common,
    name: label.name(`${name}-dax-cpu`, 255),
    description: `A node of DAX cluster ${name} is over 80 % busy: add nodes, or take larger ones.`,
    metricName: "CPUUtilization",
    statistic: "Maximum",
    threshold: 80,
  });
  new Alarm(scope, "evictions-alarm", {
    ...common,
    name: label.name(`${name}-dax-evictions`, 255),
    description: `DAX cluster ${name} evicts items to make room: take larger nodes, or shorter TTLs.`,
    metricName: "EvictedSize",
    statistic: "Sum",
    threshold: 0,
  });
  new Alarm(scope, "failures-alarm", {
    ...common,
    name: label.name(`${name}-dax-failures`, 255),
    description: `DAX cluster ${name} fails requests, answered from the table meanwhile: look at its nodes, then its role.`,
    metricName: "FailedRequestCount",
    statistic: "Sum",
    threshold: 0,
  });
  new Alarm(scope, "throttles-alarm", {
    ...common,
    name: label.name(`${name}-dax-throttles`, 255),
    description: `DAX cluster ${name} throttles requests: add nodes, or look at the table's own throttling.`,
    metricName: "ThrottledRequestCount",
    statistic: "Sum",
    threshold: 0,
  });
}
