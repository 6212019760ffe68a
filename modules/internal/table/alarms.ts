import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { Alarm } from "../alarm";
import type { Label } from "../label";

/** What the alarms of one table need. */
export interface TableAlarmsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the table, e.g. `todos`. */
  readonly name: string;
  /** Name of the deployed table. */
  readonly tableName: string;
  /** Names of its global indexes: what they refuse is counted apart. */
  readonly indexes: readonly string[];
  /** Operations that its users call. */
  readonly operations: readonly string[];
  /** SNS topic. */
  readonly topicArn: string;
}

/**
 * Alarms on throttled requests and on DynamoDB's own errors.
 *
 * None on requests that DynamoDB refuses as wrong: `UserErrors` is one number for the account and region, so it would tell
 * of every other table too. Who uses the table answers such a refusal with 500, which its own alarms show.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export function addTableAlarms(scope: Construct, config: TableAlarmsConfig): void {
  const { label, name, tableName } = config;
  for (const kind of ["Read", "Write"] as const) {
    const throttles = {
      namespace: "AWS/DynamoDB",
      metricName: `${kind}ThrottleEvents`,
      statistic: "Sum",
      threshold: 0,
      topicArn: config.topicArn,
    };
    const lower = kind.toLowerCase();
    new Alarm(scope, `${lower}-throttles-alarm`, {
      ...throttles,
      name: label.name(`${name}-table-${lower}-throttles`, 255),
      description:
        `Table ${name} refuses ${lower}s: a partition is hot, or the units of the table are too few. ` +
        "Look at its consumed capacity, then raise the maximum.",
      dimensions: { TableName: tableName },
    });
    for (const index of config.indexes) {
      new Alarm(scope, `${index}-${lower}-throttles-alarm`, {
        ...throttles,
        name: label.name(`${name}-table-${index}-${lower}-throttles`, 255),
        description:
          `Index ${index} of table ${name} refuses ${lower}s, and writes it refuses hold up the table's own: a partition is hot, ` +
          "or its units are too few. Look at its consumed capacity, then raise the maximum.",
        dimensions: { TableName: tableName, GlobalSecondaryIndexName: index },
      });
    }
  }
  addSystemErrorsAlarm(scope, config);
}

/** One alarm over all operations, as a fault of DynamoDB's seldom keeps to one. */
function addSystemErrorsAlarm(scope: Construct, config: TableAlarmsConfig): void {
  const { label, name, operations, tableName, topicArn } = config;
  new CloudwatchMetricAlarm(scope, "system-errors-alarm", {
    alarmName: label.name(`${name}-table-system-errors`, 255),
    alarmDescription: `DynamoDB fails requests to table ${name} by itself: look at the AWS Health Dashboard; clients retry meanwhile.`,
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
        expression: `SUM([${operations.map((_, index) => `m${index}`).join(", ")}])`,
        returnData: true,
      },
      ...operations.map((operation, index) => ({
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
