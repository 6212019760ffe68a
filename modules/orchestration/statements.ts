import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import type { StateMachineDefinition, TaskResource } from "./definition";
import { flowsOf } from "./flow-graph";

/** What decides on a workflow's rights, besides its tasks. */
export interface WorkflowStatementsConfig {
  readonly label: Label;
  readonly stateMachineArn: string;
  /** ARN of the KMS key of definition and executions. */
  readonly kmsKeyArn: string;
}

type Of<Kind extends TaskResource["kind"]> = Extract<TaskResource, { readonly kind: Kind }>;

/** What a workflow's role may do: what its tasks do, and write logs and traces. */
export function workflowStatements(
  definition: StateMachineDefinition,
  config: WorkflowStatementsConfig,
): PolicyStatement[] {
  const resources = flowsOf(definition).flatMap(({ flow }) =>
    Object.values(flow.states).flatMap((state) => (state.type === "task" ? [state.resource] : [])),
  );
  return [
    ...functionStatements(resources.filter((resource) => isOf(resource, "lambda", "lambdaCallback"))),
    ...queueStatements(
      resources.filter((resource) => isOf(resource, "sqs", "sqsCallback")),
      config.label,
    ),
    ...eventStatements(resources.filter((resource) => isOf(resource, "events"))),
    ...keyStatements(config),
    ...telemetryStatements(),
  ];
}

function isOf<Kind extends TaskResource["kind"]>(
  resource: TaskResource,
  ...kinds: readonly Kind[]
): resource is Of<Kind> {
  return kinds.some((kind) => kind === resource.kind);
}

function functionStatements(functions: readonly Of<"lambda" | "lambdaCallback">[]): PolicyStatement[] {
  if (functions.length === 0) return [];
  const resources = unique(functions.map(({ functionArn }) => functionArn));
  return [{ sid: "CallFunctions", actions: ["lambda:InvokeFunction"], resources }];
}

function queueStatements(queues: readonly Of<"sqs" | "sqsCallback">[], label: Label): PolicyStatement[] {
  if (queues.length === 0) return [];
  const encrypted = queues.filter(({ queueKmsKeyArn }) => queueKmsKeyArn !== undefined);
  return [
    {
      sid: "SendMessages",
      actions: ["sqs:SendMessage"],
      resources: unique(queues.map(({ queueArn }) => queueArn)),
    },
    ...(encrypted.length === 0
      ? []
      : [
          {
            // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html, producers
            sid: "EncryptMessages",
            actions: ["kms:GenerateDataKey", "kms:Decrypt"],
            resources: unique(encrypted.map(({ queueKmsKeyArn }) => queueKmsKeyArn as string)),
            conditions: {
              StringEquals: {
                "kms:ViaService": `sqs.${label.region}.amazonaws.com`,
                "kms:EncryptionContext:aws:sqs:arn": unique(encrypted.map(({ queueArn }) => queueArn)),
              },
            },
          },
        ]),
  ];
}

/** One for each bus. */
function eventStatements(events: readonly Of<"events">[]): PolicyStatement[] {
  return unique(events.map(({ busArn }) => busArn)).map((busArn, index) => {
    const own = events.filter((event) => event.busArn === busArn);
    return {
      sid: `PutEvents${index === 0 ? "" : index + 1}`,
      actions: ["events:PutEvents"],
      resources: [busArn],
      conditions: {
        StringEquals: {
          "events:source": unique(own.map(({ source }) => source)),
          "events:detail-type": unique(own.map(({ detailType }) => detailType)),
        },
      },
    };
  });
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html */
function keyStatements({ label, stateMachineArn, kmsKeyArn }: WorkflowStatementsConfig): PolicyStatement[] {
  return [
    {
      sid: "EncryptExecutions",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [kmsKeyArn],
      conditions: { StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": stateMachineArn } },
    },
    {
      // What is on its way to the log group is encrypted with the workflow's key, too.
      sid: "EncryptLogsOnTheirWay",
      actions: ["kms:GenerateDataKey"],
      resources: [kmsKeyArn],
      conditions: {
        StringEquals: {
          "kms:EncryptionContext:SourceArn": `arn:aws:logs:${label.region}:${label.accountId}:*`,
        },
      },
    },
  ];
}

/** AWS knows no resources for any of these. */
function telemetryStatements(): PolicyStatement[] {
  return [
    {
      // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
      sid: "DeliverLogs",
      actions: [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
      ],
      resources: ["*"],
    },
    {
      // https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
      sid: "WriteTraces",
      actions: [
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ],
      resources: ["*"],
    },
  ];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
