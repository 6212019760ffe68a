import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EncryptionKey } from "../internal/encryption-key";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";

/** A customer-managed key. */
export interface KmsKeyConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the key, e.g. `data`. */
  readonly name: string;
  /** What the key encrypts: shown in the console. */
  readonly description: string;
  /** Service principals that may use the key for this account, e.g. `logs.eu-west-1.amazonaws.com`. */
  readonly services: readonly string[];
  /** Days between the request to delete the key and its end, 7 to 30. */
  readonly deletionWindowDays: number;
  /** Terraform refuses to destroy or replace the key: what it encrypted would be lost with it. */
  readonly deletionProtection: boolean;
  /** Provider of the key's region. @default the stack's own */
  readonly provider?: TerraformProvider;
}

/**
 * KMS key, its alias and its policy.
 *
 * @throws Error when `deletionWindowDays` is out of range, or naming what is no service principal
 */
export class KmsKey extends Construct {
  /** ARN of the key. */
  readonly arn: string;
  /** Id of the key. */
  readonly keyId: string;
  /** Name of the alias, with `alias/`. */
  readonly aliasName: string;

  constructor(scope: Construct, id: string, config: KmsKeyConfig) {
    super(scope, id);
    const { label } = config;
    const key = new EncryptionKey(this, "key", {
      name: label.name(config.name),
      description: config.description,
      accountId: label.accountId,
      deletionWindowDays: config.deletionWindowDays,
      deletionProtection: config.deletionProtection,
      statements: config.services.flatMap((service) => statementsFor(service, label)),
      ...(config.provider !== undefined && { provider: config.provider }),
    });
    this.arn = key.arn;
    this.keyId = key.keyId;
    this.aliasName = key.aliasName;
  }
}

/** What a service needs that encrypts logs as they come, in CloudWatch Logs' own list. */
const LOG_ACTIONS = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:DescribeKey",
];

/** What SQS names to KMS. */
const QUEUE_CONTEXT = "kms:EncryptionContext:aws:sqs:arn";

/** Services that send messages to encrypted queues, and use the key for nothing else here. */
const QUEUE_SENDERS = ["s3.amazonaws.com", "sns.amazonaws.com"];

const LOGS = /^logs\.([a-z0-9-]+)\.amazonaws\.com$/;

function statementsFor(service: string, label: Label): PolicyStatement[] {
  if (service === "events.amazonaws.com") return useByEventBridge(label);
  const own = useBy(service, label);
  return service === "delivery.logs.amazonaws.com" ? [own, decryptWorkflowLogs(label)] : [own];
}

/** Lets a service use the key, and only on behalf of this account. */
function useBy(service: string, label: Label): PolicyStatement {
  const { accountId } = label;
  if (!service.endsWith(".amazonaws.com")) {
    throw new Error(`services: "${service}" must be a service principal that ends in .amazonaws.com`);
  }
  const statement = {
    sid: `UseBy${sidPart(service)}`,
    principals: { Service: service },
    resources: ["*"],
  };
  const logsRegion = LOGS.exec(service)?.[1];
  if (logsRegion !== undefined) {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    return {
      ...statement,
      actions: LOG_ACTIONS,
      conditions: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${logsRegion}:${accountId}:log-group:*`,
        },
      },
    };
  }
  if (service === "delivery.logs.amazonaws.com") {
    // It writes to encrypted buckets. CloudFront's sources are in us-east-1, wherever the bucket and its key are:
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
    return {
      ...statement,
      actions: LOG_ACTIONS,
      conditions: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": `arn:aws:logs:*:${accountId}:delivery-source:*` },
      },
    };
  }
  if (service === "cloudfront.amazonaws.com") {
    // It reads encrypted buckets and names the distribution it reads for, not the account:
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    return {
      ...statement,
      actions: ["kms:Decrypt"],
      conditions: { ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${accountId}:distribution/*` } },
    };
  }
  if (QUEUE_SENDERS.includes(service)) {
    // SQS asks KMS for them, and names the queue that is encrypted:
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    return {
      ...statement,
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      conditions: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { [QUEUE_CONTEXT]: arnsOf("sqs", label) },
      },
    };
  }
  return {
    ...statement,
    actions: ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
    conditions: { StringEquals: { "aws:SourceAccount": accountId } },
  };
}

/**
 * Lets the delivery of logs read what Step Functions has encrypted on its way to a log group, with the key of the workflow. The context's value
 * is as it is written here, star and all: https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
function decryptWorkflowLogs({ region, accountId }: Label): PolicyStatement {
  return {
    sid: "UseByDeliveryOfWorkflowLogs",
    principals: { Service: "delivery.logs.amazonaws.com" },
    actions: ["kms:Decrypt"],
    resources: ["*"],
    conditions: {
      StringEquals: { "kms:EncryptionContext:SourceArn": `arn:aws:logs:${region}:${accountId}:*` },
    },
  };
}

/**
 * Lets EventBridge deliver to the environment's encrypted queues and topics. It names no account to KMS, but SQS and SNS name the queue or
 * topic that is encrypted, and their policies name the rules that may send there: so the key is of no use for another account's events.
 *
 * Sources: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services,
 * https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
function useByEventBridge(label: Label): PolicyStatement[] {
  const statement = {
    principals: { Service: "events.amazonaws.com" },
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    resources: ["*"],
  };
  return [
    {
      ...statement,
      sid: "UseByEventsForQueues",
      conditions: { ArnLike: { [QUEUE_CONTEXT]: arnsOf("sqs", label) } },
    },
    {
      ...statement,
      sid: "UseByEventsForTopics",
      conditions: { ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": arnsOf("sns", label) } },
    },
  ];
}

/** ARNs of the environment's queues or topics. */
function arnsOf(service: "sqs" | "sns", label: Label): string {
  return `arn:aws:${service}:${label.region}:${label.accountId}:${label.beginning()}*`;
}

/** `logs.eu-west-1.amazonaws.com` → `LogsEuWest1` */
function sidPart(service: string): string {
  return service
    .replace(/\.amazonaws\.com$/, "")
    .split(/[^a-z0-9]+/i)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
