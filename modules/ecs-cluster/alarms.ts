import type { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import type { Label } from "../internal/label";

/** What the alarms on a cluster's instances need. */
export interface CapacityAlarmsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the cluster. */
  readonly name: string;
  /** Name of the deployed cluster. */
  readonly clusterName: string;
  /** Name of the capacity provider. */
  readonly capacityProviderName: string;
  /** Name of the Auto Scaling group. */
  readonly autoScalingGroupName: string;
  /** Instances at most. @default no alarm on their number */
  readonly maxInstances?: number;
  /** SNS topic. */
  readonly alarmTopicArn: string;
}

/** Alarms on instances that do not suffice, or soon will not. That a task finds no room is told by the cluster's events at once. */
export function addCapacityAlarms(scope: Construct, config: CapacityAlarmsConfig): void {
  const { label, name, clusterName } = config;
  const quarterOfAnHour = {
    periodSeconds: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    topicArn: config.alarmTopicArn,
  };
  new Alarm(scope, "capacity-alarm", {
    ...quarterOfAnHour,
    name: label.name(`${name}-ecs-capacity`, 255),
    description:
      `Tasks of cluster ${name} have waited for instances for a quarter of an hour: look at the activities of its ` +
      "Auto Scaling group, which cannot start any.",
    // Instances that are needed, in percent of those there are:
    // https://aws.amazon.com/blogs/containers/deep-dive-on-amazon-ecs-cluster-auto-scaling/
    namespace: "AWS/ECS/ManagedScaling",
    metricName: "CapacityProviderReservation",
    dimensions: { ClusterName: clusterName, CapacityProviderName: config.capacityProviderName },
    statistic: "Minimum",
    threshold: 100,
  });
  if (config.maxInstances === undefined) return;
  new Alarm(scope, "instances-alarm", {
    ...quarterOfAnHour,
    name: label.name(`${name}-ecs-instances`, 255),
    description: `Cluster ${name} wants as many instances as it may have, ${config.maxInstances}: raise its maximum.`,
    namespace: "AWS/AutoScaling",
    metricName: "GroupDesiredCapacity",
    dimensions: { AutoScalingGroupName: config.autoScalingGroupName },
    statistic: "Maximum",
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: config.maxInstances,
  });
}
