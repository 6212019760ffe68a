import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { type ITerraformDependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { type PolicyStatement, policyDocument } from "../internal/iam";
import type { Label } from "../internal/label";
import { pascalCase } from "./pascal-case";
import { useKeyStatement } from "./use-key";

/** A topic. */
export interface TopicConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the topic, e.g. `order-events`. */
  readonly name: string;
  /**
   * ARN of the KMS key. Its policy must let `sns.amazonaws.com` use it, for queues that are encrypted with it, and
   * `events.amazonaws.com` where a bus delivers here.
   */
  readonly kmsKeyArn: string;
  /** SNS topic of the alarm. */
  readonly alarmTopicArn: string;
}

/** SNS topic: encrypted, TLS only. Roles with `publishStatements()` publish to it, and the rules of a bus that has it as target. */
export class Topic extends Construct {
  /** ARN of the topic. */
  readonly arn: string;
  /** Short name, as configured. */
  readonly shortName: string;
  /** What publishes of its own accord depends on it: the policy must be there first. */
  readonly policy: ITerraformDependable;

  private readonly ruleArns = new Map<string, string>();
  private readonly config: TopicConfig;

  constructor(scope: Construct, id: string, config: TopicConfig) {
    super(scope, id);
    this.config = config;
    this.shortName = config.name;
    const topic = new SnsTopic(this, "topic", {
      name: config.label.name(config.name, 256),
      kmsMasterKeyId: config.kmsKeyArn,
    });
    this.arn = topic.arn;
    this.policy = new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      // Which rules publish is known only when all that is composed of the topic is there.
      policy: Lazy.stringValue({ produce: () => policyDocument(this.statements()) }),
    });
    new Alarm(this, "undelivered-alarm", {
      name: config.label.name(`${config.name}-undelivered`, 255),
      description: `Topic ${config.name} cannot deliver: look at the policies and the key of the queues that subscribe to it.`,
      namespace: "AWS/SNS",
      metricName: "NumberOfNotificationsFailed",
      dimensions: { TopicName: topic.name },
      statistic: "Sum",
      threshold: 0,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      topicArn: config.alarmTopicArn,
    });
  }

  /** What a role needs to publish. */
  publishStatements(): PolicyStatement[] {
    const { label, name, kmsKeyArn } = this.config;
    return [
      { sid: `PublishTo${pascalCase(name)}`, actions: ["sns:Publish"], resources: [this.arn] },
      useKeyStatement(`EncryptFor${pascalCase(name)}Topic`, {
        actions: ["kms:GenerateDataKey", "kms:Decrypt"],
        kmsKeyArn,
        service: `sns.${label.region}.amazonaws.com`,
        context: { "aws:sns:topicArn": this.arn },
      }),
    ];
  }

  /** @internal Lets a rule of EventBridge publish. */
  allowRule(ruleName: string, ruleArn: string): void {
    this.ruleArns.set(ruleName, ruleArn);
  }

  private statements(): PolicyStatement[] {
    const publish = { actions: ["sns:Publish"], resources: [this.arn] };
    return [
      {
        ...publish,
        sid: "DenyPlainHttp",
        effect: "Deny",
        principals: "*",
        conditions: { Bool: { "aws:SecureTransport": "false" } },
      },
      ...[...this.ruleArns].map(([ruleName, ruleArn]) => ({
        ...publish,
        sid: `PublishFromRule${pascalCase(ruleName)}`,
        principals: { Service: "events.amazonaws.com" },
        conditions: { ArnEquals: { "aws:SourceArn": ruleArn } },
      })),
    ];
  }
}
