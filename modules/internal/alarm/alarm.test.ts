import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { synthesise } from "../synth-test";
import { Alarm, type AlarmConfig } from ".";

const topicArn = "arn:aws:sns:eu-west-1:111111111111:alarms";
const config: AlarmConfig = {
  name: "acme-test-todos-errors",
  description: "Function todos fails: read its log group.",
  namespace: "AWS/Lambda",
  metricName: "Errors",
  dimensions: { FunctionName: "acme-test-todos" },
  statistic: "Sum",
  threshold: 0,
  topicArn,
};

const synth = (changes: Partial<AlarmConfig> = {}) =>
  synthesise((stack) => new Alarm(stack, "errors", { ...config, ...changes })).one(
    "aws_cloudwatch_metric_alarm",
  );

test("control 29: the topic is told of the alarm and of the recovery", () => {
  expect(synth()).toMatchObject({ alarm_actions: [topicArn], ok_actions: [topicArn] });
});

test("name and description are the configuration's", () => {
  expect(synth()).toMatchObject({ alarm_name: config.name, alarm_description: config.description });
});

test("the metric is named in full", () => {
  expect(synth()["metric_query"]).toEqual([
    {
      id: "value",
      return_data: true,
      metric: {
        namespace: "AWS/Lambda",
        metric_name: "Errors",
        dimensions: { FunctionName: "acme-test-todos" },
        stat: "Sum",
        period: 60,
      },
    },
  ]);
});

test("percentiles are taken as they are", () => {
  expect(synth({ statistic: "p99" })["metric_query"][0]["metric"]["stat"]).toBe("p99");
});

test("three of five minutes above the threshold alarm by default", () => {
  expect(synth()).toMatchObject({
    comparison_operator: "GreaterThanThreshold",
    threshold: 0,
    evaluation_periods: 5,
    datapoints_to_alarm: 3,
  });
});

test("comparison, period and evaluation follow the configuration", () => {
  const alarm = synth({
    comparison: "LessThanThreshold",
    threshold: 2,
    periodSeconds: 300,
    evaluationPeriods: 2,
    datapointsToAlarm: 1,
  });
  expect(alarm).toMatchObject({
    comparison_operator: "LessThanThreshold",
    threshold: 2,
    evaluation_periods: 2,
    datapoints_to_alarm: 1,
  });
  expect(alarm["metric_query"][0]["metric"]["period"]).toBe(300);
});

test("no data counts as healthy, unless configured", () => {
  expect(synth()["treat_missing_data"]).toBe("notBreaching");
  expect(synth({ alarmsWithoutData: true })["treat_missing_data"]).toBe("breaching");
});

test("the alarm is in the region of its provider", () => {
  const alarm = synthesise((stack) => {
    const provider = new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" });
    new Alarm(stack, "errors", { ...config, provider });
  }).one("aws_cloudwatch_metric_alarm");
  expect(alarm["provider"]).toBe("aws.global");
});

test("the stack's own provider is the default", () => {
  expect(synth()).not.toHaveProperty("provider");
});
