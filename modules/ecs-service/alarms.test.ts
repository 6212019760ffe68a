import { config, metricAlarm, synth } from "./fixture";

const SERVICE = { ClusterName: "acme-test-services", ServiceName: "acme-test-orders" };
const TARGETS = {
  TargetGroup: expect.stringMatching(/^\$\{aws_lb_target_group\..+\.arn_suffix\}$/),
  LoadBalancer: "app/internal/1",
};

test.each([
  {
    id: "cpu-alarm",
    name: "cpu",
    namespace: "AWS/ECS",
    metric: "CPUUtilization",
    threshold: 85,
    dimensions: SERVICE,
  },
  {
    id: "memory-alarm",
    name: "memory",
    namespace: "AWS/ECS",
    metric: "MemoryUtilization",
    threshold: 85,
    dimensions: SERVICE,
  },
  {
    id: "tasks-alarm",
    name: "tasks",
    namespace: "ECS/ContainerInsights",
    metric: "RunningTaskCount",
    threshold: 2,
    dimensions: SERVICE,
  },
  {
    id: "unhealthy-internal",
    name: "internal-unhealthy",
    namespace: "AWS/ApplicationELB",
    metric: "UnHealthyHostCount",
    threshold: 0,
    dimensions: TARGETS,
  },
  {
    id: "latency-internal",
    name: "internal-p99",
    namespace: "AWS/ApplicationELB",
    metric: "TargetResponseTime",
    threshold: 1,
    dimensions: TARGETS,
  },
])("control 29: $metric tells the topic", ({ id, name, namespace, metric, threshold, dimensions }) => {
  const alarm = synth().one("aws_cloudwatch_metric_alarm", `orders_${id}`);
  expect(alarm).toMatchObject({
    alarm_name: `acme-test-orders-${name}`,
    threshold,
    alarm_actions: [config.alarmTopicArn],
  });
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({ namespace, metric_name: metric, dimensions });
});

test("control 30: more than one in a hundred requests failed tells the topic", () => {
  const alarm = synth().one("aws_cloudwatch_metric_alarm", "orders_errors-internal");
  expect(alarm).toMatchObject({
    alarm_name: "acme-test-orders-internal-5xx",
    threshold: 1,
    alarm_actions: [config.alarmTopicArn],
  });
  expect(alarm["metric_query"][1]["metric"]).toMatchObject({
    metric_name: "HTTPCode_Target_5XX_Count",
    dimensions: TARGETS,
  });
});

test("fewer tasks than should run is an alarm, a fixed one as well as by the clock", () => {
  expect(synth().one("aws_cloudwatch_metric_alarm", "tasks-alarm")["comparison_operator"]).toBe(
    "LessThanThreshold",
  );
  const night = { name: "night", schedule: "cron(0 22 * * ? *)", minimum: 1, maximum: 2 };
  expect(synth({ schedules: [night] }).one("aws_cloudwatch_metric_alarm", "tasks-alarm")["threshold"]).toBe(
    1,
  );
});

test("control 29: what the service says of itself tells the topic, and its silence where configured", () => {
  const metricAlarms = [metricAlarm, { ...metricAlarm, name: "silence", alarmsWithoutData: true }];
  const result = synth({ name: "orders-v2", metricAlarms });
  const alarm = (id: string) => result.one("aws_cloudwatch_metric_alarm", `metric-${id}-alarm`);
  expect(alarm("backlog-age")).toMatchObject({
    alarm_name: "acme-test-orders-v2-backlog-age",
    alarm_description: "Work waits: read the log.",
    comparison_operator: "GreaterThanThreshold",
    threshold: 60,
    treat_missing_data: "notBreaching",
    alarm_actions: [config.alarmTopicArn],
  });
  expect(alarm("backlog-age")["metric_query"][0]["metric"]).toMatchObject({
    namespace: "acme-test",
    metric_name: "BacklogAge",
    dimensions: { service: "orders-v2" },
    stat: "Maximum",
  });
  expect(alarm("silence")["treat_missing_data"]).toBe("breaching");
});

test("a service that may have no task has no such alarm", () => {
  const names = synth({ tasks: { minimum: 0, maximum: 2 } })
    .all("aws_cloudwatch_metric_alarm")
    .map(({ alarm_name }) => alarm_name);
  expect(names).not.toContain("acme-test-orders-tasks");
});
