import { synthesise } from "../synth-test";
import { ShareAlarm, type ShareAlarmConfig } from ".";

const topicArn = "arn:aws:sns:eu-west-1:111111111111:alarms";
const config: ShareAlarmConfig = {
  name: "acme-test-orders-errors",
  description: "Orders fails requests: read its log group.",
  namespace: "AWS/ApplicationELB",
  dimensions: { LoadBalancer: "app/orders/1" },
  partMetricName: "HTTPCode_Target_5XX_Count",
  wholeMetricName: "RequestCount",
  leastWhole: 20,
  thresholdPercent: 1,
  topicArn,
};

const synth = (changes: Partial<ShareAlarmConfig> = {}) =>
  synthesise((stack) => new ShareAlarm(stack, "errors", { ...config, ...changes })).one(
    "aws_cloudwatch_metric_alarm",
  );

test("control 29: the topic is told of the alarm and of the recovery", () => {
  expect(synth()).toMatchObject({
    alarm_name: config.name,
    alarm_description: config.description,
    alarm_actions: [topicArn],
    ok_actions: [topicArn],
  });
});

test("the share is that of two sums, and 0 where there is too little to judge by", () => {
  const metric = (name: string) => ({
    namespace: "AWS/ApplicationELB",
    metric_name: name,
    dimensions: { LoadBalancer: "app/orders/1" },
    stat: "Sum",
    period: 60,
  });
  expect(synth()["metric_query"]).toEqual([
    {
      id: "share",
      label: "HTTPCode_Target_5XX_Count in percent of RequestCount",
      expression: "IF(whole >= 20, 100 * FILL(part, 0) / whole, 0)",
      return_data: true,
    },
    { id: "part", metric: metric("HTTPCode_Target_5XX_Count") },
    { id: "whole", metric: metric("RequestCount") },
  ]);
});

test("three of five minutes above the threshold alarm by default", () => {
  expect(synth()).toMatchObject({
    comparison_operator: "GreaterThanThreshold",
    threshold: 1,
    evaluation_periods: 5,
    datapoints_to_alarm: 3,
    treat_missing_data: "notBreaching",
  });
});

test("period and evaluation follow the configuration", () => {
  const alarm = synth({ periodSeconds: 300, evaluationPeriods: 2, datapointsToAlarm: 1 });
  expect(alarm).toMatchObject({ evaluation_periods: 2, datapoints_to_alarm: 1 });
  expect(alarm["metric_query"][1]["metric"]["period"]).toBe(300);
});
