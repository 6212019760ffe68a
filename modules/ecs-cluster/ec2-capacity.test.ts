import { Fn, Token } from "cdktf";
import type { Resource } from "../internal/synth-test";
import { config, ec2, synth, synthEc2 } from "./fixture";

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

  test("instances live two weeks, or as configured", () => {
    expect(group()["max_instance_lifetime"]).toBe(14 * 86_400);
    expect(group({ maxInstanceLifetimeDays: 7 })["max_instance_lifetime"]).toBe(7 * 86_400);
  });

  test("is destroyed with its protected instances", () => {
    expect(group()).toMatchObject({ protect_from_scale_in: true, force_delete: true });
  });

  test("carries the tag that ECS sets", () => {
    expect(group()["tag"]).toEqual([{ key: "AmazonECSManaged", value: "true", propagate_at_launch: true }]);
  });

  test("differences are left alone where configured", () => {
    expect(group()["lifecycle"]).toEqual({ ignore_changes: [] });
    expect(group({ ignoreChanges: ["max_instance_lifetime"] })["lifecycle"]).toEqual({
      ignore_changes: ["max_instance_lifetime"],
    });
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

describe("template", () => {
  test.each([
    { architecture: "arm64" as const, types: ["m7g.large"], path: "amazon-linux-2023/arm64/recommended" },
    { architecture: "x86_64" as const, types: ["m7i.large"], path: "amazon-linux-2023/recommended" },
  ])(
    "instances of $architecture start from the image that is current then",
    ({ architecture, types, path }) => {
      expect(template({ architecture, instanceTypes: types })).toMatchObject({
        image_id: `resolve:ssm:/aws/service/ecs/optimized-ami/${path}/image_id`,
        instance_type: types[0],
      });
    },
  );

  test("an image is taken as configured", () => {
    expect(template({ imageId: "ami-1" })["image_id"]).toBe("ami-1");
  });

  test("metadata needs a token, and is out of reach for tasks", () => {
    expect(template()["metadata_options"]).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
    expect(userData()).toContain("ECS_AWSVPC_BLOCK_IMDS=true");
  });

  test("disks are encrypted, with a key of one's own where configured", () => {
    const [disk] = template()["block_device_mappings"];
    expect(disk).toEqual({
      device_name: "/dev/xvda",
      ebs: { volume_type: "gp3", volume_size: 30, encrypted: "true", delete_on_termination: "true" },
    });
    const [own] = template({ volumeKmsKeyArn: config.kmsKeyArn, rootVolumeGigabytes: 50 })[
      "block_device_mappings"
    ];
    expect(own["ebs"]).toMatchObject({ kms_key_id: config.kmsKeyArn, volume_size: 50 });
  });

  test("instances have no public address", () => {
    expect(template()["network_interfaces"]).toMatchObject([{ associate_public_ip_address: "false" }]);
  });

  test("control 43: instances and disks have the provider's tags", () => {
    expect(template()["tag_specifications"]).toEqual(
      ["instance", "volume"].map((resource_type) => ({
        resource_type,
        tags: expect.stringMatching(
          /^\$\{merge\(data\.aws_default_tags\..+\.tags, \{"Name" = "acme-test-services-ecs"\}\)\}$/,
        ),
      })),
    );
  });

  test("the agent joins the cluster and gives way before spot capacity is taken", () => {
    expect(userData()).toBe(
      [
        "#!/bin/bash",
        "cat >> /etc/ecs/ecs.config <<'EOF'",
        "ECS_CLUSTER=acme-test-services",
        "ECS_AWSVPC_BLOCK_IMDS=true",
        "ECS_DISABLE_PRIVILEGED=true",
        "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true",
        "ECS_IMAGE_PULL_BEHAVIOR=once",
        "EOF",
        "",
      ].join("\n"),
    );
  });

  function userData() {
    return Buffer.from(template()["user_data"], "base64").toString();
  }
});

describe("role", () => {
  const statements = (...args: Parameters<typeof synthEc2>): Resource[] =>
    JSON.parse(synthEc2(...args).one("aws_iam_role_policy")["policy"])["Statement"];
  const cluster = "arn:aws:ecs:eu-west-1:111111111111:cluster/acme-test-services";

  test("control 21: the agent works for its own cluster alone", () => {
    expect(statements().map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
      ["JoinCluster", [cluster]],
      ["WorkForCluster", ["arn:aws:ecs:eu-west-1:111111111111:container-instance/acme-test-services/*"]],
      ["FindCluster", ["*"]],
    ]);
    expect(statements()[1]?.["Condition"]).toEqual({ ArnEquals: { "ecs:cluster": cluster } });
  });

  test("control 21: no action is a wildcard", () => {
    expect(JSON.stringify(statements({ sessionManager: true }).map(({ Action }) => Action))).not.toContain(
      "*",
    );
  });

  test("operators open sessions where configured", () => {
    const actions = statements({ sessionManager: true }).find(({ Sid }) => Sid === "OpenSessions")?.[
      "Action"
    ];
    expect(actions).toEqual([
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]);
    expect(statements().map(({ Sid }) => Sid)).not.toContain("OpenSessions");
  });

  test("control 22: EC2 alone assumes it", () => {
    const trust = JSON.parse(synthEc2().one("aws_iam_role")["assume_role_policy"]);
    expect(trust["Statement"]).toEqual([
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: ["sts:AssumeRole"] },
    ]);
  });

  test("has its rights before an instance starts", () => {
    expect(group()["depends_on"]).toEqual([expect.stringMatching(/^aws_iam_role_policy\./)]);
  });
});

test("control 37: instances let nobody in and reach HTTPS alone, where configured", () => {
  const result = synthEc2({ httpsPrefixListIds: ["pl-s3"] });
  const https = {
    security_group_id: expect.stringMatching(/^\$\{aws_security_group\..+\.id\}$/),
    ip_protocol: "tcp",
    from_port: 443,
    to_port: 443,
    description: "ECS, images and logs",
  };
  expect(result.types).not.toContain("aws_vpc_security_group_ingress_rule");
  expect(result.all("aws_vpc_security_group_egress_rule")).toEqual([
    { ...https, cidr_ipv4: "10.0.0.0/16" },
    { ...https, prefix_list_id: "pl-s3" },
  ]);
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

  test("one of a fixed size does not", () => {
    const names = synthEc2({ maxInstances: 2 })
      .all("aws_cloudwatch_metric_alarm")
      .map(({ alarm_name }) => alarm_name);
    expect(names).toEqual(["acme-test-services-ecs-capacity", "acme-test-services-ecs-troubles"]);
  });
});

describe("refused", () => {
  test.each([
    {
      name: "a type of another architecture",
      changes: { instanceTypes: ["m7g.large", "m7i.large"] },
      message: 'ec2.instanceTypes[1] must be a type of arm64, got "m7i.large"',
    },
    {
      name: "Graviton for x86",
      changes: { architecture: "x86_64" as const, instanceTypes: ["im4gn.large"] },
      message: 'ec2.instanceTypes[0] must be a type of x86_64, got "im4gn.large"',
    },
    {
      name: "no type",
      changes: { instanceTypes: [] },
      message: "ec2.instanceTypes must hold at least 1 type, got 0",
    },
    {
      name: "a maximum below the minimum",
      changes: { maxInstances: 1 },
      message: "ec2.maxInstances must be a whole number of at least 2, got 1",
    },
    {
      name: "a share out of range",
      changes: { spotPercent: 101 },
      message: "ec2.spotPercent must be a whole number from 0 to 100, got 101",
    },
    {
      name: "a disk smaller than the image's",
      changes: { rootVolumeGigabytes: 8 },
      message: "ec2.rootVolumeGigabytes must be a whole number from 30 to 16384, got 8",
    },
    {
      name: "a life out of range",
      changes: { maxInstanceLifetimeDays: 366 },
      message: "ec2.maxInstanceLifetimeDays must be a whole number from 1 to 365, got 366",
    },
  ])("$name", ({ changes, message }) => {
    expect(() => synthEc2(changes)).toThrow(new Error(message));
  });

  test.each([
    {
      name: "instances without a VPC",
      changes: { ec2 },
      message: "vpcId must be set with ec2, got undefined",
    },
    {
      name: "instances without subnets",
      changes: { ec2, vpcId: "vpc-1" },
      message: "subnetIds must be set with ec2, got undefined",
    },
    {
      name: "a namespace without a VPC",
      changes: { namespaceName: "acme-test.internal" },
      message: "vpcId must be set with namespaceName, got undefined",
    },
  ])("$name", ({ changes, message }) => {
    expect(() => synth(changes)).toThrow(new Error(message));
  });
});

test("values known only at deployment are not checked", () => {
  const type = Token.asString(Fn.lookup({ type: "m7i.large" }, "type"));
  expect(template({ instanceTypes: [type], spotPercent: 0 })["instance_type"]).toMatch(/^\$\{.+\.type\}$/);
});
