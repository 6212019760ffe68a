import { type Access, type AccessTable, ANYWHERE } from "./access";

/** Log groups are named `/aws/lambda/<name>`, `aws-waf-logs-<name>` and the like; API Gateway's own by the id of the API. */
const LOG_GROUPS = [
  "arn:aws:logs:*:{account}:log-group:*{prefix}-*",
  "arn:aws:logs:*:{account}:log-group:API-Gateway-Execution-Logs_*",
];
const DELIVERIES = ["arn:aws:logs:*:{account}:delivery:*"];
const DELIVERY_ENDS = [
  "arn:aws:logs:*:{account}:delivery-destination:{prefix}-*",
  "arn:aws:logs:*:{account}:delivery-source:{prefix}-*",
];
const ALARMS = ["arn:aws:cloudwatch:*:{account}:alarm:{prefix}-*"];
/** Of the default bus; of another, `rule/<bus>/<rule>`. */
const RULES = ["arn:aws:events:*:{account}:rule/{prefix}-*"];
const BUSES = ["arn:aws:events:*:{account}:event-bus/{prefix}-*"];
const ARCHIVES = ["arn:aws:events:*:{account}:archive/{prefix}-*"];
const STREAMS = ["arn:aws:kinesis:*:{account}:stream/{prefix}-*"];
const TOPICS = ["arn:aws:sns:*:{account}:{prefix}-*"];
const QUEUES = ["arn:aws:sqs:*:{account}:{prefix}-*"];
const GLUE = [
  "arn:aws:glue:*:{account}:catalog",
  "arn:aws:glue:*:{account}:database/{sqlPrefix}_*",
  "arn:aws:glue:*:{account}:table/{sqlPrefix}_*/*",
  // None is made; a database is removed with all that could be in it.
  "arn:aws:glue:*:{account}:userDefinedFunction/{sqlPrefix}_*/*",
];

const logTags = (on: readonly string[]): Access => ({
  on,
  read: ["logs:ListTagsForResource"],
  manage: ["logs:TagResource", "logs:UntagResource"],
});

/** Logs, alarms, schedules, messages. */
export const OPERATIONS: AccessTable = {
  aws_cloudwatch_log_group: [
    { on: ANYWHERE, read: ["logs:DescribeLogGroups"] },
    logTags(LOG_GROUPS),
    {
      on: LOG_GROUPS,
      manage: [
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey",
        "logs:PutRetentionPolicy",
      ],
    },
  ],
  aws_cloudwatch_log_resource_policy: [
    {
      on: ANYWHERE,
      read: ["logs:DescribeResourcePolicies"],
      manage: ["logs:DeleteResourcePolicy", "logs:PutResourcePolicy"],
    },
  ],
  aws_cloudwatch_log_delivery: [
    logTags([...DELIVERIES, ...DELIVERY_ENDS]),
    { on: DELIVERIES, read: ["logs:GetDelivery"], manage: ["logs:DeleteDelivery"] },
    {
      on: [...DELIVERIES, ...DELIVERY_ENDS],
      manage: ["logs:CreateDelivery", "logs:UpdateDeliveryConfiguration"],
    },
  ],
  aws_cloudwatch_log_delivery_destination: [
    logTags([...DELIVERIES, ...DELIVERY_ENDS]),
    {
      on: DELIVERY_ENDS,
      read: ["logs:GetDeliveryDestination"],
      manage: ["logs:DeleteDeliveryDestination", "logs:PutDeliveryDestination"],
    },
  ],
  aws_cloudwatch_log_delivery_source: [
    logTags([...DELIVERIES, ...DELIVERY_ENDS]),
    {
      on: DELIVERY_ENDS,
      read: ["logs:GetDeliverySource"],
      manage: ["logs:DeleteDeliverySource", "logs:PutDeliverySource"],
    },
    {
      on: ["arn:aws:cloudfront::{account}:distribution/*"],
      manage: ["cloudfront:AllowVendedLogDeliveryForResource"],
    },
  ],
  aws_cloudwatch_metric_alarm: [
    // It lists, whatever names it is given.
    { on: ["arn:aws:cloudwatch:*:{account}:alarm:*"], read: ["cloudwatch:DescribeAlarms"] },
    {
      on: ALARMS,
      read: ["cloudwatch:ListTagsForResource"],
      manage: [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ],
    },
  ],
  aws_cloudwatch_composite_alarm: [
    { on: ["arn:aws:cloudwatch:*:{account}:alarm:*"], read: ["cloudwatch:DescribeAlarms"] },
    {
      on: ALARMS,
      read: ["cloudwatch:ListTagsForResource"],
      manage: ["cloudwatch:DeleteAlarms", "cloudwatch:TagResource", "cloudwatch:UntagResource"],
    },
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html: refused with a narrower scope.
    { on: ANYWHERE, manage: ["cloudwatch:PutCompositeAlarm"] },
  ],
  aws_cloudwatch_dashboard: [
    {
      on: ["arn:aws:cloudwatch::{account}:dashboard/{prefix}-*"],
      read: ["cloudwatch:GetDashboard"],
      manage: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
    },
  ],
  aws_cloudwatch_log_metric_filter: [
    {
      on: LOG_GROUPS,
      read: ["logs:DescribeMetricFilters"],
      manage: ["logs:DeleteMetricFilter", "logs:PutMetricFilter"],
    },
  ],
  // Query definitions have no ARN: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
  aws_cloudwatch_query_definition: [
    {
      on: ANYWHERE,
      read: ["logs:DescribeQueryDefinitions"],
      manage: ["logs:DeleteQueryDefinition", "logs:PutQueryDefinition"],
    },
  ],
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  aws_xray_group: [
    {
      on: ["arn:aws:xray:*:{account}:group/{prefix32}*/*"],
      read: ["xray:GetGroup", "xray:ListTagsForResource"],
      manage: [
        "xray:CreateGroup",
        "xray:DeleteGroup",
        "xray:TagResource",
        "xray:UntagResource",
        "xray:UpdateGroup",
      ],
    },
  ],
  aws_xray_sampling_rule: [
    // It lists all.
    { on: ANYWHERE, read: ["xray:GetSamplingRules"] },
    {
      on: ["arn:aws:xray:*:{account}:sampling-rule/{prefix32}*"],
      read: ["xray:ListTagsForResource"],
      manage: [
        "xray:CreateSamplingRule",
        "xray:DeleteSamplingRule",
        "xray:TagResource",
        "xray:UntagResource",
        "xray:UpdateSamplingRule",
      ],
    },
  ],
  aws_cloudwatch_event_rule: [
    {
      on: RULES,
      read: ["events:DescribeRule", "events:ListTagsForResource"],
      manage: ["events:DeleteRule", "events:PutRule", "events:TagResource", "events:UntagResource"],
    },
  ],
  aws_cloudwatch_event_target: [
    {
      on: RULES,
      read: ["events:ListTargetsByRule"],
      manage: ["events:PutTargets", "events:RemoveTargets"],
    },
  ],
  aws_cloudwatch_event_bus: [
    {
      on: BUSES,
      read: ["events:DescribeEventBus", "events:ListTagsForResource"],
      manage: [
        "events:CreateEventBus",
        "events:DeleteEventBus",
        "events:TagResource",
        "events:UntagResource",
        "events:UpdateEventBus",
      ],
    },
  ],
  aws_cloudwatch_event_archive: [
    {
      on: ARCHIVES,
      read: ["events:DescribeArchive"],
      manage: ["events:DeleteArchive", "events:UpdateArchive"],
    },
    // It asks for the right to archive of the bus, too, and makes a rule of its own there.
    { on: [...ARCHIVES, ...BUSES], manage: ["events:CreateArchive"] },
    { on: RULES, manage: ["events:PutRule", "events:PutTargets"] },
  ],
  aws_schemas_registry: [
    {
      on: ["arn:aws:schemas:*:{account}:registry/{prefix}-*"],
      read: ["schemas:DescribeRegistry", "schemas:ListTagsForResource"],
      manage: [
        "schemas:CreateRegistry",
        "schemas:DeleteRegistry",
        "schemas:TagResource",
        "schemas:UntagResource",
        "schemas:UpdateRegistry",
      ],
    },
  ],
  aws_schemas_schema: [
    {
      on: ["arn:aws:schemas:*:{account}:schema/{prefix}-*"],
      read: ["schemas:DescribeSchema", "schemas:ListTagsForResource"],
      manage: [
        "schemas:CreateSchema",
        "schemas:DeleteSchema",
        "schemas:TagResource",
        "schemas:UntagResource",
        "schemas:UpdateSchema",
      ],
    },
  ],
  aws_kinesis_stream: [
    {
      on: STREAMS,
      read: ["kinesis:DescribeStreamSummary", "kinesis:ListTagsForStream"],
      manage: [
        "kinesis:AddTagsToStream",
        "kinesis:CreateStream",
        "kinesis:DecreaseStreamRetentionPeriod",
        "kinesis:DeleteStream",
        "kinesis:IncreaseStreamRetentionPeriod",
        "kinesis:RemoveTagsFromStream",
      ],
    },
    {
      on: [...STREAMS, "arn:aws:kms:*:{account}:key/*"],
      manage: ["kinesis:StartStreamEncryption", "kinesis:StopStreamEncryption"],
    },
    {
      on: ANYWHERE,
      read: ["kinesis:DescribeLimits"],
      manage: ["kinesis:UpdateShardCount", "kinesis:UpdateStreamMode"],
    },
  ],
  aws_scheduler_schedule: [
    {
      on: ["arn:aws:scheduler:*:{account}:schedule/default/{prefix}-*"],
      read: ["scheduler:GetSchedule"],
      manage: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"],
    },
  ],
  aws_sns_topic: [
    {
      on: TOPICS,
      read: ["sns:GetTopicAttributes", "sns:ListTagsForResource"],
      manage: [
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes",
        "sns:TagResource",
        "sns:UntagResource",
      ],
    },
  ],
  aws_sns_topic_policy: [
    { on: TOPICS, read: ["sns:GetTopicAttributes"], manage: ["sns:SetTopicAttributes"] },
  ],
  aws_sns_topic_subscription: [
    {
      on: TOPICS,
      read: ["sns:GetSubscriptionAttributes"],
      manage: ["sns:SetSubscriptionAttributes", "sns:Subscribe", "sns:Unsubscribe"],
    },
  ],
  aws_sqs_queue: [
    {
      on: QUEUES,
      read: ["sqs:GetQueueAttributes", "sqs:ListQueueTags"],
      manage: [
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:SetQueueAttributes",
        "sqs:TagQueue",
        "sqs:UntagQueue",
      ],
    },
  ],
  aws_sqs_queue_policy: [
    { on: QUEUES, read: ["sqs:GetQueueAttributes"], manage: ["sqs:SetQueueAttributes"] },
  ],
  aws_sqs_queue_redrive_allow_policy: [
    { on: QUEUES, read: ["sqs:GetQueueAttributes"], manage: ["sqs:SetQueueAttributes"] },
  ],
  aws_glue_catalog_database: [
    {
      on: GLUE,
      read: ["glue:GetDatabase"],
      manage: ["glue:CreateDatabase", "glue:DeleteDatabase", "glue:UpdateDatabase"],
    },
    {
      on: ["arn:aws:glue:*:{account}:database/{sqlPrefix}_*"],
      read: ["glue:GetTags"],
      manage: ["glue:TagResource", "glue:UntagResource"],
    },
  ],
  aws_glue_catalog_table: [
    {
      on: GLUE,
      read: ["glue:GetPartitionIndexes", "glue:GetTable"],
      manage: ["glue:CreateTable", "glue:DeleteTable", "glue:UpdateTable"],
    },
  ],
};
