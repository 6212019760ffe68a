import type { PolicyStatement } from "../iam";

const ALGORITHM = "s3:x-amz-server-side-encryption";
const KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id";
const CUSTOMER_ALGORITHM = "s3:x-amz-server-side-encryption-customer-algorithm";

/**
 * Bucket-policy statements: a writer that names an encryption must name the bucket's, key included. One that names none gets it.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 *
 * @param bucketArn the bucket, encrypted with that key by default
 * @param kmsKeyArn ARN of the key; writers must name it so, not by its id or alias
 */
export function ownEncryptionOnly(bucketArn: string, kmsKeyArn: string): PolicyStatement[] {
  const deny = {
    effect: "Deny",
    principals: "*",
    actions: ["s3:PutObject"],
    resources: [`${bucketArn}/*`],
  } as const;
  return [
    {
      ...deny,
      sid: "DenyOtherEncryption",
      conditions: { StringNotEquals: { [ALGORITHM]: "aws:kms" }, Null: { [ALGORITHM]: "false" } },
    },
    {
      // Matches a key that is not named, too: with the algorithm alone, S3 takes AWS's key of the account, not the bucket's.
      ...deny,
      sid: "DenyOtherKey",
      conditions: { ArnNotEquals: { [KEY]: kmsKeyArn }, Null: { [ALGORITHM]: "false" } },
    },
    {
      // Whoever keeps the key could hold the objects to ransom.
      ...deny,
      sid: "DenyKeyOfCustomer",
      conditions: { Null: { [CUSTOMER_ALGORITHM]: "false" } },
    },
  ];
}
