import type { Construct } from "constructs";
import { Alarm, ShareAlarm } from "../internal/alarm";
import type { EcsServiceConfig } from "./config";
import type { ServiceTargetGroup } from "./target-groups";

/** Requests in a minute, below which the share of errors says nothing. */
const BUSY_REQUESTS = 20;

/** What the alarms of one service need. */
export interface ServiceAlarmsConfig {
  readonly service: EcsServiceConfig;
  /** Short name of what is deployed. */
  readonly name: string;
  /** Name of the deployed service. */
  readonly serviceName: string;
  readonly targetGroups: readonly ServiceTargetGroup[];
}

/**
 * Alarms on how busy tasks are, and on tasks that are missing.
 *
 * Source of names: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
export function addTaskAlarms(scope: Construct, { service, name, ...config }: ServiceAlarmsConfig): void {
  const { label, clusterName } = service;
  const common = {
    dimensions: { ClusterName: clusterName, ServiceName: config.serviceName },
    topicArn: service.alarmTopicArn,
  };
  const busy = {
    ...common,
    namespace: "AWS/ECS",
    statistic: "Average",
    evaluationPeriods: 15,
    datapointsToAlarm: 10,
  };
  const cpuPercent = service.alarmCpuPercent ?? 85;
  new Alarm(scope, "cpu-alarm", {
    ...busy,
    name: label.name(`${name}-cpu`, 255),
    description: `Tasks of ${name} are over ${cpuPercent} % busy: raise their number, or look at what they do.`,
    metricName: "CPUUtilization",
    threshold: cpuPercent,
  });
  const memoryPercent = service.alarmMemoryPercent ?? 85;
  new Alarm(scope, "memory-alarm", {
    ...busy,
    name: label.name(`${name}-memory`, 255),
    description: `Tasks of ${name} use over ${memoryPercent} % of their memory and are killed at its end: look for a leak, or give more.`,
    metricName: "MemoryUtilization",
    threshold: memoryPercent,
  });
  const least = Math.min(service.tasks.minimum, ...(service.schedules ?? []).map(({ minimum }) => minimum));
  if (least === 0) return;
  new Alarm(scope, "tasks-alarm", {
    ...common,
    name: label.name(`${name}-tasks`, 255),
    description:
      `Fewer tasks of ${name} run than the ${least} that should at least: look why the last ones stopped, then at the ` +
      "cluster's log of events.",
    namespace: "ECS/ContainerInsights",
    metricName: "RunningTaskCount",
    statistic: "Average",
    comparison: "LessThanThreshold",
    threshold: least,
  });
}

/** Alarms on what the service says of itself. */
export function addMetricAlarms(scope: Construct, { service, name }: ServiceAlarmsConfig): void {
  for (const { name: alarmName, statistic = "Maximum", ...alarm } of service.metricAlarms ?? []) {
    new Alarm(scope, `metric-${alarmName}-alarm`, {
      ...alarm,
      statistic,
      name: service.label.name(`${name}-${alarmName}`, 255),
      dimensions: { service: name },
      topicArn: service.alarmTopicArn,
    });
  }
}

/**
 * Alarms on what load balancers see of a service.
 *
 * Source of names: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 *
 * @returns names of the alarms by which a deployment is judged
 */
export function addTargetAlarms(
  scope: Construct,
  { service, name, targetGroups }: ServiceAlarmsConfig,
): string[] {
  const { label } = service;
  const p99Milliseconds = service.alarmP99Milliseconds ?? 1000;
  return targetGroups.flatMap(({ loadBalancerName, ...group }) => {
    const common = {
      namespace: "AWS/ApplicationELB",
      dimensions: { TargetGroup: group.arnSuffix, LoadBalancer: group.loadBalancerArnSuffix },
      topicArn: service.alarmTopicArn,
    };
    const alarmName = (of: string) => label.name(`${name}-${loadBalancerName}-${of}`, 255);
    const errors = new ShareAlarm(scope, `errors-${loadBalancerName}-alarm`, {
      ...common,
      name: alarmName("5xx"),
      description: `${name} fails requests of load balancer ${loadBalancerName}: read its log group, filter on level ERROR.`,
      partMetricName: "HTTPCode_Target_5XX_Count",
      wholeMetricName: "RequestCount",
      leastWhole: BUSY_REQUESTS,
      thresholdPercent: service.alarmErrorPercent ?? 1,
    });
    const latency = new Alarm(scope, `latency-${loadBalancerName}-alarm`, {
      ...common,
      name: alarmName("p99"),
      description: `The slowest hundredth of the answers of ${name} take over ${p99Milliseconds} ms: look at its traces.`,
      metricName: "TargetResponseTime",
      statistic: "p99",
      // The metric is in seconds.
      threshold: p99Milliseconds / 1000,
    });
    new Alarm(scope, `unhealthy-${loadBalancerName}-alarm`, {
      ...common,
      name: alarmName("unhealthy"),
      description: `Load balancer ${loadBalancerName} takes a task of ${name} for unhealthy: look at what its readiness checks, then at its log.`,
      metricName: "UnHealthyHostCount",
      statistic: "Maximum",
      threshold: 0,
    });
    return [errors.name, latency.name];
  });
}
