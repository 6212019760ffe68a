import type { Construct } from "constructs";
import { Role } from "../internal/iam";
import type { Settings } from "./config";

/** What of an instance is observed: the same arguments for instances and members of clusters. */
export interface Observation {
  /** Arguments of Terraform. */
  readonly arguments: {
    readonly performanceInsightsEnabled: boolean;
    readonly performanceInsightsKmsKeyId?: string;
    readonly performanceInsightsRetentionPeriod?: number;
    readonly monitoringInterval: number;
    readonly monitoringRoleArn?: string;
  };
  /** What must exist before an instance. */
  readonly dependsOn: readonly Role["policy"][];
}

/** Performance Insights, and readings of the operating system with the role by which RDS writes them. */
export function addObservation(scope: Construct, settings: Settings): Observation {
  const { kmsKeyArn, monitoringIntervalSeconds, performanceInsightsRetentionDays } = settings;
  const insights = performanceInsightsRetentionDays > 0;
  const role = monitoringIntervalSeconds > 0 ? addMonitoringRole(scope, settings) : undefined;
  return {
    arguments: {
      performanceInsightsEnabled: insights,
      ...(insights && {
        performanceInsightsKmsKeyId: kmsKeyArn,
        performanceInsightsRetentionPeriod: performanceInsightsRetentionDays,
      }),
      monitoringInterval: monitoringIntervalSeconds,
      ...(role !== undefined && { monitoringRoleArn: role.arn }),
    },
    dependsOn: role === undefined ? [] : [role.policy],
  };
}

/**
 * The log group `RDSOSMetrics` is the account's: RDS makes it, for all databases, and keeps 30 days.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
 */
function addMonitoringRole(scope: Construct, { label, name }: Settings): Role {
  const { accountId, region } = label;
  const group = `arn:aws:logs:${region}:${accountId}:log-group:RDSOSMetrics`;
  return new Role(scope, "monitoring-role", {
    name: label.name(`${name}-rds-monitoring`),
    trust: [
      {
        principals: { Service: "monitoring.rds.amazonaws.com" },
        conditions: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:rds:${region}:${accountId}:db:${label.prefix}-*` },
        },
      },
    ],
    statements: [
      {
        sid: "MakeLogGroup",
        actions: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
        resources: [group, `${group}:*`],
      },
      {
        sid: "WriteReadings",
        actions: [
          "logs:CreateLogStream",
          "logs:PutLogEvents",
          "logs:DescribeLogStreams",
          "logs:GetLogEvents",
        ],
        resources: [`${group}:log-stream:*`],
      },
    ],
  });
}
