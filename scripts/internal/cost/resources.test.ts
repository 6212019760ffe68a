import { monthlyCost, regionOf, resourcesOfPlan, resourcesOfStack, resourcesOfState, trafficOf } from ".";

const stack = {
  "//": { assumedTraffic: { parts: { network: { processedGigabytes: 1 } }, viewersIn: "japan" } },
  provider: { aws: [{ region: "eu-west-1" }, { alias: "us-east-1", region: "us-east-1" }] },
  resource: {
    aws_kms_key: {
      key_1: { "//": { metadata: { path: "envs/prod/data-key/key" } }, description: "data" },
      other_2: {
        "//": { metadata: { path: "envs/prod/cloudfront-key/key" } },
        provider: "aws.us-east-1",
      },
    },
    aws_nat_gateway: { "network_nat-1_3": { "//": { metadata: { path: "envs/prod/network/nat-1" } } } },
  },
};

test("a stack's resources have their place, and no more of cdktf's", () => {
  expect(resourcesOfStack(stack)).toEqual([
    {
      address: "aws_kms_key.key_1",
      type: "aws_kms_key",
      path: "data-key/key",
      values: { description: "data" },
    },
    {
      address: "aws_kms_key.other_2",
      type: "aws_kms_key",
      path: "cloudfront-key/key",
      region: "us-east-1",
      values: {},
    },
    {
      address: "aws_nat_gateway.network_nat-1_3",
      type: "aws_nat_gateway",
      path: "network/nat-1",
      values: {},
    },
  ]);
  expect(regionOf(stack)).toBe("eu-west-1");
});

test("a state's are placed by the stack, by their name, or as removed", () => {
  const resource = (type: string, name: string, values = {}) => ({
    address: `${type}.${name}`,
    type,
    name,
    values,
  });
  const state = {
    root_module: {
      resources: [
        resource("aws_kms_key", "key_1", { arn: "arn:aws:kms:eu-west-1:111122223333:key/1" }),
        resource("aws_nat_gateway", "network_nat-2_9"),
        resource("aws_s3_bucket", "old_bucket_7", { arn: "arn:aws:s3:::old" }),
        { ...resource("aws_caller_identity", "me"), mode: "data" },
      ],
    },
  };
  expect(resourcesOfState(state, stack).map(({ path, region }) => ({ path, region }))).toEqual([
    { path: "data-key/key", region: "eu-west-1" },
    { path: "network/network_nat-2_9", region: undefined },
    { path: "removed/old_bucket_7", region: undefined },
  ]);
});

test("an empty state has none", () => {
  expect(resourcesOfState({}, stack)).toEqual([]);
});

describe("before and after a plan", () => {
  const block = (path: string, values = {}) => ({
    "//": { metadata: { path: `envs/prod/${path}` } },
    ...values,
  });
  const fargate = {
    provider: { aws: [{ region: "eu-west-1" }] },
    resource: {
      aws_ecs_task_definition: { task: block("catalog/task", { cpu: "256", memory: "512" }) },
      aws_ecs_service: {
        service: block("catalog/service", {
          task_definition: "${aws_ecs_task_definition.task.arn}",
          launch_type: "FARGATE",
          desired_count: 2,
        }),
      },
      aws_autoscaling_group: {
        group: block("cluster/group", {
          min_size: 1,
          mixed_instances_policy: {
            launch_template: {
              launch_template_specification: { launch_template_id: "${aws_launch_template.template.id}" },
              override: [{ instance_type: "m7g.large" }],
            },
          },
        }),
      },
      aws_launch_template: {
        template: block("cluster/template", {
          block_device_mappings: [{ ebs: { volume_size: 30, volume_type: "gp3" } }],
        }),
      },
    },
  };

  /** As Terraform shows them: nested blocks in lists, and what is not known left out. */
  function stateOf({ known }: { readonly known: boolean }) {
    const resource = (type: string, name: string, values: object) => ({
      address: `${type}.${name}`,
      mode: "managed",
      type,
      name,
      values: values as Record<string, unknown>,
    });
    const specification = known ? { launch_template_id: "lt-1" } : {};
    return {
      root_module: {
        resources: [
          resource("aws_ecs_task_definition", "task", {
            cpu: "256",
            memory: "512",
            ...(known && { arn: "arn:task:1" }),
          }),
          resource("aws_ecs_service", "service", {
            launch_type: "FARGATE",
            desired_count: 2,
            ...(known && { task_definition: "arn:task:1" }),
          }),
          resource("aws_autoscaling_group", "group", {
            min_size: 1,
            mixed_instances_policy: [
              {
                launch_template: [
                  {
                    launch_template_specification: [specification],
                    override: [{ instance_type: "m7g.large" }],
                  },
                ],
              },
            ],
          }),
          resource("aws_launch_template", "template", {
            ...(known && { id: "lt-1" }),
            block_device_mappings: [{ ebs: [{ volume_size: 30, volume_type: "gp3" }] }],
          }),
        ],
      },
    };
  }

  // Two tasks: 365 hours of a core at 0.04048, 730 of a GB at 0.004445; an instance for 730 hours at 0.091, 30 GB at 0.088
  const MONTHLY = 365 * 0.04048 + 730 * 0.004445 + 730 * 0.091 + 30 * 0.088;

  test.each([
    ["the stack", resourcesOfStack(fargate)],
    ["the state before", resourcesOfState(stateOf({ known: true }), fargate)],
    ["the end of a plan that changes nothing", resourcesOfPlan(stateOf({ known: true }), fargate)],
    [
      "the end of a plan that makes new tasks and templates",
      resourcesOfPlan(stateOf({ known: false }), fargate),
    ],
  ])("%s costs the same", (_name, resources) => {
    const report = monthlyCost(resources, trafficOf(fargate), "eu-west-1");
    expect(report.unpriced).toEqual([]);
    expect(report.monthly).toBeCloseTo(MONTHLY, 9);
  });
});

test("a stack says what traffic is assumed", () => {
  expect(trafficOf(stack)).toEqual({
    parts: { network: { processedGigabytes: 1 } },
    viewersIn: "japan",
  });
  expect(trafficOf({})).toEqual({ parts: {}, viewersIn: "europe" });
});

test("traffic that is none is named by its field", () => {
  const wrong = { "//": { assumedTraffic: { parts: { network: { processedGigabytes: "much" } } } } };
  expect(() => trafficOf(wrong)).toThrow("//.assumedTraffic.parts.network.processedGigabytes: Invalid input");
});

test("a stack without a region is refused", () => {
  expect(() => regionOf({})).toThrow("the stack has no AWS provider with a region");
});
