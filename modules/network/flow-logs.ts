import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import { Role } from "../internal/iam";
import type { Label } from "../internal/label";

/** What the flow logs of a VPC need. */
export interface FlowLogsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Days that flow logs are kept. */
  readonly retentionDays: number;
  /** ARN of the KMS key. */
  readonly kmsKeyArn: string;
}

/** A record of every flow that the VPC let through or refused. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, config: FlowLogsConfig) {
    super(scope, id);
    const { label, vpcId } = config;
    const { accountId, region } = label;
    const group = new CloudwatchLogGroup(this, "group", {
      name: `/aws/vpc/${label.name("flow-logs", 255)}`,
      retentionInDays: config.retentionDays,
      kmsKeyId: config.kmsKeyArn,
    });
    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    const role = new Role(this, "role", {
      name: label.name("flow-logs"),
      trust: [
        {
          principals: { Service: "vpc-flow-logs.amazonaws.com" },
          conditions: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": `arn:aws:ec2:${region}:${accountId}:vpc-flow-log/*` },
          },
        },
      ],
      statements: [
        {
          sid: "WriteFlowLogs",
          actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          resources: [group.arn, `${group.arn}:*`],
        },
        {
          sid: "FindLogGroup",
          actions: ["logs:DescribeLogGroups"],
          resources: [`arn:aws:logs:${region}:${accountId}:log-group:*`],
        },
      ],
    });
    new FlowLog(this, "flow-log", {
      vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: { Name: label.name("flow-logs", 255) },
      dependsOn: [role.policy],
    });
  }
}
