import { publicTarget, synth, target } from "./fixture";

const range = { tasks: { minimum: 2, maximum: 10 } };
const policies = (...args: Parameters<typeof synth>) => synth(...args).all("aws_appautoscaling_policy");

describe("number of tasks", () => {
  test("control 41: has a minimum and a maximum", () => {
    expect(synth(range).one("aws_appautoscaling_target")).toMatchObject({
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: expect.stringMatching(/^service\/acme-test-services\/\$\{aws_ecs_service\..+\.name\}$/),
      min_capacity: 2,
      max_capacity: 10,
    });
  });

  test("Terraform leaves it alone", () => {
    expect(synth(range).one("aws_ecs_service")["lifecycle"]).toEqual({ ignore_changes: ["desired_count"] });
    expect(synth().one("aws_ecs_service")["lifecycle"]).toEqual({ ignore_changes: [] });
  });

  test("does not change where both are the same", () => {
    expect(synth().types.filter((type) => type.startsWith("aws_appautoscaling"))).toEqual([]);
  });
});

describe("what is held", () => {
  const predefined = (predefined_metric_type: string) => ({
    predefined_metric_specification: { predefined_metric_type },
  });

  test.each([
    { name: "CPU, where nothing else is", changes: {}, metric: "ECSServiceAverageCPUUtilization", value: 60 },
    {
      name: "CPU at a configured value",
      changes: { targetCpuPercent: 40 },
      metric: "ECSServiceAverageCPUUtilization",
      value: 40,
    },
    {
      name: "memory",
      changes: { targetMemoryPercent: 70 },
      metric: "ECSServiceAverageMemoryUtilization",
      value: 70,
    },
  ])("$name", ({ changes, metric, value }) => {
    const [policy, ...others] = policies({ ...range, ...changes });
    expect(others).toEqual([]);
    expect(policy).toMatchObject({
      policy_type: "TargetTrackingScaling",
      target_tracking_scaling_policy_configuration: {
        ...predefined(metric),
        target_value: value,
        scale_out_cooldown: 60,
        scale_in_cooldown: 300,
      },
    });
  });

  test("requests of a task, on each load balancer", () => {
    const labels = policies({ ...range, targets: [target, publicTarget], targetRequestsPerTask: 600 }).map(
      ({ target_tracking_scaling_policy_configuration: tracking }) => {
        expect(tracking).toMatchObject({ ...predefined("ALBRequestCountPerTarget"), target_value: 600 });
        return tracking["predefined_metric_specification"]["resource_label"];
      },
    );
    expect(labels).toEqual([
      expect.stringMatching(/^app\/internal\/1\/\$\{aws_lb_target_group\..+\.arn_suffix\}$/),
      expect.stringMatching(/^app\/public\/3\/\$\{aws_lb_target_group\..+\.arn_suffix\}$/),
    ]);
  });

  test("a metric of one's own", () => {
    const targetMetric = {
      namespace: "Orders",
      metricName: "BacklogPerTask",
      dimensions: { service: "orders" },
      statistic: "Average" as const,
      target: 10,
    };
    const [policy] = policies({ ...range, targetMetric });
    expect(policy?.["target_tracking_scaling_policy_configuration"]).toMatchObject({
      target_value: 10,
      customized_metric_specification: {
        namespace: "Orders",
        metric_name: "BacklogPerTask",
        statistic: "Average",
        dimensions: [{ name: "service", value: "orders" }],
      },
    });
  });

  test("several together, where configured", () => {
    const changes = { ...range, targetCpuPercent: 50, targetMemoryPercent: 70 };
    expect(policies(changes).map(({ name }) => name)).toEqual([
      "acme-test-orders-cpu",
      "acme-test-orders-memory",
    ]);
  });
});

test("schedules set other limits at their times", () => {
  const morning = { name: "morning", schedule: "cron(0 7 ? * MON-FRI *)", minimum: 4, maximum: 20 };
  const result = synth({ schedules: [{ ...morning, timeZone: "Europe/Berlin" }] });
  expect(result.one("aws_appautoscaling_scheduled_action")).toMatchObject({
    name: "acme-test-orders-morning",
    schedule: morning.schedule,
    timezone: "Europe/Berlin",
    scalable_target_action: { min_capacity: "4", max_capacity: "20" },
  });
  expect(result.all("aws_appautoscaling_policy").map(({ name }) => name)).toEqual(["acme-test-orders-cpu"]);
  expect(
    synth({ ...range, schedules: [morning] }).one("aws_appautoscaling_scheduled_action")["timezone"],
  ).toBe("UTC");
});

test("what the clock sets, no deployment sets back", () => {
  const night = { name: "night", schedule: "cron(0 20 * * ? *)", minimum: 2, maximum: 2 };
  const lifecycle = (changes: Parameters<typeof synth>[0]) =>
    synth({ ...range, ...changes }).one("aws_appautoscaling_target")["lifecycle"];
  expect(lifecycle({ schedules: [night] })).toEqual({ ignore_changes: ["min_capacity", "max_capacity"] });
  expect(lifecycle({})).toEqual({ ignore_changes: [] });
});

test("with one number of tasks at all times, no metric has anything to set", () => {
  const night = { name: "night", schedule: "cron(0 20 * * ? *)", minimum: 1, maximum: 1 };
  expect(
    synth({ tasks: { minimum: 2, maximum: 2 }, schedules: [night] }).all("aws_appautoscaling_policy"),
  ).toEqual([]);
});
