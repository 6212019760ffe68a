import { Fn, Token } from "cdktf";
import { Label } from "../internal/label";
import { ec2, synth, synthEc2 } from "./fixture";

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
      name: "a refresh out of range",
      changes: { refreshDays: 366 },
      message: "ec2.refreshDays must be a whole number from 1 to 365, got 366",
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

test.each(["aws", "ecs", "fargate"])(
  "names that begin with %s, which capacity providers may not",
  (start) => {
    const label = new Label({
      project: `${start}shop`,
      environment: "test",
      accountId: "111111111111",
      region: "eu-west-1",
    });
    expect(() => synthEc2({}, { label })).toThrow(
      new Error(
        `label: names must not begin with "${start}", which ECS keeps to itself in names of capacity providers, got "${start}shop-test"`,
      ),
    );
    expect(() => synth({ label })).not.toThrow();
  },
);

test("values known only at deployment are not checked", () => {
  const type = Token.asString(Fn.lookup({ type: "m7i.large" }, "type"));
  const template = synthEc2({ instanceTypes: [type], spotPercent: 0 }).one("aws_launch_template");
  expect(template["instance_type"]).toMatch(/^\$\{.+\.type\}$/);
});
