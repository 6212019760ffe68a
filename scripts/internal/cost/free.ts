/** Why a type costs nothing, and where that is written. */
export interface FreeType {
  readonly why: string;
  /** A page of AWS's, or of Terraform's. */
  readonly source: string;
}

/** Types that cost nothing for one reason. */
interface Group extends FreeType {
  readonly types: readonly string[];
}

const GROUPS: readonly Group[] = [
  {
    why: "public certificates cost nothing",
    source: "https://aws.amazon.com/certificate-manager/pricing/",
    types: ["aws_acm_certificate", "aws_acm_certificate_validation"],
  },
  {
    why: "API Gateway charges for requests and for the cache of a stage",
    source: "https://aws.amazon.com/api-gateway/pricing/",
    types: [
      "aws_api_gateway_account",
      "aws_api_gateway_authorizer",
      "aws_api_gateway_base_path_mapping",
      "aws_api_gateway_deployment",
      "aws_api_gateway_domain_name",
      "aws_api_gateway_gateway_response",
      "aws_api_gateway_integration",
      "aws_api_gateway_integration_response",
      "aws_api_gateway_method",
      "aws_api_gateway_method_response",
      "aws_api_gateway_model",
      "aws_api_gateway_request_validator",
      "aws_api_gateway_resource",
      "aws_api_gateway_rest_api",
    ],
  },
  {
    why: "auto scaling costs nothing beside what it starts, and the alarms of its policies",
    source: "https://aws.amazon.com/autoscaling/pricing/",
    types: ["aws_appautoscaling_target", "aws_appautoscaling_scheduled_action"],
  },
  {
    why: "CloudFront charges for data, requests, functions and invalidations",
    source: "https://aws.amazon.com/cloudfront/pricing/",
    types: [
      "aws_cloudfront_cache_policy",
      "aws_cloudfront_key_group",
      "aws_cloudfront_origin_access_control",
      "aws_cloudfront_public_key",
      "aws_cloudfront_response_headers_policy",
    ],
  },
  {
    why: "events of AWS's own services cost nothing",
    source: "https://aws.amazon.com/eventbridge/pricing/",
    types: ["aws_cloudwatch_event_rule", "aws_cloudwatch_event_target"],
  },
  {
    why: "the schema registry costs nothing, schema discovery does",
    source: "https://aws.amazon.com/eventbridge/pricing/",
    types: ["aws_schemas_registry", "aws_schemas_schema"],
  },
  {
    why: "CloudWatch charges for the logs themselves",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
    types: [
      "aws_cloudwatch_log_delivery_destination",
      "aws_cloudwatch_log_delivery_source",
      "aws_cloudwatch_log_resource_policy",
      "aws_cloudwatch_query_definition",
      "aws_flow_log",
    ],
  },
  {
    why: "X-Ray charges for traces that are recorded and read",
    source: "https://aws.amazon.com/xray/pricing/",
    types: ["aws_xray_group", "aws_xray_sampling_rule"],
  },
  {
    why: "deployments to Lambda, ECS and EC2 cost nothing",
    source: "https://aws.amazon.com/codedeploy/pricing/",
    types: ["aws_codedeploy_app", "aws_codedeploy_deployment_config", "aws_codedeploy_deployment_group"],
  },
  {
    why: "Cognito charges for the active users of a user pool",
    source: "https://aws.amazon.com/cognito/pricing/",
    types: [
      "aws_cognito_identity_pool",
      "aws_cognito_identity_pool_roles_attachment",
      "aws_cognito_resource_server",
      "aws_cognito_risk_configuration",
      "aws_cognito_user_group",
      "aws_cognito_user_pool_client",
      "aws_cognito_user_pool_domain",
    ],
  },
  {
    why: "DynamoDB charges for the nodes of a cache",
    source: "https://aws.amazon.com/dynamodb/pricing/",
    types: ["aws_dax_parameter_group", "aws_dax_subnet_group"],
  },
  {
    why: "RDS charges for instances, storage, I/O and backups",
    source: "https://aws.amazon.com/rds/pricing/",
    types: [
      "aws_db_parameter_group",
      "aws_db_proxy_default_target_group",
      "aws_db_proxy_target",
      "aws_db_subnet_group",
      "aws_rds_cluster_parameter_group",
    ],
  },
  {
    why: "ECR charges for stored images and their transfer",
    source: "https://aws.amazon.com/ecr/pricing/",
    types: ["aws_ecr_lifecycle_policy", "aws_ecr_repository_policy"],
  },
  {
    why: "ECS charges for Fargate tasks, and for instances where tasks run on them",
    source: "https://aws.amazon.com/ecs/pricing/",
    types: [
      "aws_ecs_account_setting_default",
      "aws_ecs_capacity_provider",
      "aws_ecs_cluster_capacity_providers",
      "aws_ecs_task_definition",
    ],
  },
  {
    why: "EC2 charges for the instances that are launched",
    source: "https://aws.amazon.com/ec2/pricing/on-demand/",
    types: ["aws_launch_template"],
  },
  {
    why: "ElastiCache charges for nodes and snapshots",
    source: "https://aws.amazon.com/elasticache/pricing/",
    types: [
      "aws_elasticache_parameter_group",
      "aws_elasticache_subnet_group",
      "aws_elasticache_user",
      "aws_elasticache_user_group",
    ],
  },
  {
    why: "IAM costs nothing",
    source: "https://aws.amazon.com/iam/faqs/",
    types: [
      "aws_iam_instance_profile",
      "aws_iam_openid_connect_provider",
      "aws_iam_policy",
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_iam_role_policy_attachment",
    ],
  },
  {
    why: "KMS charges for keys and requests",
    source: "https://aws.amazon.com/kms/pricing/",
    types: ["aws_kms_alias"],
  },
  {
    why: "Lambda charges for requests and their duration",
    source: "https://aws.amazon.com/lambda/pricing/",
    types: [
      "aws_lambda_alias",
      "aws_lambda_event_source_mapping",
      "aws_lambda_function_event_invoke_config",
      "aws_lambda_permission",
    ],
  },
  {
    why: "load balancing charges for load balancers and their capacity units",
    source: "https://aws.amazon.com/elasticloadbalancing/pricing/",
    types: [
      "aws_lb_listener",
      "aws_lb_listener_certificate",
      "aws_lb_listener_rule",
      "aws_lb_target_group",
      "aws_lb_target_group_attachment",
    ],
  },
  {
    why: "Route 53 charges for zones and for queries of what is no alias",
    source: "https://aws.amazon.com/route53/pricing/",
    types: [
      "aws_route53_hosted_zone_dnssec",
      "aws_route53_key_signing_key",
      "aws_route53_query_log",
      "aws_route53_record",
    ],
  },
  {
    why: "S3 charges for storage, requests and data of the bucket",
    source: "https://aws.amazon.com/s3/pricing/",
    types: [
      "aws_s3_bucket_cors_configuration",
      "aws_s3_bucket_lifecycle_configuration",
      "aws_s3_bucket_logging",
      "aws_s3_bucket_notification",
      "aws_s3_bucket_ownership_controls",
      "aws_s3_bucket_policy",
      "aws_s3_bucket_public_access_block",
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_s3_bucket_versioning",
      "aws_s3_object",
    ],
  },
  {
    why: "Secrets Manager charges for secrets and calls",
    source: "https://aws.amazon.com/secrets-manager/pricing/",
    types: ["aws_secretsmanager_secret_rotation", "aws_secretsmanager_secret_version"],
  },
  {
    why: "SNS charges for messages",
    source: "https://aws.amazon.com/sns/pricing/",
    types: ["aws_sns_topic_policy"],
  },
  {
    why: "SQS charges for requests",
    source: "https://aws.amazon.com/sqs/pricing/",
    types: ["aws_sqs_queue_policy", "aws_sqs_queue_redrive_allow_policy"],
  },
  {
    why: "a VPC costs nothing beside gateways, endpoints, addresses and data; who connects to an endpoint service pays for the endpoint",
    source: "https://aws.amazon.com/vpc/pricing/",
    types: [
      "aws_default_security_group",
      "aws_egress_only_internet_gateway",
      "aws_internet_gateway",
      "aws_route",
      "aws_route_table",
      "aws_route_table_association",
      "aws_security_group",
      "aws_subnet",
      "aws_vpc",
      "aws_vpc_endpoint_connection_accepter",
      "aws_vpc_endpoint_service",
      "aws_vpc_endpoint_service_private_dns_verification",
      "aws_vpc_peering_connection",
      "aws_vpc_peering_connection_accepter",
      "aws_vpc_peering_connection_options",
      "aws_vpc_security_group_egress_rule",
      "aws_vpc_security_group_ingress_rule",
    ],
  },
  {
    why: "WAF charges for web ACLs, rules and requests",
    source: "https://aws.amazon.com/waf/pricing/",
    types: ["aws_wafv2_ip_set", "aws_wafv2_web_acl_association", "aws_wafv2_web_acl_logging_configuration"],
  },
  {
    why: "it is Terraform's own, and makes nothing",
    source: "https://developer.hashicorp.com/terraform/language/resources/terraform-data",
    types: ["terraform_data"],
  },
];

/** Types that AWS does not charge for. */
export const FREE_TYPES: Readonly<Record<string, FreeType>> = Object.fromEntries(
  GROUPS.flatMap(({ types, why, source }) => types.map((type) => [type, { why, source }])),
);
