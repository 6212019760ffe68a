import type { AutoscalingGroupInstanceRefreshPreferences } from "@cdktf/provider-aws/lib/autoscaling-group";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { Construct } from "constructs";
import { Role } from "../internal/iam";
import type { Label } from "../internal/label";

/** Seconds until a new instance has joined the cluster and counts. */
export const WARMUP_SECONDS = 120;

/** How instances are replaced: a few at a time, each drained before, with none missing meanwhile. */
const PREFERENCES = { minHealthy: 100, maxHealthy: 110, scaleInProtected: "Refresh" };

/** The same for a refresh that a new version of the template begins, in Terraform's words. */
export const REFRESH_PREFERENCES: AutoscalingGroupInstanceRefreshPreferences = {
  minHealthyPercentage: PREFERENCES.minHealthy,
  maxHealthyPercentage: PREFERENCES.maxHealthy,
  instanceWarmup: String(WARMUP_SECONDS),
  scaleInProtectedInstances: PREFERENCES.scaleInProtected,
};

/** What the replacement of a group's instances needs. */
export interface InstanceRefreshConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the cluster. */
  readonly name: string;
  /** Name of the Auto Scaling group. */
  readonly groupName: string;
  /** ARN of the Auto Scaling group. */
  readonly groupArn: string;
  /** Days from one replacement of all instances to the next. */
  readonly everyDays: number;
}

/**
 * Replaces the instances of a group now and then, so that they run the current image. A maximum lifetime of the group would not: ECS
 * protects instances that have tasks, and a lifetime leaves protected ones alone.
 *
 * Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-max-instance-lifetime.html
 */
export class InstanceRefresh extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { label, name, everyDays, groupArn, groupName }: InstanceRefreshConfig,
  ) {
    super(scope, id);
    const role = new Role(this, "role", {
      name: label.name(`${name}-instance-refresh`),
      trust: [
        {
          principals: { Service: "scheduler.amazonaws.com" },
          conditions: { StringEquals: { "aws:SourceAccount": label.accountId } },
        },
      ],
      statements: [
        { sid: "ReplaceInstances", actions: ["autoscaling:StartInstanceRefresh"], resources: [groupArn] },
      ],
    });
    new SchedulerSchedule(this, "schedule", {
      name: label.name(`${name}-instance-refresh`),
      description: `Replaces the instances of cluster ${name}, so that they run the current image`,
      scheduleExpression: everyDays === 1 ? "rate(1 day)" : `rate(${everyDays} days)`,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:autoscaling:startInstanceRefresh",
        roleArn: role.arn,
        input: JSON.stringify({
          AutoScalingGroupName: groupName,
          Strategy: "Rolling",
          Preferences: {
            MinHealthyPercentage: PREFERENCES.minHealthy,
            MaxHealthyPercentage: PREFERENCES.maxHealthy,
            InstanceWarmup: WARMUP_SECONDS,
            ScaleInProtectedInstances: PREFERENCES.scaleInProtected,
          },
        }),
        // One that is under way, as after a deployment, does the same.
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
      },
      dependsOn: [role.policy],
    });
  }
}
