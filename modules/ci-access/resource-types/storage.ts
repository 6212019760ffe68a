import type { Access, AccessTable } from "./access";

const BUCKETS = ["arn:aws:s3:::{prefix}-*"];

const bucket = (read: readonly string[], manage: readonly string[]): readonly Access[] => [
  { on: BUCKETS, read, manage },
];

/** Buckets: their settings. Of what is in them, the code of functions alone. */
export const STORAGE: AccessTable = {
  aws_s3_bucket: bucket(
    // The provider looks at all of a bucket, whatever another resource sets of it.
    [
      "s3:GetAccelerateConfiguration",
      "s3:GetBucketAcl",
      "s3:GetBucketCORS",
      "s3:GetBucketLogging",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketPolicy",
      "s3:GetBucketRequestPayment",
      "s3:GetBucketTagging",
      "s3:GetBucketVersioning",
      "s3:GetBucketWebsite",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration",
      // Also the right to ask whether there is the bucket.
      "s3:ListBucket",
      "s3:ListTagsForResource",
    ],
    [
      "s3:CreateBucket",
      "s3:DeleteBucket",
      "s3:ListBucketVersions",
      "s3:PutBucketTagging",
      "s3:TagResource",
      "s3:UntagResource",
    ],
  ),
  aws_s3_bucket_cors_configuration: bucket(["s3:GetBucketCORS"], ["s3:PutBucketCORS"]),
  aws_s3_bucket_lifecycle_configuration: bucket(
    ["s3:GetLifecycleConfiguration"],
    ["s3:PutLifecycleConfiguration"],
  ),
  aws_s3_bucket_logging: bucket(["s3:GetBucketLogging"], ["s3:PutBucketLogging"]),
  aws_s3_bucket_notification: bucket(["s3:GetBucketNotification"], ["s3:PutBucketNotification"]),
  aws_s3_bucket_ownership_controls: bucket(
    ["s3:GetBucketOwnershipControls"],
    ["s3:PutBucketOwnershipControls"],
  ),
  aws_s3_bucket_policy: bucket(["s3:GetBucketPolicy"], ["s3:DeleteBucketPolicy", "s3:PutBucketPolicy"]),
  aws_s3_bucket_public_access_block: bucket(
    ["s3:GetBucketPublicAccessBlock"],
    ["s3:PutBucketPublicAccessBlock"],
  ),
  aws_s3_bucket_server_side_encryption_configuration: bucket(
    ["s3:GetEncryptionConfiguration"],
    ["s3:PutEncryptionConfiguration"],
  ),
  aws_s3_bucket_versioning: bucket(["s3:GetBucketVersioning"], ["s3:PutBucketVersioning"]),
  // Code of functions alone; no other object is a resource.
  aws_s3_object: [
    {
      on: ["arn:aws:s3:::{prefix}-artifacts-*/*"],
      read: ["s3:GetObject", "s3:GetObjectTagging"],
      manage: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject", "s3:PutObjectTagging"],
    },
    { on: ["arn:aws:s3:::{prefix}-artifacts-*"], manage: ["s3:ListBucketVersions"] },
  ],
};
