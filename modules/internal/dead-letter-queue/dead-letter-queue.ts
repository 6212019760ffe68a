import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueueRedriveAllowPolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../alarm";
import type { Label } from "../label";
import { QueuePolicy, type ServiceProducer } from "../queue-policy";

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
  /** Failures of a FIFO queue, which takes no other. @default false */
  readonly fifo?: boolean;
}

/** SQS queue of failures: encrypted, TLS only, kept 14 days, alarming on its first message. Services send to it where they are let. */
export class DeadLetterQueue extends Construct {
  /** ARN of the queue. */
  readonly arn: string;
  /** URL of the queue. */
  readonly url: string;
  /** Name of the queue. */
  readonly name: string;
  /** What sends of its own accord depends on it: the policy must be there first. */
  readonly policy: ITerraformDependable;

  private readonly queuePolicy: QueuePolicy;

  constructor(scope: Construct, id: string, config: DeadLetterQueueConfig) {
    super(scope, id);
    const { label } = config;
    const fifo = config.fifo ?? false;
    const queue = new SqsQueue(this, "queue", {
      name: fifo
        ? `${label.name(`${config.name}-failed`, 75)}.fifo`
        : label.name(`${config.name}-failed`, 80),
      ...(fifo && { fifoQueue: true }),
      messageRetentionSeconds: RETENTION_SECONDS,
      kmsMasterKeyId: config.kmsKeyArn,
      kmsDataKeyReusePeriodSeconds: 300,
    });
    this.queuePolicy = new QueuePolicy(this, "policy", { queueUrl: queue.url, queueArn: queue.arn });
    this.policy = this.queuePolicy.dependable;
    new Alarm(this, "depth-alarm", {
      name: label.name(`${config.name}-failed-depth`, 255),
      description: `${config.name} failed for good: scripts/redrive shows what is in queue ${config.name}-failed and why. Mend the cause, then see docs/events.md, When a message fails.`,
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

  /** Lets a service send here what it could not deliver for one source. */
  allow(producer: ServiceProducer): void {
    this.queuePolicy.allow(producer);
  }

  /** Lets one queue, and no other, have this one as its dead-letter queue. To be called once. */
  allowRedriveFrom(sourceQueueArn: string): void {
    new SqsQueueRedriveAllowPolicy(this, "redrive-allow-policy", {
      queueUrl: this.url,
      redriveAllowPolicy: JSON.stringify({
        redrivePermission: "byQueue",
        sourceQueueArns: [sourceQueueArn],
      }),
    });
  }
}
