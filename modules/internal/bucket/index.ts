/**
 * An S3 bucket as every module wants it: private, encrypted, versioned, TLS only, logged, its old versions expiring.
 *
 * @module
 */
export { accessLogDelivery, LOAD_BALANCER_LOG_PREFIX, loadBalancerLogDelivery } from "./access-logs";
export { Bucket, type BucketConfig, type CorsRule, type ExpiryRule } from "./bucket";
export { ownEncryptionOnly } from "./own-encryption";
