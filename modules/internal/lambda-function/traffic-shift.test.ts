import { type Synthesised, synthesise, testArtifact, testLabel } from "../synth-test";
import { LambdaFunction, type TrafficShift } from ".";

function synth(trafficShift?: TrafficShift): Synthesised {
  return synthesise((stack) => {
    new LambdaFunction(stack, "hello", {
      label: testLabel,
      artifact: testArtifact("hello"),
      artifactBucket: "artifacts",
      environment: {},
      statements: [],
      kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
      logRetentionDays: 30,
      alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms",
      reservedConcurrency: 5,
      onFailureQueueArn: "arn:aws:sqs:eu-west-1:111111111111:acme-test-hello-failed",
      ...(trafficShift && { trafficShift }),
    });
  });
}

const canary = synth({ kind: "canary", percent: 10, minutes: 5 });
const group = () => canary.one("aws_codedeploy_deployment_group");

test("all at once, Terraform moves the alias and there is nothing of CodeDeploy", () => {
  const plain = synth();
  expect(plain.types.filter((type) => type.startsWith("aws_codedeploy_"))).toEqual([]);
  expect(plain.one("aws_lambda_alias")["lifecycle"]).toBeUndefined();
});

test("shifted, the alias is CodeDeploy's from its first version on", () => {
  expect(canary.one("aws_lambda_alias")).toMatchObject({
    function_version: expect.stringMatching(/^\$\{aws_lambda_function\..+\.version\}$/),
    lifecycle: { ignore_changes: ["function_version", "routing_config"] },
  });
});

test("control 44: the alias is sent back when an alarm of the function goes off, when a shift fails, and when it is stopped", () => {
  expect(group()["alarm_configuration"]).toEqual({
    enabled: true,
    ignore_poll_alarm_failure: false,
    alarms: ["errors", "throttles", "latency"].map((id) =>
      expect.stringMatching(
        new RegExp(`^\\$\\{aws_cloudwatch_metric_alarm\\.hello_${id}-alarm_.+\\.alarm_name\\}$`),
      ),
    ),
  });
  expect(group()["auto_rollback_configuration"]).toEqual({
    enabled: true,
    events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
  });
});

test("the group is of an application of the function's own, by traffic and not by hosts", () => {
  expect(canary.one("aws_codedeploy_app")).toMatchObject({
    name: "acme-test-hello-shift",
    compute_platform: "Lambda",
  });
  expect(group()).toMatchObject({
    app_name: expect.stringMatching(/^\$\{aws_codedeploy_app\..+\.name\}$/),
    deployment_group_name: "acme-test-hello-shift",
    deployment_style: { deployment_type: "BLUE_GREEN", deployment_option: "WITH_TRAFFIC_CONTROL" },
    service_role_arn: expect.stringMatching(/^\$\{aws_iam_role\.hello_shift_role_.+\.arn\}$/),
  });
});

test.each<[TrafficShift, string]>([
  [{ kind: "canary", percent: 10, minutes: 5 }, "CodeDeployDefault.LambdaCanary10Percent5Minutes"],
  [{ kind: "linear", percent: 10, minutes: 1 }, "CodeDeployDefault.LambdaLinear10PercentEvery1Minute"],
  [{ kind: "linear", percent: 10, minutes: 10 }, "CodeDeployDefault.LambdaLinear10PercentEvery10Minutes"],
])("%j is what AWS has as %s", (shift, name) => {
  const synthesised = synth(shift);
  expect(synthesised.one("aws_codedeploy_deployment_group")["deployment_config_name"]).toBe(name);
  expect(synthesised.types).not.toContain("aws_codedeploy_deployment_config");
});

test.each<[TrafficShift, string, object]>([
  [
    { kind: "canary", percent: 5, minutes: 20 },
    "acme-test-hello-canary-5-20",
    { type: "TimeBasedCanary", time_based_canary: { percentage: 5, interval: 20 } },
  ],
  [
    { kind: "linear", percent: 25, minutes: 3 },
    "acme-test-hello-linear-25-3",
    { type: "TimeBasedLinear", time_based_linear: { percentage: 25, interval: 3 } },
  ],
])("%j is a configuration of the function's own", (shift, name, routing) => {
  expect(synth(shift).one("aws_codedeploy_deployment_config")).toMatchObject({
    deployment_config_name: name,
    compute_platform: "Lambda",
    traffic_routing_config: routing,
    lifecycle: { create_before_destroy: true },
  });
});

test("control 21: the role may move this function's alias and watch alarms, and no more", () => {
  const { policy } = canary.one("aws_iam_role_policy", "shift_role");
  const own = "arn:aws:lambda:eu-west-1:111111111111:function:acme-test-hello";
  expect(JSON.parse(policy).Statement).toEqual([
    {
      Sid: "MoveAlias",
      Effect: "Allow",
      Action: ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"],
      Resource: [own, `${own}:*`],
    },
    {
      Sid: "WatchAlarms",
      Effect: "Allow",
      Action: ["cloudwatch:DescribeAlarms"],
      Resource: ["arn:aws:cloudwatch:eu-west-1:111111111111:alarm:*"],
    },
  ]);
});

test("control 22: CodeDeploy assumes the role for this group alone", () => {
  const { assume_role_policy } = canary.one("aws_iam_role", "shift_role");
  expect(JSON.parse(assume_role_policy).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "codedeploy.amazonaws.com" },
      Action: ["sts:AssumeRole"],
      Condition: {
        StringEquals: {
          "aws:SourceAccount": "111111111111",
          "aws:SourceArn":
            "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:acme-test-hello-shift/acme-test-hello-shift",
        },
      },
    },
  ]);
});

test.each<[string, TrafficShift, string]>([
  [
    "a canary of all",
    { kind: "canary", percent: 100, minutes: 5 },
    "trafficShift.percent must be a whole number from 1 to 99, got 100",
  ],
  [
    "one linear step",
    { kind: "linear", percent: 51, minutes: 5 },
    "trafficShift.percent must be a whole number from 1 to 50, got 51",
  ],
  [
    "a canary of three days",
    { kind: "canary", percent: 10, minutes: 4320 },
    "trafficShift.minutes must be a whole number from 1 to 2880, got 4320",
  ],
  [
    "nine steps that take more than two days",
    { kind: "linear", percent: 10, minutes: 321 },
    "trafficShift.minutes must be a whole number from 1 to 320, got 321",
  ],
])("%s is refused", (_case, shift, message) => {
  expect(() => synth(shift)).toThrow(new Error(message));
});
