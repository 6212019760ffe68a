import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import { checkAll, checkWholeNumber } from "../internal/check";
import { DeadLetterQueue } from "../internal/dead-letter-queue";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { QueuePolicy, type ServiceProducer } from "../internal/queue-policy";
import { checkTypes } from "./event-types";
import { pascalCase } from "./pascal-case";
import type { Topic } from "./topic";
import { useKeyStatement } from "./use-key";

/** Longest that SQS keeps a message, and as long as dead-letter queues keep theirs. */
const MOST_RETENTION_SECONDS = 14 * 24 * 60 * 60;

/** A queue and its dead-letter queue. */
export interface QueueConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the queue, e.g. `stock`. */
  readonly name: string;
  /**
   * Keeps the order within each message group and drops duplicates of five minutes; a sender's own deduplication id goes before
   * the hash of the body. Neither SNS's standard topics nor S3 send to such a queue. @default false
   */
  readonly fifo?: boolean;
  /** Seconds that a message is hidden while one consumer has it, 0 to 43200; at least six times the time-out of a function. */
  readonly visibilityTimeoutSeconds: number;
  /** Deliveries after which a message goes to the dead-letter queue, 1 to 1000. @default 5 */
  readonly maxReceiveCount?: number;
  /** Seconds that SQS keeps a message that nobody deletes, 60 to 1209600. @default 345600, four days */
  readonly retentionSeconds?: number;
  /** Seconds that the oldest message may wait before the alarm. */
  readonly maxAgeAlarmSeconds: number;
  /** Messages that may wait before the alarm. @default 1000 */
  readonly depthAlarm?: number;
  /** ARN of the KMS key. Its policy must let the services use it that send here: `sns.`, `events.`, `s3.amazonaws.com`. */
  readonly kmsKeyArn: string;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}

/** Which messages of a topic a queue gets. */
export interface SubscriptionConfig {
  /** Types of events, e.g. `shop.order.placed.v1`: the field `type` of the message's body. */
  readonly types: readonly string[];
}

/**
 * SQS queue: encrypted, TLS only, with a dead-letter queue of its own (`<name>-failed`), alarms on the age of its oldest message and
 * on its depth.
 *
 * @throws Error with one line for each number that is out of range
 */
export class Queue extends Construct {
  /** URL of the queue. */
  readonly url: string;
  /** ARN of the queue. */
  readonly arn: string;
  /** Name of the deployed queue. */
  readonly name: string;
  /** Short name, as configured. */
  readonly shortName: string;
  readonly fifo: boolean;
  readonly visibilityTimeoutSeconds: number;
  /** ARN of the dead-letter queue. */
  readonly deadLetterQueueArn: string;
  /** URL of the dead-letter queue. */
  readonly deadLetterQueueUrl: string;
  /** Name of the deployed dead-letter queue. */
  readonly deadLetterQueueName: string;
  /** What sends of its own accord depends on it: the policy must be there first. */
  readonly policy: ITerraformDependable;

  private readonly config: QueueConfig;
  private readonly failures: DeadLetterQueue;
  private readonly queuePolicy: QueuePolicy;

  constructor(scope: Construct, id: string, config: QueueConfig) {
    super(scope, id);
    checkQueue(config);
    const { label, name } = config;
    const fifo = config.fifo ?? false;
    this.config = config;
    this.shortName = name;
    this.fifo = fifo;
    this.visibilityTimeoutSeconds = config.visibilityTimeoutSeconds;
    this.failures = new DeadLetterQueue(this, "failures", {
      label,
      name,
      kmsKeyArn: config.kmsKeyArn,
      alarmTopicArn: config.alarmTopicArn,
      fifo,
    });
    const queue = new SqsQueue(this, "queue", {
      name: fifo ? `${label.name(name, 75)}.fifo` : label.name(name, 80),
      ...(fifo && {
        fifoQueue: true,
        contentBasedDeduplication: true,
        deduplicationScope: "messageGroup",
        fifoThroughputLimit: "perMessageGroupId",
      }),
      visibilityTimeoutSeconds: config.visibilityTimeoutSeconds,
      messageRetentionSeconds: config.retentionSeconds ?? 345_600,
      receiveWaitTimeSeconds: 20,
      kmsMasterKeyId: config.kmsKeyArn,
      kmsDataKeyReusePeriodSeconds: 300,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: this.failures.arn,
        maxReceiveCount: config.maxReceiveCount ?? 5,
      }),
    });
    this.failures.allowRedriveFrom(queue.arn);
    this.queuePolicy = new QueuePolicy(this, "policy", { queueUrl: queue.url, queueArn: queue.arn });
    this.policy = this.queuePolicy.dependable;
    this.url = queue.url;
    this.arn = queue.arn;
    this.name = queue.name;
    this.deadLetterQueueArn = this.failures.arn;
    this.deadLetterQueueUrl = this.failures.url;
    this.deadLetterQueueName = this.failures.name;
    this.addAlarms();
  }

  /**
   * Delivers messages of a topic here as they are, without SNS's envelope, by their body's `type`. What SNS cannot deliver goes to
   * this queue's dead-letter queue.
   *
   * @throws Error when the queue is FIFO, or naming the type that is none or comes twice
   */
  subscribe(topic: Topic, { types }: SubscriptionConfig): void {
    const place = `subscription of queue ${this.shortName} to topic ${topic.shortName}`;
    if (this.fifo) {
      throw new Error(`${place}: a FIFO queue takes messages of FIFO topics alone; remove fifo`);
    }
    checkTypes(`${place}: types`, types);
    const producer = {
      sid: `SendFromTopic${pascalCase(topic.shortName)}`,
      service: "sns.amazonaws.com",
      sourceArn: topic.arn,
    };
    this.allow(producer);
    this.failures.allow(producer);
    new SnsTopicSubscription(this, `from-${topic.shortName}`, {
      topicArn: topic.arn,
      protocol: "sqs",
      endpoint: this.arn,
      rawMessageDelivery: true,
      filterPolicyScope: "MessageBody",
      filterPolicy: JSON.stringify({ type: types }),
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: this.failures.arn }),
      dependsOn: [this.policy, this.failures.policy],
    });
  }

  /** What a role needs to send. */
  sendStatements(): PolicyStatement[] {
    return [
      {
        sid: `SendTo${pascalCase(this.shortName)}`,
        actions: ["sqs:SendMessage"],
        resources: [this.arn],
      },
      this.keyStatement("EncryptFor", ["kms:GenerateDataKey", "kms:Decrypt"]),
    ];
  }

  /** What a role needs to receive messages, hold them for longer, and delete them. */
  consumeStatements(): PolicyStatement[] {
    return this.receiveStatements(["sqs:ChangeMessageVisibility"]);
  }

  /** @internal What Lambda needs to receive messages for a function, and more actions. */
  receiveStatements(further: readonly string[] = []): PolicyStatement[] {
    return [
      {
        sid: `ConsumeFrom${pascalCase(this.shortName)}`,
        actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", ...further],
        resources: [this.arn],
      },
      this.keyStatement("DecryptFrom", ["kms:Decrypt"]),
    ];
  }

  /** @internal Lets a service send here for one source. */
  allow(producer: ServiceProducer): void {
    this.queuePolicy.allow(producer);
  }

  private keyStatement(purpose: string, actions: readonly string[]): PolicyStatement {
    const { label, kmsKeyArn } = this.config;
    return useKeyStatement(`${purpose}${pascalCase(this.shortName)}Queue`, {
      actions,
      kmsKeyArn,
      service: `sqs.${label.region}.amazonaws.com`,
      context: { "aws:sqs:arn": this.arn },
    });
  }

  private addAlarms(): void {
    const { label, name } = this.config;
    const common = {
      namespace: "AWS/SQS",
      dimensions: { QueueName: this.name },
      statistic: "Maximum",
      topicArn: this.config.alarmTopicArn,
    };
    const age = this.config.maxAgeAlarmSeconds;
    new Alarm(this, "age-alarm", {
      ...common,
      name: label.name(`${name}-age`, 255),
      description: `The oldest message of queue ${name} waits over ${age} s: look at its consumer's errors and throttles.`,
      metricName: "ApproximateAgeOfOldestMessage",
      threshold: age,
    });
    const depth = this.config.depthAlarm ?? 1000;
    new Alarm(this, "depth-alarm", {
      ...common,
      name: label.name(`${name}-depth`, 255),
      description: `Over ${depth} messages of queue ${name} wait: its consumer does not keep up, or more is sent than ever.`,
      metricName: "ApproximateNumberOfMessagesVisible",
      threshold: depth,
    });
  }
}

function checkQueue(config: QueueConfig): void {
  const check = (field: string, value: number | undefined, least: number, most?: number) => () => {
    if (value !== undefined) checkWholeNumber(`queue ${config.name}: ${field}`, value, least, most);
  };
  checkAll([
    check("visibilityTimeoutSeconds", config.visibilityTimeoutSeconds, 0, 43_200),
    check("maxReceiveCount", config.maxReceiveCount, 1, 1000),
    check("retentionSeconds", config.retentionSeconds, 60, MOST_RETENTION_SECONDS),
    check("maxAgeAlarmSeconds", config.maxAgeAlarmSeconds, 1),
    check("depthAlarm", config.depthAlarm, 0),
  ]);
}
