/**
 * A customer-managed KMS key: the account's IAM policies decide who uses it, and the AWS services named in the
 * configuration use it for this account alone.
 *
 * Services that use a key with their caller's rights (S3, DynamoDB, Lambda, SQS, Secrets Manager) need no entry: the caller's
 * role allows `kms:Decrypt` on the key. Services that act of their own accord do: CloudWatch Logs, CloudWatch alarms that tell
 * an encrypted topic, S3 that tells one, SNS and EventBridge that deliver to encrypted queues, CloudFront that reads encrypted buckets.
 *
 * @module
 */
export { KmsKey, type KmsKeyConfig } from "./kms-key";
