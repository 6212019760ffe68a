/**
 * Types that cost something which is not worked out, each with the reason. What else a resource costs may still be: a user pool is priced by
 * its users, and the identity provider beside it is named here.
 */
export const UNPRICED_TYPES: Readonly<Record<string, string>> = {
  aws_api_gateway_method_settings:
    "detailed metrics cost what CloudWatch's metrics do, for each method that is called: their number is not known",
  aws_cloudfront_monitoring_subscription:
    "CloudFront's additional metrics cost a fixed sum for each distribution: no source gave it",
  aws_cloudwatch_dashboard:
    "a dashboard costs a fixed sum beyond an account's first three: no source gave it",
  aws_cloudwatch_event_archive:
    "an archive costs by the GB that it stores and replays: no source gave the price",
  aws_cloudwatch_event_bus: "a bus costs by the million of events put on it: no source gave the price",
  aws_cloudwatch_log_metric_filter:
    "the metrics that it makes cost what others do, in months in which there is something to count: their number is not known",
  aws_cognito_identity_provider:
    "users who come from another provider cost more: their number is not assumed",
  aws_db_proxy: "a proxy costs by the cores of its database: no source gave their number",
  aws_ecs_cluster: "Container Insights costs by the metrics of services and tasks: their number is not known",
  aws_elasticache_serverless_cache:
    "a serverless cache costs by data and commands: nothing is assumed of them",
  aws_route53_health_check: "no source gave the price of a health check with its options",
  aws_scheduler_schedule:
    "EventBridge Scheduler costs by the million of invocations: no source gave the price",
  aws_sfn_state_machine:
    "workflows cost by their state transitions, Express ones by executions, their time and memory: nothing is assumed of them",
  aws_service_discovery_private_dns_namespace:
    "a namespace makes a hosted zone, which costs as any other: it is not worked out",
  aws_service_discovery_service: "Cloud Map costs by instances and look-ups: nothing is assumed of them",
};
