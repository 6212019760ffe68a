import { TerraformOutput } from "cdktf";
import { synthesise } from "../internal/synth-test";
import { EcsAccountSettings, EcsCluster } from ".";
import { config, synth, synthEc2 } from "./fixture";

describe("cluster", () => {
  test("has a name and measures every task, or as much as configured", () => {
    expect(synth().one("aws_ecs_cluster")).toMatchObject({
      name: "acme-test-services",
      setting: [{ name: "containerInsights", value: "enhanced" }],
    });
    const setting = synth({ containerInsights: "enabled" }).one("aws_ecs_cluster")["setting"];
    expect(setting).toEqual([{ name: "containerInsights", value: "enabled" }]);
  });

  test("sessions of ECS Exec are encrypted and logged", () => {
    const execute = synth().one("aws_ecs_cluster")["configuration"]["execute_command_configuration"];
    expect(execute).toEqual({
      kms_key_id: config.kmsKeyArn,
      logging: "OVERRIDE",
      log_configuration: {
        cloud_watch_encryption_enabled: true,
        cloud_watch_log_group_name: expect.stringMatching(
          /^\$\{aws_cloudwatch_log_group\.cluster_sessions_.+\.name\}$/,
        ),
      },
    });
  });

  test.each([
    { id: "sessions", name: "/aws/ecs/acme-test-services/sessions", days: 90 },
    { id: "performance", name: "/aws/ecs/containerinsights/acme-test-services/performance", days: 1 },
    { id: "events", name: "/aws/events/acme-test-services", days: 90 },
  ])("control 27: the log of $id has a retention and is encrypted", ({ id, name, days }) => {
    expect(synth().one("aws_cloudwatch_log_group", `cluster_${id}_`)).toMatchObject({
      name,
      retention_in_days: days,
      kms_key_id: config.logKmsKeyArn,
    });
  });

  test("ECS finds the log of its measurements, and does not make one of its own", () => {
    expect(synth().one("aws_ecs_cluster")["depends_on"]).toEqual([
      expect.stringMatching(/^aws_cloudwatch_log_group\.cluster_performance_/),
    ]);
  });

  test("without measurements there is no log of them", () => {
    const groups = synth({ containerInsights: "disabled" }).all("aws_cloudwatch_log_group");
    expect(groups.map(({ name }) => name)).not.toContainEqual(expect.stringContaining("containerinsights"));
  });

  test("has Fargate, and its spot capacity", () => {
    expect(synth().one("aws_ecs_cluster_capacity_providers")["capacity_providers"]).toEqual([
      "FARGATE",
      "FARGATE_SPOT",
    ]);
  });

  test("has its instances besides", () => {
    expect(synthEc2().one("aws_ecs_cluster_capacity_providers")["capacity_providers"]).toEqual([
      "FARGATE",
      "FARGATE_SPOT",
      expect.stringMatching(/^\$\{aws_ecs_capacity_provider\..+\.name\}$/),
    ]);
  });

  test("has a namespace where configured", () => {
    const result = synth({ namespaceName: "acme-test.internal", vpcId: "vpc-1" });
    expect(result.one("aws_service_discovery_private_dns_namespace")).toMatchObject({
      name: "acme-test.internal",
      vpc: "vpc-1",
    });
    expect(synth().types).not.toContain("aws_service_discovery_private_dns_namespace");
  });

  test("a service waits until the cluster has its capacity", () => {
    const { json } = synthesise((stack) => {
      new TerraformOutput(stack, "arn", { value: new EcsCluster(stack, "cluster", config).clusterArn });
    });
    expect(json["output"]["arn"]["value"]).toMatch(
      /^arn:aws:ecs:eu-west-1:111111111111:cluster\/\$\{aws_ecs_cluster_capacity_providers\..+\.cluster_name\}$/,
    );
  });

  test("says what services need of it", () => {
    synthesise((stack) => {
      const plain = new EcsCluster(stack, "plain", config);
      expect(plain.executeCommandKmsKeyArn).toBe(config.kmsKeyArn);
      expect(plain.capacityProviderName).toBeUndefined();
      expect(plain.namespaceId).toBeUndefined();
    });
  });
});

describe("what ECS warns of", () => {
  test("is told by services of this cluster alone", () => {
    expect(JSON.parse(synth().one("aws_cloudwatch_event_rule")["event_pattern"])).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change", "ECS Service Action"],
      resources: [{ prefix: "arn:aws:ecs:eu-west-1:111111111111:service/acme-test-services/" }],
      detail: { eventType: ["WARN", "ERROR"] },
    });
  });

  test("is written to the log by this rule alone", () => {
    const policy = JSON.parse(synth().one("aws_cloudwatch_log_resource_policy")["policy_document"]);
    const eventBridge = {
      Effect: "Allow",
      Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
      Resource: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.cluster_events_log_.+\.arn\}:\*$/)],
    };
    expect(policy["Statement"]).toEqual([
      { ...eventBridge, Sid: "BeginStreams", Action: ["logs:CreateLogStream"] },
      {
        ...eventBridge,
        Sid: "WriteEvents",
        Action: ["logs:PutLogEvents"],
        Condition: {
          ArnEquals: { "aws:SourceArn": expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\..+\.arn\}$/) },
        },
      },
    ]);
    expect(synth().one("aws_cloudwatch_event_target")["depends_on"]).toEqual([
      expect.stringMatching(/^aws_cloudwatch_log_resource_policy\./),
    ]);
  });

  test("control 29: tells the topic", () => {
    const alarm = synth().one("aws_cloudwatch_metric_alarm");
    expect(alarm).toMatchObject({
      alarm_name: "acme-test-services-ecs-troubles",
      threshold: 0,
      evaluation_periods: 1,
      alarm_actions: [config.alarmTopicArn],
    });
    expect(alarm["metric_query"][0]["metric"]).toMatchObject({
      namespace: "AWS/Events",
      metric_name: "TriggeredRules",
      dimensions: { RuleName: expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\..+\.name\}$/) },
    });
  });
});

test("instances may carry more tasks than they have network interfaces", () => {
  const result = synthesise((stack) => new EcsAccountSettings(stack, "settings"));
  expect(result.one("aws_ecs_account_setting_default")).toMatchObject({
    name: "awsvpcTrunking",
    value: "enabled",
  });
});
