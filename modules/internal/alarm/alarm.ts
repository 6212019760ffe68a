import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";

/** An alarm on one metric. */
export interface AlarmConfig {
  /** Name of the alarm, unique in account and region. */
  readonly name: string;
  /** What has happened and where to look first: the person woken by it reads this. */
  readonly description: string;
  /** Metric namespace, e.g. `AWS/Lambda`. */
  readonly namespace: string;
  /** Metric name, e.g. `Errors`. */
  readonly metricName: string;
  /** Metric dimensions, e.g. `{ FunctionName: … }`. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Maximum`, or a percentile such as `p99`. */
  readonly statistic: string;
  /** Alarms when the statistic compares so to this, in the metric's unit. */
  readonly threshold: number;
  /** @default "GreaterThanThreshold" */
  readonly comparison?: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  /** Seconds of one data point. @default 60 */
  readonly periodSeconds?: number;
  /** Data points looked at. @default 5 */
  readonly evaluationPeriods?: number;
  /** Data points of those that must be over the threshold. @default 3 */
  readonly datapointsToAlarm?: number;
  /** Whether no data is as bad as too much, as of what is told again and again while all is well. @default false */
  readonly alarmsWithoutData?: boolean;
  /** SNS topic told of alarm and recovery. */
  readonly topicArn: string;
  /** Provider of the region that has the metric and the topic. @default the stack's own */
  readonly provider?: TerraformProvider;
}

/** CloudWatch alarm that tells a topic when it fires and when it recovers; missing data counts as healthy unless configured. */
export class Alarm extends Construct {
  /** ARN of the alarm. */
  readonly arn: string;
  /** Name of the alarm, as deployed: what uses it waits for the alarm. */
  readonly name: string;

  constructor(scope: Construct, id: string, config: AlarmConfig) {
    super(scope, id);
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: config.name,
      alarmDescription: config.description,
      comparisonOperator: config.comparison ?? "GreaterThanThreshold",
      threshold: config.threshold,
      evaluationPeriods: config.evaluationPeriods ?? 5,
      datapointsToAlarm: config.datapointsToAlarm ?? 3,
      treatMissingData: config.alarmsWithoutData ? "breaching" : "notBreaching",
      alarmActions: [config.topicArn],
      okActions: [config.topicArn],
      ...(config.provider !== undefined && { provider: config.provider }),
      // A metric query takes plain statistics and percentiles alike; `statistic` does not.
      metricQuery: [
        {
          id: "value",
          returnData: true,
          metric: {
            namespace: config.namespace,
            metricName: config.metricName,
            dimensions: { ...config.dimensions },
            stat: config.statistic,
            period: config.periodSeconds ?? 60,
          },
        },
      ],
    });
    this.arn = alarm.arn;
    this.name = alarm.alarmName;
  }
}
