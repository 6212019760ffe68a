import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { type ITerraformDependable, Lazy } from "cdktf";
import type { Construct } from "constructs";
import { type PolicyStatement, policyDocument } from "../iam";

/** The policy of one queue. */
export interface QueuePolicyConfig {
  /** URL of the queue. */
  readonly queueUrl: string;
  /** ARN of the queue. */
  readonly queueArn: string;
}

/** An AWS service that sends to a queue of its own accord. Roles need no entry: their own policies let them. */
export interface ServiceProducer {
  /** Says who sends, e.g. `SendFromTopicOrderEvents`; unique in the queue's policy. */
  readonly sid: string;
  /** e.g. `sns.amazonaws.com`. */
  readonly service: string;
  /** ARN of the topic, rule or bucket that the service sends for. */
  readonly sourceArn: string;
  /** Account of the source, for ARNs that do not hold it, as S3's do not. @default any */
  readonly sourceAccount?: string;
}

/** Policy of a queue. What sends to the queue depends on `dependable`: a message sent before the policy is there is lost. */
export class QueuePolicy {
  /** To depend on. */
  readonly dependable: ITerraformDependable;

  private readonly producers: ServiceProducer[] = [];
  private readonly queueArn: string;

  constructor(scope: Construct, id: string, config: QueuePolicyConfig) {
    this.queueArn = config.queueArn;
    this.dependable = new SqsQueuePolicy(scope, id, {
      queueUrl: config.queueUrl,
      // Who sends is known only when all that is composed of the queue is there.
      policy: Lazy.stringValue({ produce: () => policyDocument(this.statements()) }),
    });
  }

  /**
   * Lets a service send to the queue for one source.
   *
   * @throws Error when there is one of this `sid`
   */
  allow(producer: ServiceProducer): void {
    if (this.producers.some(({ sid }) => sid === producer.sid)) {
      throw new Error(`policy of a queue: ${producer.sid} is there already; name each source once`);
    }
    this.producers.push(producer);
  }

  private statements(): PolicyStatement[] {
    return [
      {
        sid: "DenyPlainHttp",
        effect: "Deny",
        principals: "*",
        actions: ["sqs:*"],
        resources: [this.queueArn],
        conditions: { Bool: { "aws:SecureTransport": "false" } },
      },
      ...this.producers.map(({ sid, service, sourceArn, sourceAccount }) => ({
        sid,
        principals: { Service: service },
        actions: ["sqs:SendMessage"],
        resources: [this.queueArn],
        conditions: {
          ArnEquals: { "aws:SourceArn": sourceArn },
          ...(sourceAccount !== undefined && { StringEquals: { "aws:SourceAccount": sourceAccount } }),
        },
      })),
    ];
  }
}
