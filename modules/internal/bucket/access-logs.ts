import type { PolicyStatement } from "../iam";

/** Where a bucket's access logs go in the bucket that receives them: under the name of the bucket they tell of. */
export const ACCESS_LOG_PREFIX = "s3/";

/**
 * Bucket-policy statement by which S3 may deliver access logs to a bucket.
 *
 * @param bucketArn the bucket that receives the logs; it must be encrypted with S3's own key (SSE-S3)
 * @param accountId account whose buckets' logs are accepted
 */
export function accessLogDelivery(bucketArn: string, accountId: string): PolicyStatement {
  return {
    sid: "DeliverAccessLogs",
    principals: { Service: "logging.s3.amazonaws.com" },
    actions: ["s3:PutObject"],
    resources: [`${bucketArn}/${ACCESS_LOG_PREFIX}*`],
    conditions: { StringEquals: { "aws:SourceAccount": accountId } },
  };
}
