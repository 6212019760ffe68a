import { config, synthEc2 } from "./fixture";

const group = (...args: Parameters<typeof synthEc2>) => synthEc2(...args).one("aws_autoscaling_group");
const template = (...args: Parameters<typeof synthEc2>) => synthEc2(...args).one("aws_launch_template");

describe("group", () => {
  test("control 33: instances are in two zones at least", () => {
    expect(group()["vpc_zone_identifier"]).toEqual(["subnet-a", "subnet-b"]);
    expect(() => synthEc2({}, { subnetIds: ["subnet-a"] })).toThrow(
      new Error("subnetIds must hold subnets of at least 2 zones, got 1"),
    );
  });

  test("control 41: has a minimum and a maximum; ECS sets what lies between", () => {
    expect(group()).toMatchObject({ min_size: 2, max_size: 10 });
    expect(group()).not.toHaveProperty("desired_capacity");
  });

  test("mixes types, spot above the minimum", () => {
    const { instances_distribution, launch_template } = group()["mixed_instances_policy"];
    expect(instances_distribution).toEqual({
      on_demand_allocation_strategy: "prioritized",
      on_demand_base_capacity: 2,
      on_demand_percentage_above_base_capacity: 50,
      spot_allocation_strategy: "price-capacity-optimized",
    });
    expect(launch_template["override"]).toEqual([
      { instance_type: "m7g.large" },
      { instance_type: "m6g.large" },
    ]);
    expect(group()["capacity_rebalance"]).toBe(true);
  });

  test("one type on demand needs no mixing", () => {
    const single = group({ instanceTypes: ["m7g.large"], spotPercent: 0 });
    expect(single).not.toHaveProperty("mixed_instances_policy");
    expect(single).toMatchObject({
      launch_template: {
        id: expect.stringMatching(/^\$\{aws_launch_template\..+\.id\}$/),
        version: expect.stringMatching(/^\$\{aws_launch_template\..+\.latest_version\}$/),
      },
      capacity_rebalance: false,
    });
  });

  test("a new template replaces the instances, protected ones too, with none missing meanwhile", () => {
    expect(group()["instance_refresh"]).toEqual({
      strategy: "Rolling",
      preferences: {
        min_healthy_percentage: 100,
        max_healthy_percentage: 110,
        instance_warmup: "120",
        scale_in_protected_instances: "Refresh",
      },
    });
  });

  test("instances find their cluster, and are gone before it is", () => {
    expect(group()["depends_on"]).toContainEqual(expect.stringMatching(/^aws_ecs_cluster\.cluster_/));
  });

  test("is measured, unless configured otherwise", () => {
    expect(group()["enabled_metrics"]).toContain("GroupDesiredCapacity");
    expect(group({ groupMetrics: "DISABLED" })).not.toHaveProperty("enabled_metrics");
  });

  test("is destroyed with its protected instances", () => {
    expect(group()).toMatchObject({ protect_from_scale_in: true, force_delete: true });
  });

  test("carries the tag that ECS sets", () => {
    expect(group()["tag"]).toEqual([{ key: "AmazonECSManaged", value: "true", propagate_at_launch: true }]);
  });

  test("differences are left alone where configured", () => {
    expect(group()["lifecycle"]).toEqual({ ignore_changes: [] });
    expect(template()["lifecycle"]).toEqual({ ignore_changes: [] });
    const ignored = {
      ignoreGroupChanges: ["default_instance_warmup"],
      ignoreTemplateChanges: ["network_interfaces"],
    };
    expect(group(ignored)["lifecycle"]).toEqual({ ignore_changes: ["default_instance_warmup"] });
    expect(template(ignored)["lifecycle"]).toEqual({ ignore_changes: ["network_interfaces"] });
  });
});

describe("replacement of the instances", () => {
  const schedule = (...args: Parameters<typeof synthEc2>) => synthEc2(...args).one("aws_scheduler_schedule");

  test.each([
    { changes: {}, expression: "rate(14 days)" },
    { changes: { refreshDays: 7 }, expression: "rate(7 days)" },
    { changes: { refreshDays: 1 }, expression: "rate(1 day)" },
  ])("happens at a $expression", ({ changes, expression }) => {
    expect(schedule(changes)["schedule_expression"]).toBe(expression);
  });

  test("takes protected ones too, as those with tasks are", () => {
    const { arn, input, role_arn } = schedule()["target"];
    expect(arn).toBe("arn:aws:scheduler:::aws-sdk:autoscaling:startInstanceRefresh");
    expect(role_arn).toMatch(/^\$\{aws_iam_role\.cluster_ec2_refresh_role_.+\.arn\}$/);
    expect(JSON.parse(input)).toEqual({
      AutoScalingGroupName: expect.stringMatching(/^\$\{aws_autoscaling_group\..+\.name\}$/),
      Strategy: "Rolling",
      Preferences: {
        MinHealthyPercentage: 100,
        MaxHealthyPercentage: 110,
        InstanceWarmup: 120,
        ScaleInProtectedInstances: "Refresh",
      },
    });
  });

  const document = (type: string, field: string) =>
    JSON.parse(synthEc2().one(type, "ec2_refresh_role")[field])["Statement"];

  test("control 21: is all that its role may do, to this group", () => {
    expect(document("aws_iam_role_policy", "policy")).toEqual([
      {
        Sid: "ReplaceInstances",
        Effect: "Allow",
        Action: ["autoscaling:StartInstanceRefresh"],
        Resource: [expect.stringMatching(/^\$\{aws_autoscaling_group\..+\.arn\}$/)],
      },
    ]);
  });

  test("control 22: is begun for this account alone", () => {
    expect(document("aws_iam_role", "assume_role_policy")).toEqual([
      expect.objectContaining({
        Principal: { Service: "scheduler.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
      }),
    ]);
  });
});

describe("capacity provider", () => {
  const provider = (...args: Parameters<typeof synthEc2>) =>
    synthEc2(...args).one("aws_ecs_capacity_provider");

  test("ECS sets the size, ends only what is empty, and empties what ends", () => {
    expect(provider()).toMatchObject({
      name: "acme-test-services-ec2",
      auto_scaling_group_provider: {
        auto_scaling_group_arn: expect.stringMatching(/^\$\{aws_autoscaling_group\..+\.arn\}$/),
        managed_termination_protection: "ENABLED",
        managed_draining: "ENABLED",
        managed_scaling: { status: "ENABLED", target_capacity: 100, minimum_scaling_step_size: 1 },
      },
    });
  });

  test("room is kept free where configured", () => {
    const { managed_scaling } = provider({ targetCapacityPercent: 80 })["auto_scaling_group_provider"];
    expect(managed_scaling["target_capacity"]).toBe(80);
  });

  test("draining is left out where configured", () => {
    const { auto_scaling_group_provider } = provider({ managedDraining: "DISABLED" });
    expect(auto_scaling_group_provider).not.toHaveProperty("managed_draining");
  });
});

describe("alarms", () => {
  test("control 29: tasks that wait for instances tell the topic", () => {
    const alarm = synthEc2().one("aws_cloudwatch_metric_alarm", "capacity-alarm");
    expect(alarm).toMatchObject({ threshold: 100, alarm_actions: [config.alarmTopicArn] });
    expect(alarm["metric_query"][0]["metric"]).toMatchObject({
      namespace: "AWS/ECS/ManagedScaling",
      metric_name: "CapacityProviderReservation",
      dimensions: {
        ClusterName: "acme-test-services",
        CapacityProviderName: expect.stringMatching(/^\$\{aws_ecs_capacity_provider\..+\.name\}$/),
      },
    });
  });

  test("control 29: a cluster at its maximum tells the topic", () => {
    const alarm = synthEc2().one("aws_cloudwatch_metric_alarm", "instances-alarm");
    expect(alarm).toMatchObject({
      threshold: 10,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      alarm_actions: [config.alarmTopicArn],
    });
    expect(alarm["metric_query"][0]["metric"]).toMatchObject({
      namespace: "AWS/AutoScaling",
      metric_name: "GroupDesiredCapacity",
    });
  });

  test.each([
    { name: "of a fixed size", changes: { maxInstances: 2 } },
    { name: "that is not measured", changes: { groupMetrics: "DISABLED" as const } },
  ])("one $name does not", ({ changes }) => {
    const names = synthEc2(changes)
      .all("aws_cloudwatch_metric_alarm")
      .map(({ alarm_name }) => alarm_name);
    expect(names).toEqual(["acme-test-services-ecs-capacity", "acme-test-services-ecs-troubles"]);
  });
});
