import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { Alarm } from "../alarm";
import { policyDocument } from "../iam";
import type { Label } from "../label";

/** Longest that SQS keeps a message: no source queue can outlive it. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

/** A queue of failures. */
export interface DeadLetterQueueConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** What failed, e.g. `upload-guard`; the queue is named `<name>-failed`. */
  readonly name: string;
  /** ARN of the KMS key. */
  readonly kmsKeyArn: string;
  /** SNS topic of the alarm. */
  readonly alarmTopicArn: string;
}

/** SQS queue of failures: encrypted, TLS only, kept 14 days, alarming on its first message. */
export class DeadLetterQueue extends Construct {
  /** ARN of the queue. */
  readonly arn: string;
  /** URL of the queue. */
  readonly url: string;
  /** Name of the queue. */
  readonly name: string;

  constructor(scope: Construct, id: string, config: DeadLetterQueueConfig) {
    super(scope, id);
    const { label } = config;
    const queue = new SqsQueue(this, "queue", {
      name: label.name(`${config.name}-failed`, 80),
      messageRetentionSeconds: RETENTION_SECONDS,
      kmsMasterKeyId: config.kmsKeyArn,
      kmsDataKeyReusePeriodSeconds: 300,
    });
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: policyDocument([
        {
          sid: "DenyPlainHttp",
          effect: "Deny",
          principals: "*",
          actions: ["sqs:*"],
          resources: [queue.arn],
          conditions: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]),
    });
    new Alarm(this, "depth-alarm", {
      name: label.name(`${config.name}-failed-depth`, 255),
      description: `${config.name} failed for good: read the messages of queue ${config.name}-failed, mend the cause, send them again.`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queue.name },
      statistic: "Maximum",
      threshold: 0,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      topicArn: config.alarmTopicArn,
    });
    this.arn = queue.arn;
    this.url = queue.url;
    this.name = queue.name;
  }
}
