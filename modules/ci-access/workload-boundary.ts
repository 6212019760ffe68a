import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { ofEnvironment, tagCondition } from "./statements";

/**
 * The most that any role of the environment's stack can ever do, whatever its own policies say: use the environment's data and write
 * its telemetry. No right over roles, policies, keys or settings is among it, so that a deployment, which writes those policies, cannot
 * give a role more than this; but for the deliveries of logs and what may write to log groups, which AWS has each workflow's role set up.
 */
export function workloadBoundary(label: Label): PolicyStatement[] {
  const arns = (...patterns: readonly string[]) => patterns.map((arn) => ofEnvironment(label, arn));
  return [
    {
      sid: "UseTables",
      actions: [
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem",
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
      ],
      resources: arns("arn:aws:dynamodb:*:{account}:table/{prefix}-*"),
    },
    {
      sid: "UseCaches",
      actions: ["dax:BatchGetItem", "dax:GetItem", "dax:Query", "elasticache:Connect"],
      resources: arns(
        "arn:aws:dax:*:{account}:cache/{prefix20}*",
        "arn:aws:elasticache:*:{account}:replicationgroup:{prefix40}*",
        "arn:aws:elasticache:*:{account}:serverlesscache:{prefix40}*",
        "arn:aws:elasticache:*:{account}:user:{prefix40}*",
      ),
    },
    {
      sid: "UseFiles",
      actions: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:PutObject",
      ],
      resources: arns("arn:aws:s3:::{prefix}-*"),
    },
    {
      sid: "NotTheState",
      effect: "Deny",
      actions: [
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObject",
      ],
      resources: arns("arn:aws:s3:::{prefix}-tfstate*"),
    },
    {
      sid: "UseKeys",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: arns("arn:aws:kms:*:{account}:key/*"),
      conditions: tagCondition(label, "resource"),
    },
    {
      sid: "ReadSecrets",
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      // RDS and CloudFormation name those that they make.
      resources: arns(
        "arn:aws:secretsmanager:*:{account}:secret:{prefix}-*",
        "arn:aws:secretsmanager:*:{account}:secret:rds!*",
        "arn:aws:secretsmanager:*:{account}:secret:Password*",
      ),
    },
    {
      sid: "SignInToDatabases",
      actions: ["rds-db:connect"],
      resources: arns("arn:aws:rds-db:*:{account}:dbuser:*/*"),
    },
    {
      sid: "Call",
      actions: [
        "autoscaling:StartInstanceRefresh",
        "execute-api:Invoke",
        "lambda:GetAlias",
        "lambda:GetProvisionedConcurrencyConfig",
        "lambda:InvokeFunction",
        "lambda:UpdateAlias",
      ],
      resources: arns(
        "arn:aws:autoscaling:*:{account}:autoScalingGroup:*:autoScalingGroupName/{prefix}-*",
        "arn:aws:execute-api:*:{account}:*",
        "arn:aws:lambda:*:{account}:function:{prefix}-*",
      ),
    },
    {
      sid: "UseMessages",
      actions: [
        "events:PutEvents",
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
        "kinesis:PutRecord",
        "kinesis:PutRecords",
        "sns:Publish",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
        "states:SendTaskFailure",
        "states:SendTaskHeartbeat",
        "states:SendTaskSuccess",
        "states:StartExecution",
      ],
      resources: arns(
        "arn:aws:events:*:{account}:event-bus/{prefix}-*",
        "arn:aws:kinesis:*:{account}:stream/{prefix}-*",
        "arn:aws:sns:*:{account}:{prefix}-*",
        "arn:aws:sqs:*:{account}:{prefix}-*",
        "arn:aws:states:*:{account}:stateMachine:{prefix}-*",
      ),
    },
    {
      sid: "WriteLogs",
      actions: [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:GetLogEvents",
        "logs:PutLogEvents",
        "logs:PutRetentionPolicy",
      ],
      resources: arns("arn:aws:logs:*:{account}:log-group:*"),
    },
    {
      sid: "PullImages",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: arns("arn:aws:ecr:*:{account}:repository/{prefix}-*"),
    },
    {
      sid: "HostContainers",
      actions: [
        "ecs:DeregisterContainerInstance",
        "ecs:Poll",
        "ecs:RegisterContainerInstance",
        "ecs:StartTelemetrySession",
        "ecs:SubmitAttachmentStateChanges",
        "ecs:SubmitContainerStateChange",
        "ecs:SubmitTaskStateChange",
        "ecs:UpdateContainerInstancesState",
      ],
      resources: arns(
        "arn:aws:ecs:*:{account}:cluster/{prefix}-*",
        "arn:aws:ecs:*:{account}:container-instance/{prefix}-*/*",
      ),
    },
    {
      sid: "UseWhatHasNoName",
      actions: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
        "ecr:GetAuthorizationToken",
        "cloudwatch:DescribeAlarms",
        "ecs:DiscoverPollEndpoint",
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ],
      resources: ["*"],
    },
  ];
}
