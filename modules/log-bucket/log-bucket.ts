import { Construct } from "constructs";
import { accessLogDelivery, Bucket, loadBalancerLogDelivery } from "../internal/bucket";
import type { Label } from "../internal/label";

/** Days that a log deleted, or expired, can still be brought back. */
const DELETED_LOG_DAYS = 7;

/** A bucket of access logs. */
export interface LogBucketConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Days that logs are kept. */
  readonly retentionDays: number;
  /** Load balancers of this account and region deliver their logs here too. @default false */
  readonly loadBalancerLogs?: boolean;
  /** Terraform refuses to destroy or replace the bucket; without it, destroying empties it first. */
  readonly deletionProtection: boolean;
}

/**
 * Bucket for S3 access logs of this account. Each log is under `s3/<bucket>/`; those of load balancers are under
 * `load-balancers/<load balancer>/`.
 *
 * @throws Error when `retentionDays` is no whole number of at least 1
 */
export class LogBucket extends Construct {
  /** Name of the bucket. */
  readonly name: string;
  /** ARN of the bucket. */
  readonly arn: string;

  constructor(scope: Construct, id: string, config: LogBucketConfig) {
    super(scope, id);
    const { label, retentionDays } = config;
    if (!Number.isInteger(retentionDays) || retentionDays < 1) {
      throw new Error(`retentionDays must be a whole number of at least 1, got ${retentionDays}`);
    }
    const bucket = new Bucket(this, "bucket", {
      name: label.globalName("access-logs"),
      noncurrentVersionDays: DELETED_LOG_DAYS,
      expiry: [{ id: "logs", prefix: "", days: retentionDays }],
      deletionProtection: config.deletionProtection,
      policy: (bucketArn) => [
        accessLogDelivery(bucketArn, label.accountId),
        ...(config.loadBalancerLogs
          ? [loadBalancerLogDelivery(bucketArn, label.accountId, label.region)]
          : []),
      ],
    });
    this.name = bucket.name;
    this.arn = bucket.arn;
  }
}
