/**
 * The resource policy of an SQS queue: TLS alone, and the AWS services that may send to it, each for the one resource that it sends for.
 *
 * @module
 */
export { QueuePolicy, type QueuePolicyConfig, type ServiceProducer } from "./queue-policy";
