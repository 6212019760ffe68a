import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { policyDocument } from "../internal/iam";
import type { EcsClusterConfig } from "./config";

/** What the events of one cluster need. */
export interface ServiceEventsConfig extends EcsClusterConfig {
  /** Name of the deployed cluster. */
  readonly clusterName: string;
}

/**
 * Keeps what ECS warns of, such as a deployment that failed or a task that no host has room for, and alarms on it. The alarm tells
 * the topic, not EventBridge: its events name no account to KMS, so the key of an encrypted topic would be open to every account's.
 *
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
export class ServiceEvents extends Construct {
  constructor(scope: Construct, id: string, config: ServiceEventsConfig) {
    super(scope, id);
    const { label, clusterName } = config;
    const log = new CloudwatchLogGroup(this, "log", {
      name: `/aws/events/${clusterName}`,
      retentionInDays: config.logRetentionDays,
      kmsKeyId: config.logKmsKeyArn ?? config.kmsKeyArn,
    });
    const rule = new CloudwatchEventRule(this, "rule", {
      name: label.name(`${config.name}-troubles`),
      description: `What ECS warns of in cluster ${config.name}`,
      eventPattern: JSON.stringify({
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change", "ECS Service Action"],
        resources: [{ prefix: `arn:aws:ecs:${label.region}:${label.accountId}:service/${clusterName}/` }],
        detail: { eventType: ["WARN", "ERROR"] },
      }),
    });
    const eventBridge = {
      principals: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
      resources: [`${log.arn}:*`],
    };
    const permission = new CloudwatchLogResourcePolicy(this, "permission", {
      policyName: label.name(`${config.name}-troubles`, 255),
      policyDocument: policyDocument([
        // EventBridge says for which rule it writes, not for which it begins a stream.
        { ...eventBridge, sid: "BeginStreams", actions: ["logs:CreateLogStream"] },
        {
          ...eventBridge,
          sid: "WriteEvents",
          actions: ["logs:PutLogEvents"],
          conditions: { ArnEquals: { "aws:SourceArn": rule.arn } },
        },
      ]),
    });
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      targetId: "log",
      arn: log.arn,
      dependsOn: [permission],
    });
    new Alarm(this, "troubles-alarm", {
      name: label.name(`${config.name}-ecs-troubles`, 255),
      description: `ECS could not do what cluster ${config.name} asked for: read log group /aws/events/${clusterName}, field eventName.`,
      namespace: "AWS/Events",
      metricName: "TriggeredRules",
      dimensions: { RuleName: rule.name },
      statistic: "Sum",
      threshold: 0,
      periodSeconds: 300,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      topicArn: config.alarmTopicArn,
    });
  }
}
