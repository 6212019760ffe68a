import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { AlarmConfig } from "./alarm";

/** An alarm on the share that one metric has of another. */
export interface ShareAlarmConfig
  extends Omit<AlarmConfig, "metricName" | "statistic" | "comparison" | "threshold" | "provider"> {
  /** Metric that is part of the other, e.g. `HTTPCode_Target_5XX_Count`. */
  readonly partMetricName: string;
  /** Metric that is the whole, e.g. `RequestCount`. */
  readonly wholeMetricName: string;
  /** Sum of the whole in one data point, below which the share says nothing and counts as 0. */
  readonly leastWhole: number;
  /** Alarms when the share is above this, in percent. */
  readonly thresholdPercent: number;
}

/** CloudWatch alarm on a share in percent, such as that of failed requests: it means the same in quiet and in busy times. */
export class ShareAlarm extends Construct {
  /** ARN of the alarm. */
  readonly arn: string;
  /** Name of the alarm, as deployed: what uses it waits for the alarm. */
  readonly name: string;

  constructor(scope: Construct, id: string, config: ShareAlarmConfig) {
    super(scope, id);
    const sum = (queryId: string, metricName: string) => ({
      id: queryId,
      metric: {
        namespace: config.namespace,
        metricName,
        dimensions: { ...config.dimensions },
        stat: "Sum",
        period: config.periodSeconds ?? 60,
      },
    });
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: config.name,
      alarmDescription: config.description,
      comparisonOperator: "GreaterThanThreshold",
      threshold: config.thresholdPercent,
      evaluationPeriods: config.evaluationPeriods ?? 5,
      datapointsToAlarm: config.datapointsToAlarm ?? 3,
      treatMissingData: "notBreaching",
      alarmActions: [config.topicArn],
      okActions: [config.topicArn],
      metricQuery: [
        {
          id: "share",
          label: `${config.partMetricName} in percent of ${config.wholeMetricName}`,
          // Errors are counted only where there are any.
          expression: `IF(whole >= ${config.leastWhole}, 100 * FILL(part, 0) / whole, 0)`,
          returnData: true,
        },
        sum("part", config.partMetricName),
        sum("whole", config.wholeMetricName),
      ],
    });
    this.arn = alarm.arn;
    this.name = alarm.alarmName;
  }
}
