import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { Construct } from "constructs";
import type { Label } from "../label";

/** Percentage of the provisioned units that are to be in use: the rest is for what comes before scaling has acted. */
const TARGET_UTILISATION = 70;

/** Capacity units between which auto scaling keeps a table. */
export interface CapacityRange {
  /** At least 1. */
  readonly minimum: number;
  /** At least the minimum: what a flood can cost. */
  readonly maximum: number;
}

/** What the scaling of one table needs. */
export interface AutoScalingConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the table, e.g. `todos`. */
  readonly name: string;
  /** Name of the deployed table. */
  readonly tableName: string;
  readonly read: CapacityRange;
  readonly write: CapacityRange;
}

/** Keeps a table's read and write units at a share of what is used. */
export function addAutoScaling(scope: Construct, config: AutoScalingConfig): void {
  for (const kind of ["Read", "Write"] as const) {
    const range = kind === "Read" ? config.read : config.write;
    const dimension = {
      serviceNamespace: "dynamodb",
      scalableDimension: `dynamodb:table:${kind}CapacityUnits`,
    };
    const target = new AppautoscalingTarget(scope, `${kind.toLowerCase()}-scaling-target`, {
      ...dimension,
      resourceId: `table/${config.tableName}`,
      minCapacity: range.minimum,
      maxCapacity: range.maximum,
    });
    new AppautoscalingPolicy(scope, `${kind.toLowerCase()}-scaling`, {
      ...dimension,
      name: config.label.name(`${config.name}-${kind.toLowerCase()}-scaling`, 256),
      // By the target, so that the policy comes after it.
      resourceId: target.resourceId,
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        targetValue: TARGET_UTILISATION,
        predefinedMetricSpecification: { predefinedMetricType: `DynamoDB${kind}CapacityUtilization` },
      },
    });
  }
}
