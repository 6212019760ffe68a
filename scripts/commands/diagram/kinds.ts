/** What is drawn of a stack, and as what. All other resources are what these are made with. */
export interface Kind {
  /** As people call it, e.g. `DynamoDB`. */
  readonly title: string;
  /** Colour of its box. */
  readonly group: "entry" | "compute" | "data" | "message" | "security" | "outside";
}

export const KINDS: Readonly<Record<string, Kind>> = {
  aws_api_gateway_rest_api: { title: "API Gateway", group: "entry" },
  aws_autoscaling_group: { title: "Auto Scaling group", group: "compute" },
  aws_cloudfront_distribution: { title: "CloudFront", group: "entry" },
  aws_cloudwatch_event_bus: { title: "EventBridge bus", group: "message" },
  aws_cognito_identity_pool: { title: "Cognito identity pool", group: "security" },
  aws_cognito_user_pool: { title: "Cognito user pool", group: "security" },
  aws_dax_cluster: { title: "DAX", group: "data" },
  aws_dynamodb_table: { title: "DynamoDB", group: "data" },
  aws_ecs_service: { title: "ECS service", group: "compute" },
  aws_elasticache_cluster: { title: "ElastiCache", group: "data" },
  aws_elasticache_replication_group: { title: "ElastiCache", group: "data" },
  aws_elasticache_serverless_cache: { title: "ElastiCache Serverless", group: "data" },
  aws_kinesis_stream: { title: "Kinesis stream", group: "message" },
  aws_lambda_function: { title: "Lambda", group: "compute" },
  aws_lb: { title: "Load balancer", group: "entry" },
  aws_rds_cluster: { title: "Aurora", group: "data" },
  aws_db_instance: { title: "RDS", group: "data" },
  aws_s3_bucket: { title: "S3", group: "data" },
  aws_sfn_state_machine: { title: "Step Functions", group: "compute" },
  aws_sns_topic: { title: "SNS topic", group: "message" },
  aws_sqs_queue: { title: "SQS queue", group: "message" },
  aws_vpc_endpoint_service: { title: "PrivateLink service", group: "entry" },
  aws_wafv2_web_acl: { title: "WAF", group: "security" },
};

/**
 * Resources through which what is drawn is referred to: type to the attribute that names what it is a part of. A function's alias
 * stands for the function, a database's instance for its cluster.
 */
export const PART_OF: Readonly<Record<string, string>> = {
  aws_api_gateway_deployment: "rest_api_id",
  aws_api_gateway_stage: "rest_api_id",
  aws_cloudfront_vpc_origin: "vpc_origin_endpoint_config",
  aws_cognito_user_pool_client: "user_pool_id",
  aws_cognito_user_pool_domain: "user_pool_id",
  aws_lambda_alias: "function_name",
  aws_lb_listener: "load_balancer_arn",
  aws_rds_cluster_instance: "cluster_identifier",
  aws_route53_record: "alias",
  aws_s3_bucket_policy: "bucket",
};

/**
 * Resources that say for what another stands: type to the attributes that name the one, and what stands behind it. A custom domain
 * stands for its API, a target group for the load balancer that is its target, a role for the pool whose users get it.
 */
export const STANDS_FOR: Readonly<Record<string, readonly [what: string, behind: string]>> = {
  aws_api_gateway_base_path_mapping: ["domain_name", "api_id"],
  aws_cognito_identity_pool_roles_attachment: ["roles", "identity_pool_id"],
  aws_lb_target_group_attachment: ["target_group_arn", "target_id"],
};

/**
 * Resources that join two others, drawn as an arrow: type to the attributes that name where it begins and where it may end. A role
 * stands for all that has it, a target group for the services behind it.
 */
export const JOINS: Readonly<Record<string, readonly [from: string, ...to: string[]]>> = {
  aws_api_gateway_authorizer: ["rest_api_id", "provider_arns"],
  aws_api_gateway_integration: ["rest_api_id", "uri"],
  aws_cloudwatch_event_target: ["event_bus_name", "arn"],
  aws_iam_role_policy: ["role", "policy"],
  aws_lambda_event_source_mapping: ["event_source_arn", "function_name"],
  aws_lambda_function_event_invoke_config: ["function_name", "destination_config"],
  aws_lb_listener: ["load_balancer_arn", "default_action"],
  aws_lb_listener_rule: ["listener_arn", "action"],
  aws_s3_bucket_notification: ["bucket", "lambda_function", "queue"],
  aws_sns_topic_subscription: ["topic_arn", "endpoint"],
  aws_wafv2_web_acl_association: ["web_acl_arn", "resource_arn"],
};
