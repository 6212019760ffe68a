import { regionOf, resourcesOfStack, resourcesOfState, trafficOf } from ".";

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
