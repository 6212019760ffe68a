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

/** Where the logs of load balancers go in the bucket that receives them: under the name of the load balancer they tell of. */
export const LOAD_BALANCER_LOG_PREFIX = "load-balancers";

/**
 * Bucket-policy statement by which application load balancers may deliver access and connection logs to a bucket.
 *
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 *
 * @param bucketArn the bucket that receives the logs; it must be encrypted with S3's own key (SSE-S3)
 * @param accountId account whose load balancers' logs are accepted
 * @param region region of the bucket and of its load balancers
 */
export function loadBalancerLogDelivery(
  bucketArn: string,
  accountId: string,
  region: string,
): PolicyStatement {
  return {
    sid: "DeliverLoadBalancerLogs",
    principals: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    actions: ["s3:PutObject"],
    // Load balancers write below AWSLogs/<their account> of the prefix they are given: another account's are kept out by that.
    resources: [`${bucketArn}/${LOAD_BALANCER_LOG_PREFIX}/*/AWSLogs/${accountId}/*`],
    conditions: {
      // IfExists: AWS does not say that its delivery always names the load balancer.
      ArnLikeIfExists: {
        "aws:SourceArn": `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/*`,
      },
    },
  };
}
