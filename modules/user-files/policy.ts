import type { PolicyStatement } from "../internal/iam";

/** The caller's identity id. The first `$` keeps Terraform from reading it as its own expression. */
const IDENTITY_ID = "$${cognito-identity.amazonaws.com:sub}";

/** Statements by which an identity uses its own folder; see `UserFiles.grantOwnFolder`. */
export function ownFolder(bucketArn: string, kmsKeyArn: string, region: string): PolicyStatement[] {
  return [
    {
      sid: "UseOwnFolder",
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      resources: [`${bucketArn}/${IDENTITY_ID}/*`],
    },
    {
      sid: "ListOwnFolder",
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
      // The slash is part of the pattern: without it, a list could ask for the folders whose names begin with this one's.
      conditions: { StringLike: { "s3:prefix": `${IDENTITY_ID}/*` } },
    },
    {
      sid: "UseKeyForFiles",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [kmsKeyArn],
      conditions: {
        StringEquals: {
          "kms:ViaService": `s3.${region}.amazonaws.com`,
          // With a bucket key, the bucket is the encryption context: the key's other data stays out of reach.
          // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
          "kms:EncryptionContext:aws:s3:arn": bucketArn,
        },
      },
    },
  ];
}
