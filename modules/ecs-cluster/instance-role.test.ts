import type { Resource } from "../internal/synth-test";
import { synthEc2 } from "./fixture";

describe("role", () => {
  const statements = (...args: Parameters<typeof synthEc2>): Resource[] =>
    JSON.parse(synthEc2(...args).one("aws_iam_role_policy", "instance-role")["policy"])["Statement"];
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
    const trust = JSON.parse(synthEc2().one("aws_iam_role", "instance-role")["assume_role_policy"]);
    expect(trust["Statement"]).toEqual([
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: ["sts:AssumeRole"] },
    ]);
  });

  test("has its rights before an instance starts", () => {
    expect(synthEc2().one("aws_autoscaling_group")["depends_on"]).toContainEqual(
      expect.stringMatching(/^aws_iam_role_policy\.cluster_ec2_instance-role_/),
    );
  });
});
