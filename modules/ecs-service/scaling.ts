import {
  AppautoscalingPolicy,
  type AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
} from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";
import type { EcsServiceConfig } from "./config";
import type { ServiceTargetGroup } from "./target-groups";

/** CPU utilisation that is held where nothing else is. */
const CPU_PERCENT = 60;

/** Tasks come faster than they go. */
const COOLDOWN_SECONDS = { out: 60, in: 300 };

/** What the scaling of one service needs. */
export interface ScalingConfig {
  readonly service: EcsServiceConfig;
  /** Short name of what is deployed. */
  readonly name: string;
  /** Name of the deployed service. */
  readonly serviceName: string;
  readonly targetGroups: readonly ServiceTargetGroup[];
}

/** Whether the number of tasks changes by itself. */
export function scales({ tasks, schedules = [] }: EcsServiceConfig): boolean {
  return tasks.minimum !== tasks.maximum || schedules.length > 0;
}

/** Whether metrics have something to set: some time at which there are more tasks at most than at least. */
export function hasRoom({ tasks, schedules = [] }: EcsServiceConfig): boolean {
  return [tasks, ...schedules].some(({ minimum, maximum }) => minimum < maximum);
}

/** Holds metrics of a service at their targets by the number of its tasks; several metrics: the most tasks that one of them asks for. */
export class Scaling extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: ScalingConfig,
  ) {
    super(scope, id);
    const { service } = config;
    const { schedules = [] } = service;
    const target = new AppautoscalingTarget(this, "tasks", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${service.clusterName}/${config.serviceName}`,
      minCapacity: service.tasks.minimum,
      maxCapacity: service.tasks.maximum,
      // The clock's to change: each deployment would set them back until the next time.
      lifecycle: { ignoreChanges: schedules.length > 0 ? ["min_capacity", "max_capacity"] : [] },
    });
    const onTarget = {
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
    };
    if (hasRoom(service)) {
      for (const [metricName, metric] of Object.entries(this.metrics())) {
        new AppautoscalingPolicy(this, metricName, {
          ...onTarget,
          name: service.label.name(`${config.name}-${metricName}`, 255),
          policyType: "TargetTrackingScaling",
          targetTrackingScalingPolicyConfiguration: {
            ...metric,
            scaleOutCooldown: COOLDOWN_SECONDS.out,
            scaleInCooldown: COOLDOWN_SECONDS.in,
          },
        });
      }
    }
    for (const { name, schedule, timeZone, minimum, maximum } of schedules) {
      new AppautoscalingScheduledAction(this, `schedule-${name}`, {
        ...onTarget,
        name: service.label.name(`${config.name}-${name}`, 255),
        schedule,
        timezone: timeZone ?? "UTC",
        scalableTargetAction: { minCapacity: String(minimum), maxCapacity: String(maximum) },
      });
    }
  }

  private metrics(): Record<string, AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration> {
    const { service, targetGroups } = this.config;
    const { targetMemoryPercent, targetRequestsPerTask, targetMetric } = service;
    const others = [targetMemoryPercent, targetRequestsPerTask, targetMetric].some(
      (given) => given !== undefined,
    );
    const targetCpuPercent = service.targetCpuPercent ?? (others ? undefined : CPU_PERCENT);
    const predefined = (targetValue: number, predefinedMetricType: string, resourceLabel?: string) => ({
      targetValue,
      predefinedMetricSpecification: {
        predefinedMetricType,
        ...(resourceLabel !== undefined && { resourceLabel }),
      },
    });
    return {
      ...(targetCpuPercent !== undefined && {
        cpu: predefined(targetCpuPercent, "ECSServiceAverageCPUUtilization"),
      }),
      ...(targetMemoryPercent !== undefined && {
        memory: predefined(targetMemoryPercent, "ECSServiceAverageMemoryUtilization"),
      }),
      ...(targetRequestsPerTask !== undefined &&
        Object.fromEntries(
          targetGroups.map(({ loadBalancerName, loadBalancerArnSuffix, arnSuffix }) => [
            `requests-${loadBalancerName}`,
            predefined(
              targetRequestsPerTask,
              "ALBRequestCountPerTarget",
              `${loadBalancerArnSuffix}/${arnSuffix}`,
            ),
          ]),
        )),
      ...(targetMetric && {
        metric: {
          targetValue: targetMetric.target,
          customizedMetricSpecification: {
            namespace: targetMetric.namespace,
            metricName: targetMetric.metricName,
            statistic: targetMetric.statistic,
            dimensions: Object.entries(targetMetric.dimensions).map(([name, value]) => ({ name, value })),
          },
        },
      }),
    };
  }
}
