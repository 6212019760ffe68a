import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type PolicyStatement, policyDocument } from "../internal/iam";
import type { Label } from "../internal/label";

/** Where alarms are told. */
export interface AlarmTopicConfig {
  /** Names of the environment; its region is that of the alarms. */
  readonly label: Label;
  /** ARN of the KMS key; its policy must let `cloudwatch.amazonaws.com` use it, or alarms are lost without a word. */
  readonly kmsKeyArn: string;
  /** Addresses that get every alarm. AWS asks each one to confirm before it sends any. */
  readonly emails: readonly string[];
  /** Provider of the alarms' region. @default the stack's own */
  readonly provider?: TerraformProvider;
}

/**
 * SNS topic and its subscribers.
 *
 * @throws Error naming the address that is none, or that comes twice
 */
export class AlarmTopic extends Construct {
  /** ARN of the topic. */
  readonly topicArn: string;

  constructor(scope: Construct, id: string, config: AlarmTopicConfig) {
    super(scope, id);
    const { emails, label } = config;
    checkEmails(emails);
    const provider = config.provider && { provider: config.provider };
    const topic = new SnsTopic(this, "topic", {
      name: label.name("alarms", 256),
      kmsMasterKeyId: config.kmsKeyArn,
      ...provider,
    });
    new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyDocument(topicStatements(topic.arn, label)),
      ...provider,
    });
    for (const email of emails) {
      // The address is the id: adding or removing one leaves the others subscribed, as each would have to confirm again.
      new SnsTopicSubscription(this, email, {
        topicArn: topic.arn,
        protocol: "email",
        endpoint: email,
        ...provider,
      });
    }
    this.topicArn = topic.arn;
  }
}

function topicStatements(topicArn: string, label: Label): PolicyStatement[] {
  const publish = { actions: ["sns:Publish"], resources: [topicArn] };
  return [
    {
      ...publish,
      sid: "PublishAlarms",
      principals: { Service: "cloudwatch.amazonaws.com" },
      conditions: {
        StringEquals: { "aws:SourceAccount": label.accountId },
        ArnLike: {
          "aws:SourceArn": `arn:aws:cloudwatch:${label.region}:${label.accountId}:alarm:${label.prefix}-*`,
        },
      },
    },
    {
      ...publish,
      sid: "DenyPlainHttp",
      effect: "Deny",
      principals: "*",
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}

function checkEmails(emails: readonly string[]): void {
  for (const [index, email] of emails.entries()) {
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) {
      throw new Error(`emails[${index}] must be an e-mail address, got "${email}"`);
    }
    if (emails.indexOf(email) !== index)
      throw new Error(`emails[${index}]: "${email}" comes twice; remove one`);
  }
}
