import type { Construct } from "constructs";
import { Bucket, ownEncryptionOnly } from "../internal/bucket";
import type { PolicyStatement } from "../internal/iam";
import type { CdnDownloadsConfig } from "./config";

/**
 * The bucket of the files. What reads it beside the distribution has a role of this account.
 *
 * @param distributionArn the distribution that reads from it; may be known later. Undefined: none does
 */
export function addFilesBucket(
  scope: Construct,
  config: CdnDownloadsConfig,
  distributionArn: string | undefined,
): Bucket {
  const { bucketKmsKeyArn, accessLogBucket } = config;
  return new Bucket(scope, "files", {
    name: config.label.globalName("downloads"),
    ...(bucketKmsKeyArn !== undefined && { kmsKeyArn: bucketKmsKeyArn }),
    ...(accessLogBucket !== undefined && { accessLogBucket }),
    noncurrentVersionDays: config.noncurrentVersionDays ?? 30,
    deletionProtection: config.deletionProtection,
    policy: (bucketArn) => [
      ...(distributionArn === undefined ? [] : readByDistribution(bucketArn, distributionArn)),
      ...(bucketKmsKeyArn === undefined ? [] : ownEncryptionOnly(bucketArn, bucketKmsKeyArn)),
    ],
  });
}

/** Lets its holder read the files, and tell those that are missing from those that are forbidden. */
export function readFiles(bucket: Bucket, { bucketKmsKeyArn, label }: CdnDownloadsConfig): PolicyStatement[] {
  return [
    { sid: "ReadDownloads", actions: ["s3:GetObject"], resources: [`${bucket.arn}/*`] },
    { sid: "TellMissingDownloads", actions: ["s3:ListBucket"], resources: [bucket.arn] },
    ...useKey("DecryptDownloads", ["kms:Decrypt"], bucket, bucketKmsKeyArn, label.region),
  ];
}

/** Lets its holder put files, in parts where they are large. It can remove none; an older version can be had back. */
export function publishFiles(
  bucket: Bucket,
  { bucketKmsKeyArn, label }: CdnDownloadsConfig,
): PolicyStatement[] {
  return [
    {
      sid: "PublishDownloads",
      actions: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
      resources: [`${bucket.arn}/*`],
    },
    // Parts of a large file are decrypted to be put together.
    ...useKey(
      "EncryptDownloads",
      ["kms:Decrypt", "kms:GenerateDataKey"],
      bucket,
      bucketKmsKeyArn,
      label.region,
    ),
  ];
}

function useKey(
  sid: string,
  actions: readonly string[],
  bucket: Bucket,
  kmsKeyArn: string | undefined,
  region: string,
): PolicyStatement[] {
  if (kmsKeyArn === undefined) return [];
  const conditions = {
    StringEquals: {
      "kms:ViaService": `s3.${region}.amazonaws.com`,
      "kms:EncryptionContext:aws:s3:arn": bucket.arn,
    },
  };
  return [{ sid, actions, resources: [kmsKeyArn], conditions }];
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html */
function readByDistribution(bucketArn: string, distributionArn: string): PolicyStatement[] {
  const byDistribution = {
    principals: { Service: "cloudfront.amazonaws.com" },
    conditions: { StringEquals: { "aws:SourceArn": distributionArn } },
  };
  return [
    {
      ...byDistribution,
      sid: "ReadByDistribution",
      actions: ["s3:GetObject"],
      resources: [`${bucketArn}/*`],
    },
    // Without it S3 answers 403 for what is missing, as if it were forbidden. No request lists: ROOT_OBJECT, checkPathClasses.
    { ...byDistribution, sid: "TellMissing", actions: ["s3:ListBucket"], resources: [bucketArn] },
  ];
}
