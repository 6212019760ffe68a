import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketCorsConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-cors-configuration";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { type PolicyStatement, policyDocument } from "../iam";
import { ACCESS_LOG_PREFIX } from "./access-logs";

/** One CORS rule, in S3's terms. */
export interface CorsRule {
  /** Origins, e.g. `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
  /** HTTP methods, e.g. `GET`. */
  readonly allowedMethods: readonly string[];
  /** Response headers a browser may read. @default ETag and the version id */
  readonly exposeHeaders?: readonly string[];
  /** Seconds a browser keeps the answer to its preflight. @default 3600 */
  readonly maxAgeSeconds?: number;
}

/** Objects under a prefix expire after some days. */
export interface ExpiryRule {
  /** Name of the rule, unique in the bucket. */
  readonly id: string;
  /** Key prefix; empty for all objects. */
  readonly prefix: string;
  /** Days after creation. */
  readonly days: number;
}

/** A private bucket. */
export interface BucketConfig {
  /** Globally unique name, 3 to 63 characters. */
  readonly name: string;
  /** ARN of the KMS key. @default S3's own key (SSE-S3), for buckets that AWS services deliver logs to */
  readonly kmsKeyArn?: string;
  /** Bucket that receives this bucket's access logs, under this bucket's name. @default no access logs */
  readonly accessLogBucket?: string;
  /** Days after which a version that is no longer current is removed. */
  readonly noncurrentVersionDays: number;
  /** Rules by which current objects expire. @default none */
  readonly expiry?: readonly ExpiryRule[];
  /** CORS rules. @default none: no browser may use the bucket */
  readonly cors?: readonly CorsRule[];
  /** Terraform refuses to destroy or replace the bucket; without it, destroying empties it first. */
  readonly deletionProtection: boolean;
  /** Further statements of the bucket policy, given the bucket's ARN. @default none */
  readonly policy?: (bucketArn: string) => readonly PolicyStatement[];
}

/** Private, encrypted, versioned, TLS-only S3 bucket. */
export class Bucket extends Construct {
  /** Name of the bucket, as its policy has it: what uses the name, as access logs do, waits for the policy that lets it. */
  readonly name: string;
  /** ARN of the bucket. */
  readonly arn: string;
  /** Where the bucket answers, in its region. As the ARN, it does not wait for the bucket's policy. */
  readonly regionalDomainName: string;

  constructor(scope: Construct, id: string, config: BucketConfig) {
    super(scope, id);
    const bucket = new S3Bucket(this, "bucket", {
      bucket: config.name,
      forceDestroy: !config.deletionProtection,
      lifecycle: { preventDestroy: config.deletionProtection },
    });
    const publicAccessBlock = new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
      dependsOn: [publicAccessBlock],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: config.kmsKeyArn
            ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: config.kmsKeyArn }
            : { sseAlgorithm: "AES256" },
          // One data key per bucket and day instead of one per object: the same secrecy for a fraction of the KMS calls.
          bucketKeyEnabled: config.kmsKeyArn !== undefined,
        },
      ],
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: lifecycleRules(config),
      dependsOn: [versioning],
    });
    const bucketPolicy = new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: policyDocument([...tlsOnly(bucket.arn), ...(config.policy?.(bucket.arn) ?? [])]),
      dependsOn: [publicAccessBlock],
    });
    if (config.accessLogBucket !== undefined) {
      new S3BucketLoggingA(this, "access-logs", {
        bucket: bucket.id,
        targetBucket: config.accessLogBucket,
        targetPrefix: `${ACCESS_LOG_PREFIX}${config.name}/`,
      });
    }
    if (config.cors?.length) {
      new S3BucketCorsConfiguration(this, "cors", {
        bucket: bucket.id,
        corsRule: config.cors.map((rule) => ({
          allowedOrigins: [...rule.allowedOrigins],
          allowedMethods: [...rule.allowedMethods],
          allowedHeaders: ["*"],
          exposeHeaders: [...(rule.exposeHeaders ?? ["ETag", "x-amz-version-id"])],
          maxAgeSeconds: rule.maxAgeSeconds ?? 3600,
        })),
      });
    }
    this.name = bucketPolicy.bucket;
    this.arn = bucket.arn;
    this.regionalDomainName = bucket.bucketRegionalDomainName;
  }
}

function lifecycleRules(config: BucketConfig): S3BucketLifecycleConfigurationRule[] {
  return [
    {
      id: "old-versions-and-broken-uploads",
      status: "Enabled",
      filter: [{ prefix: "" }],
      noncurrentVersionExpiration: [{ noncurrentDays: config.noncurrentVersionDays }],
      // The marker of a deletion outlives the versions it hides, and every listing reads it. S3 allows no `days` beside it.
      expiration: [{ expiredObjectDeleteMarker: true }],
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
    },
    ...(config.expiry ?? []).map((rule) => ({
      id: rule.id,
      status: "Enabled",
      filter: [{ prefix: rule.prefix }],
      expiration: [{ days: rule.days }],
    })),
  ];
}

function tlsOnly(bucketArn: string): PolicyStatement[] {
  const deny = { effect: "Deny", principals: "*", actions: ["s3:*"] } as const;
  const resources = [bucketArn, `${bucketArn}/*`];
  return [
    { ...deny, sid: "DenyPlainHttp", resources, conditions: { Bool: { "aws:SecureTransport": "false" } } },
    { ...deny, sid: "DenyOldTls", resources, conditions: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}
