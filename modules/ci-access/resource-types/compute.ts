import { type Access, type AccessTable, ANYWHERE } from "./access";

const FUNCTIONS = ["arn:aws:lambda:*:{account}:function:{prefix}-*"];
const CLUSTERS = ["arn:aws:ecs:*:{account}:cluster/{prefix}-*"];
const CAPACITY_PROVIDERS = ["arn:aws:ecs:*:{account}:capacity-provider/{prefix}-*"];
const SERVICES = ["arn:aws:ecs:*:{account}:service/{prefix}-*/*"];
const TASK_DEFINITIONS = ["arn:aws:ecs:*:{account}:task-definition/{prefix}-*:*"];
const GROUPS = ["arn:aws:autoscaling:*:{account}:autoScalingGroup:*:autoScalingGroupName/{prefix}-*"];
/** Scalable targets have ids. */
const TARGETS = ["arn:aws:application-autoscaling:*:{account}:scalable-target/*"];

const ecsTags = (on: readonly string[]): Access => ({
  on,
  read: ["ecs:ListTagsForResource"],
  manage: ["ecs:TagResource", "ecs:UntagResource"],
});

/** Functions, containers, instances and how many there are of them. */
export const COMPUTE: AccessTable = {
  aws_lambda_function: [
    {
      on: FUNCTIONS,
      read: [
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
      ],
      manage: [
        "lambda:CreateFunction",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionConcurrency",
        // Asked for while an update is waited for.
        "lambda:GetFunctionConfiguration",
        "lambda:PublishVersion",
        "lambda:PutFunctionConcurrency",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
      ],
    },
  ],
  aws_lambda_alias: [
    {
      on: FUNCTIONS,
      read: ["lambda:GetAlias"],
      manage: ["lambda:CreateAlias", "lambda:DeleteAlias", "lambda:UpdateAlias"],
    },
  ],
  aws_lambda_permission: [
    {
      on: FUNCTIONS,
      read: ["lambda:GetPolicy"],
      manage: ["lambda:AddPermission", "lambda:RemovePermission"],
    },
  ],
  aws_lambda_function_event_invoke_config: [
    {
      on: FUNCTIONS,
      read: ["lambda:GetFunctionEventInvokeConfig"],
      manage: [
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:UpdateFunctionEventInvokeConfig",
      ],
    },
  ],
  aws_lambda_event_source_mapping: [
    // It has an id; making one names the function in a condition key alone.
    {
      on: ["arn:aws:lambda:*:{account}:event-source-mapping:*"],
      read: ["lambda:GetEventSourceMapping", "lambda:ListTags"],
    },
    {
      on: ["arn:aws:lambda:*:{account}:event-source-mapping:*"],
      tags: "resource",
      manage: ["lambda:DeleteEventSourceMapping", "lambda:UntagResource", "lambda:UpdateEventSourceMapping"],
    },
    {
      on: ["arn:aws:lambda:*:{account}:event-source-mapping:*"],
      tags: "new",
      manage: ["lambda:TagResource"],
    },
    { on: ANYWHERE, tags: "request", manage: ["lambda:CreateEventSourceMapping"] },
  ],
  aws_ecs_cluster: [
    ecsTags(CLUSTERS),
    {
      on: CLUSTERS,
      read: ["ecs:DescribeClusters"],
      manage: ["ecs:CreateCluster", "ecs:DeleteCluster", "ecs:UpdateCluster"],
    },
  ],
  aws_ecs_cluster_capacity_providers: [
    { on: CLUSTERS, read: ["ecs:DescribeClusters"], manage: ["ecs:PutClusterCapacityProviders"] },
  ],
  aws_ecs_capacity_provider: [
    ecsTags(CAPACITY_PROVIDERS),
    {
      on: CAPACITY_PROVIDERS,
      read: ["ecs:DescribeCapacityProviders"],
      manage: ["ecs:CreateCapacityProvider", "ecs:DeleteCapacityProvider", "ecs:UpdateCapacityProvider"],
    },
  ],
  aws_ecs_service: [
    ecsTags(SERVICES),
    {
      on: SERVICES,
      read: ["ecs:DescribeServices"],
      manage: ["ecs:CreateService", "ecs:DeleteService", "ecs:UpdateService"],
    },
  ],
  aws_ecs_task_definition: [
    ecsTags(TASK_DEFINITIONS),
    { on: ANYWHERE, read: ["ecs:DescribeTaskDefinition"], manage: ["ecs:DeregisterTaskDefinition"] },
    { on: TASK_DEFINITIONS, manage: ["ecs:RegisterTaskDefinition"] },
  ],
  aws_launch_template: [
    { on: ANYWHERE, read: ["ec2:DescribeLaunchTemplateVersions", "ec2:DescribeLaunchTemplates"] },
    {
      on: ["arn:aws:ec2:*:{account}:launch-template/*"],
      tags: "request",
      manage: ["ec2:CreateLaunchTemplate"],
    },
    {
      on: ["arn:aws:ec2:*:{account}:*"],
      tags: "resource",
      manage: ["ec2:CreateLaunchTemplateVersion", "ec2:DeleteLaunchTemplate", "ec2:ModifyLaunchTemplate"],
    },
  ],
  aws_autoscaling_group: [
    {
      on: ANYWHERE,
      read: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeInstanceRefreshes",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
      ],
    },
    {
      on: GROUPS,
      manage: [
        "autoscaling:CancelInstanceRefresh",
        "autoscaling:CreateAutoScalingGroup",
        "autoscaling:CreateOrUpdateTags",
        "autoscaling:DeleteAutoScalingGroup",
        "autoscaling:DeleteTags",
        "autoscaling:DisableMetricsCollection",
        "autoscaling:EnableMetricsCollection",
        "autoscaling:SetInstanceProtection",
        "autoscaling:StartInstanceRefresh",
        "autoscaling:UpdateAutoScalingGroup",
      ],
    },
    // AWS checks that who names a launch template could start its instances:
    // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
    {
      on: ["instance", "volume"].map((kind) => `arn:aws:ec2:*:{account}:${kind}/*`),
      tags: "request",
      manage: ["ec2:RunInstances"],
    },
    {
      on: ["arn:aws:ec2:*:{account}:*"],
      tags: "resource",
      manage: ["ec2:RunInstances"],
    },
    {
      on: [
        "arn:aws:ec2:*:{account}:network-interface/*",
        // Amazon's images belong to no account of ours.
        "arn:aws:ec2:*::image/*",
        "arn:aws:ec2:*::snapshot/*",
      ],
      manage: ["ec2:RunInstances"],
    },
    { on: ["arn:aws:ssm:*::parameter/aws/service/ecs/*"], manage: ["ssm:GetParameters"] },
  ],
  aws_appautoscaling_target: [
    {
      on: ANYWHERE,
      read: ["application-autoscaling:DescribeScalableTargets"],
    },
    {
      on: TARGETS,
      read: ["application-autoscaling:ListTagsForResource"],
      manage: [
        "application-autoscaling:DeregisterScalableTarget",
        "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:TagResource",
        "application-autoscaling:UntagResource",
      ],
    },
  ],
  aws_appautoscaling_policy: [
    { on: ANYWHERE, read: ["application-autoscaling:DescribeScalingPolicies"] },
    {
      on: TARGETS,
      manage: ["application-autoscaling:DeleteScalingPolicy", "application-autoscaling:PutScalingPolicy"],
    },
  ],
  aws_appautoscaling_scheduled_action: [
    { on: ANYWHERE, read: ["application-autoscaling:DescribeScheduledActions"] },
    {
      on: TARGETS,
      manage: ["application-autoscaling:DeleteScheduledAction", "application-autoscaling:PutScheduledAction"],
    },
  ],
  aws_service_discovery_private_dns_namespace: [
    // Answers for any namespace; tags are of any resource of Cloud Map.
    { on: ANYWHERE, read: ["servicediscovery:ListTagsForResource"] },
    {
      on: ["arn:aws:servicediscovery:*:{account}:namespace/*"],
      read: ["servicediscovery:GetNamespace"],
      manage: ["servicediscovery:GetOperation"],
    },
    {
      on: ANYWHERE,
      tags: "request",
      manage: ["servicediscovery:CreatePrivateDnsNamespace", "servicediscovery:TagResource"],
    },
    {
      on: ["arn:aws:servicediscovery:*:{account}:namespace/*"],
      tags: "resource",
      manage: ["servicediscovery:DeleteNamespace", "servicediscovery:UpdatePrivateDnsNamespace"],
    },
  ],
  aws_service_discovery_service: [
    { on: ANYWHERE, read: ["servicediscovery:ListTagsForResource"] },
    { on: ["arn:aws:servicediscovery:*:{account}:service/*"], read: ["servicediscovery:GetService"] },
    {
      on: ["arn:aws:servicediscovery:*:{account}:service/*"],
      tags: "request",
      manage: ["servicediscovery:CreateService"],
    },
    {
      on: ["arn:aws:servicediscovery:*:{account}:namespace/*"],
      tags: "resource",
      manage: ["servicediscovery:CreateService"],
    },
    {
      on: ["arn:aws:servicediscovery:*:{account}:service/*"],
      tags: "resource",
      manage: [
        "servicediscovery:DeleteService",
        "servicediscovery:DeregisterInstance",
        "servicediscovery:ListInstances",
        "servicediscovery:UpdateService",
      ],
    },
  ],
};
