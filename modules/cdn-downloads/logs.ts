import { CloudwatchLogDelivery } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery";
import { CloudwatchLogDeliveryDestination } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination";
import { CloudwatchLogDeliverySource } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-source";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Bucket } from "../internal/bucket";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { GLOBAL_REGION } from "./config";
import { LogTable } from "./log-table";

/** Days that a log deleted, or expired, can still be brought back. */
const DELETED_LOG_DAYS = 7;

/**
 * What is logged of a request. Not the viewer's address, cookies, referrer and query: personal data, and signatures that open paid
 * downloads.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 */
const RECORD_FIELDS = [
  "date",
  "time",
  "x-edge-location",
  "sc-bytes",
  "cs-method",
  "cs(Host)",
  "cs-uri-stem",
  "sc-status",
  "cs(User-Agent)",
  "x-edge-result-type",
  "x-edge-request-id",
  "x-host-header",
  "cs-protocol",
  "cs-bytes",
  "time-taken",
  "ssl-protocol",
  "ssl-cipher",
  "x-edge-response-result-type",
  "cs-protocol-version",
  "time-to-first-byte",
  "x-edge-detailed-result-type",
  "sc-content-type",
  "sc-content-len",
  "sc-range-start",
  "sc-range-end",
];

/** Access logs of one distribution. */
export interface AccessLogsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Id of the distribution. */
  readonly distributionId: string;
  /** ARN of the distribution. */
  readonly distributionArn: string;
  /** Days that logs are kept. */
  readonly retentionDays: number;
  /** ARN of the KMS key for the bucket. @default S3's own key */
  readonly kmsKeyArn?: string;
  /** Bucket that receives the log bucket's own access logs. @default none */
  readonly accessLogBucket?: string;
  /** Terraform refuses to destroy or replace the bucket; without it, destroying empties it first. */
  readonly deletionProtection: boolean;
  /** Provider of us-east-1. @default the stack's own */
  readonly globalProvider?: TerraformProvider;
}

/**
 * Standard logs (v2) in Parquet, one folder per distribution and hour, named so that Athena takes them for partitions:
 * `s3://<bucket>/cloudfront/DistributionId=…/year=…/month=…/day=…/hour=…/`.
 *
 * `tableName` is that table. The bucket is in the environment's region, what delivers to it in us-east-1.
 */
export class AccessLogs extends Construct {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** Name of the table by which Athena queries the logs, with its database's. */
  readonly tableName: string;

  constructor(
    scope: Construct,
    id: string,
    { label, accessLogBucket, kmsKeyArn, ...config }: AccessLogsConfig,
  ) {
    super(scope, id);
    const bucket = new Bucket(this, "bucket", {
      name: label.globalName("downloads-logs"),
      ...(kmsKeyArn !== undefined && { kmsKeyArn }),
      ...(accessLogBucket !== undefined && { accessLogBucket }),
      noncurrentVersionDays: DELETED_LOG_DAYS,
      expiry: [{ id: "logs", prefix: "", days: config.retentionDays }],
      deletionProtection: config.deletionProtection,
      policy: (bucketArn) => [logDelivery(bucketArn, label.accountId)],
    });
    const provider = config.globalProvider && { provider: config.globalProvider };
    const source = new CloudwatchLogDeliverySource(this, "source", {
      name: label.name("downloads", 60),
      logType: "ACCESS_LOGS",
      resourceArn: config.distributionArn,
      ...provider,
    });
    const destination = new CloudwatchLogDeliveryDestination(this, "destination", {
      name: label.name("downloads", 60),
      outputFormat: "parquet",
      // With a folder in the ARN CloudFront puts none of its own before the suffix. Its own it puts there when a delivery is
      // made and not when it is changed: https://github.com/hashicorp/terraform-provider-aws/issues/46328
      // By its name, not its ARN, as the name is there once the bucket's policy is, without which a delivery is refused.
      deliveryDestinationConfiguration: [
        { destinationResourceArn: `arn:aws:s3:::${bucket.name}/cloudfront` },
      ],
      ...provider,
    });
    new CloudwatchLogDelivery(this, "delivery", {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      recordFields: RECORD_FIELDS,
      s3DeliveryConfiguration: [
        { suffixPath: "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}", enableHiveCompatiblePath: true },
      ],
      ...provider,
    });
    this.bucketName = bucket.name;
    this.tableName = new LogTable(this, "table", {
      label,
      distributionId: config.distributionId,
      location: `s3://${bucket.name}/cloudfront`,
      fields: RECORD_FIELDS,
    }).name;
  }
}

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html; the deliveries' ARNs are of us-east-1,
 * wherever the bucket is: https://github.com/terraform-aws-modules/terraform-aws-s3-bucket/issues/396
 */
function logDelivery(bucketArn: string, accountId: string): PolicyStatement {
  return {
    sid: "DeliverCloudFrontLogs",
    principals: { Service: "delivery.logs.amazonaws.com" },
    actions: ["s3:PutObject"],
    resources: [`${bucketArn}/cloudfront/*`],
    conditions: {
      StringEquals: { "aws:SourceAccount": accountId, "s3:x-amz-acl": "bucket-owner-full-control" },
      ArnLike: { "aws:SourceArn": `arn:aws:logs:${GLOBAL_REGION}:${accountId}:delivery-source:*` },
    },
  };
}
