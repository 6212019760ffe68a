import { Construct } from "constructs";
import { Bucket } from "../internal/bucket";
import type { Label } from "../internal/label";

/** Days that an artifact can be brought back after a deployment has replaced it. */
const REPLACED_ARTIFACT_DAYS = 30;

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
      noncurrentVersionDays: REPLACED_ARTIFACT_DAYS,
      deletionProtection: config.deletionProtection,
      ...(config.accessLogBucket !== undefined && { accessLogBucket: config.accessLogBucket }),
    });
    this.name = bucket.name;
    this.arn = bucket.arn;
  }
}
