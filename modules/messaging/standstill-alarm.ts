import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Label } from "../internal/label";
import type { Required, StreamSource } from "./event-sources";

/** A function that should be handling a stream. */
export interface StandstillAlarmConfig {
  readonly label: Label;
  /** Short name of the function. */
  readonly shortName: string;
  /** Name of the deployed function. */
  readonly functionName: string;
  readonly source: Required<StreamSource>;
  readonly topicArn: string;
}

/**
 * Alarms when records come in and the function is not invoked for any, as of a mapping that is disabled, a right that is gone, or a function that
 * is throttled. The age of what is handled (`IteratorAge`) is told by invocations alone, so without one it is silent. It has one sample for each
 * batch of a stream, and none for a queue's. Of a function with several streams, one that stands still beside another is not told of.
 *
 * What comes in at the end of a period is handled in the next, so one such period says nothing: two within the last 12 do.
 */
export class StandstillAlarm extends Construct {
  constructor(scope: Construct, id: string, config: StandstillAlarmConfig) {
    super(scope, id);
    const { label, shortName, functionName, source, topicArn } = config;
    const { stream } = source;
    // A window lets records of many seconds wait for the next period.
    const period = source.maximumBatchingWindowSeconds > 0 ? 3600 : 300;
    new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: label.name(`${shortName}-${stream.shortName}-standstill`, 255),
      alarmDescription:
        `Records come into stream ${stream.shortName}, and function ${shortName} is not invoked: ` +
        "look whether its mapping is enabled, at its throttles and the rights of its role. Records are kept for as long as the stream does.",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 12,
      datapointsToAlarm: 2,
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
      metricQuery: [
        {
          id: "standstill",
          label: `${shortName} handles nothing`,
          // Invocations are counted only where there are any.
          expression: "IF(incoming > 0, IF(FILL(batches, 0) > 0, 0, 1), 0)",
          returnData: true,
        },
        {
          id: "incoming",
          metric: {
            namespace: "AWS/Kinesis",
            metricName: "IncomingRecords",
            dimensions: { StreamName: stream.name },
            stat: "Sum",
            period,
          },
        },
        {
          id: "batches",
          metric: {
            namespace: "AWS/Lambda",
            metricName: "IteratorAge",
            dimensions: { FunctionName: functionName },
            stat: "SampleCount",
            period,
          },
        },
      ],
    });
  }
}
