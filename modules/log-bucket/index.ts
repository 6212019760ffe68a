/**
 * The bucket that receives the access logs of an environment's other buckets and of its load balancers, for some days.
 *
 * Encrypted with S3's own key, as S3 and load balancers deliver logs to no other:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html,
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 *
 * @module
 */
export { LogBucket, type LogBucketConfig } from "./log-bucket";
