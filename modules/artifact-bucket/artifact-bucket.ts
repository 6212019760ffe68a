import { Construct } from "constructs";
import { Bucket } from "../internal/bucket";
import type { Label } from "../internal/label";

/**
 * Days that a version stays which was overwritten or deleted by hand. A deployment leaves none: Terraform removes every version of an
 * artifact that it replaces. Code of earlier deployments lives on in the versions that Lambda has published.
 */
const NONCURRENT_VERSION_DAYS = 30;

/** A bucket of artifacts. */
export interface ArtifactBucketConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** ARN of the KMS key. */
  readonly kmsKeyArn: string;
  /** Bucket that receives this bucket's access logs. @default no access logs */
  readonly accessLogBucket?: string;
  /** Terraform refuses to destroy or replace the bucket; without it, destroying empties it first. */
  readonly deletionProtection: boolean;
}

/** Bucket for Lambda artifacts. */
export class ArtifactBucket extends Construct {
  /** Name of the bucket. */
  readonly name: string;
  /** ARN of the bucket. */
  readonly arn: string;

  constructor(scope: Construct, id: string, config: ArtifactBucketConfig) {
    super(scope, id);
    const bucket = new Bucket(this, "bucket", {
      name: config.label.globalName("artifacts"),
      kmsKeyArn: config.kmsKeyArn,
      noncurrentVersionDays: NONCURRENT_VERSION_DAYS,
      deletionProtection: config.deletionProtection,
      ...(config.accessLogBucket !== undefined && { accessLogBucket: config.accessLogBucket }),
    });
    this.name = bucket.name;
    this.arn = bucket.arn;
  }
}
