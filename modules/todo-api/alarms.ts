import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import type { Label } from "../internal/label";

/** What the alarms of the table need. */
export interface TableAlarmsConfig {
  /** Names of the environment. */
  readonly label: Label;
  readonly tableName: string;
  /** SNS topic. */
  readonly topicArn: string;
}

/** Operations of functions/todos: system errors are counted for each operation apart. */
const OPERATIONS = ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"];

/**
 * Alarms on throttled requests and on DynamoDB's own errors.
 *
 * None on requests that DynamoDB refuses as wrong: `UserErrors` is one number for the account and region, so it would tell
 * of every other table too. The function answers such a refusal with 500, which the function's and the API's alarms show.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export function addTableAlarms(scope: Construct, config: TableAlarmsConfig): void {
  const { label, tableName } = config;
  for (const kind of ["Read", "Write"] as const) {
    new Alarm(scope, `${kind.toLowerCase()}-throttles-alarm`, {
      name: label.name(`todos-table-${kind.toLowerCase()}-throttles`, 255),
      description:
        `Table todos refuses ${kind.toLowerCase()}s: a partition is hot, or the units of the table are too few. ` +
        "Look at its consumed capacity, then raise the maximum.",
      namespace: "AWS/DynamoDB",
      metricName: `${kind}ThrottleEvents`,
      dimensions: { TableName: tableName },
      statistic: "Sum",
      threshold: 0,
      topicArn: config.topicArn,
    });
  }
  addSystemErrorsAlarm(scope, config);
}

/** One alarm over all operations, as a fault of DynamoDB's seldom keeps to one. */
function addSystemErrorsAlarm(scope: Construct, { label, tableName, topicArn }: TableAlarmsConfig): void {
  new CloudwatchMetricAlarm(scope, "system-errors-alarm", {
    alarmName: label.name("todos-table-system-errors", 255),
    alarmDescription:
      "DynamoDB fails requests to table todos by itself: look at the AWS Health Dashboard; clients retry meanwhile.",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: "notBreaching",
    alarmActions: [topicArn],
    okActions: [topicArn],
    metricQuery: [
      // DynamoDB reports an operation only once it fails; SUM of a list adds what there is, where `+` would need all.
      {
        id: "total",
        label: "SystemErrors",
        expression: `SUM([${OPERATIONS.map((_, index) => `m${index}`).join(", ")}])`,
        returnData: true,
      },
      ...OPERATIONS.map((operation, index) => ({
        id: `m${index}`,
        metric: {
          namespace: "AWS/DynamoDB",
          metricName: "SystemErrors",
          dimensions: { TableName: tableName, Operation: operation },
          stat: "Sum",
          period: 60,
        },
      })),
    ],
  });
}

/** What the alarm on reads past DAX needs. */
export interface FallbackAlarmConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Namespace of the function's metrics. */
  readonly namespace: string;
  /** Name under which the function counts, e.g. `todos-v1`. */
  readonly service: string;
  /** SNS topic. */
  readonly topicArn: string;
}

/** Alarm on reads that DAX did not answer: nobody else notices, as the table answers them. */
export function addFallbackAlarm(scope: Construct, { label, service, ...config }: FallbackAlarmConfig): void {
  new Alarm(scope, "fallback-alarm", {
    ...config,
    name: label.name(`${service}-dax-fallback`, 255),
    description: `DAX fails reads of ${service}; the table answers them, slower and dearer. Look at the cluster's alarms.`,
    metricName: "DaxFallback",
    dimensions: { service },
    statistic: "Sum",
    threshold: 0,
  });
}
