import { Fn, TerraformOutput, Token } from "cdktf";
import { policyDocument } from "../internal/iam";
import { Label } from "../internal/label";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { DaxCluster, type DaxClusterConfig } from ".";

const config: DaxClusterConfig = {
  label: testLabel,
  name: "todo",
  nodeType: "dax.t3.small",
  nodes: 2,
  subnetIds: ["subnet-a", "subnet-b"],
  availabilityZones: ["eu-west-1a", "eu-west-1b"],
  vpcId: "vpc-1",
  dynamodbPrefixListId: "pl-dynamodb",
  tableArn: "arn:aws:dynamodb:eu-west-1:111111111111:table/acme-test-todos",
  tableKmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  recordTtlMilliseconds: 300_000,
  queryTtlMilliseconds: 5_000,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
  deletionProtection: true,
};

function synth(changes: Partial<DaxClusterConfig> = {}) {
  const result = synthesise((stack) => {
    const cluster = new DaxCluster(stack, "cache", { ...config, ...changes });
    new TerraformOutput(stack, "granted", { value: policyDocument(cluster.grantRead()) });
    new TerraformOutput(stack, "endpoint", { value: cluster.endpoint });
  });
  const { granted, endpoint } = result.json["output"];
  return { ...result, granted: JSON.parse(granted["value"]), endpoint: endpoint["value"] as string };
}

const cluster = (changes: Partial<DaxClusterConfig> = {}) => synth(changes).one("aws_dax_cluster");
const parameterGroup = (changes: Partial<DaxClusterConfig> = {}) =>
  synth(changes).one("aws_dax_parameter_group");

describe("cluster", () => {
  test("has nodes by number and type", () => {
    expect(cluster()).toMatchObject({ node_type: "dax.t3.small", replication_factor: 2 });
  });

  test("control 33: nodes are spread over the subnets of two zones at least", () => {
    expect(synth().one("aws_dax_subnet_group")["subnet_ids"]).toEqual(["subnet-a", "subnet-b"]);
    expect(cluster()).not.toHaveProperty("availability_zones");
  });

  test("control 38: clients speak TLS", () => {
    const { endpoint, ...result } = synth();
    expect(result.one("aws_dax_cluster")["cluster_endpoint_encryption_type"]).toBe("TLS");
    expect(endpoint).toMatch(/^daxs:\/\/\$\{aws_dax_cluster\..+\.cluster_address\}$/);
  });

  test("control 20: what is cached is encrypted at rest", () => {
    expect(cluster()["server_side_encryption"]).toEqual({ enabled: true });
  });

  test("control 2: prevent_destroy follows deletionProtection", () => {
    expect(cluster()["lifecycle"]).toEqual({ prevent_destroy: true });
    expect(cluster({ deletionProtection: false })["lifecycle"]).toEqual({ prevent_destroy: false });
  });

  test("is kept up to date on Sunday nights", () => {
    expect(cluster()["maintenance_window"]).toBe("sun:03:00-sun:04:00");
  });

  test.each([
    { project: "acme", name: "acme-prod-todo" },
    { project: "a-project-of-some-length", name: /^a-project-o-[0-9a-f]{8}$/ },
  ])("the name of $project stays within DAX's 20 characters", ({ project, name }) => {
    const label = new Label({
      project,
      environment: "prod",
      accountId: "111111111111",
      region: "eu-west-1",
    });
    expect(cluster({ label })["cluster_name"]).toMatch(name);
    expect(cluster({ label })["cluster_name"].length).toBeLessThanOrEqual(20);
  });
});

describe("parameters", () => {
  test("hold the TTLs", () => {
    expect(parameterGroup()["parameters"]).toEqual([
      { name: "query-ttl-millis", value: "5000" },
      { name: "record-ttl-millis", value: "300000" },
    ]);
  });

  test("another TTL is another group, made before the old one goes", () => {
    expect(parameterGroup({ queryTtlMilliseconds: 6_000 })["name"]).not.toBe(parameterGroup()["name"]);
    expect(parameterGroup()["lifecycle"]).toEqual({ create_before_destroy: true });
  });
});

describe("role", () => {
  test("control 21: reads its table and its indexes, and decrypts them through DynamoDB alone", () => {
    expect(JSON.parse(synth().one("aws_iam_role_policy")["policy"])["Statement"]).toEqual([
      {
        Sid: "ReadTable",
        Effect: "Allow",
        Action: ["dynamodb:DescribeTable", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
        Resource: [config.tableArn, `${config.tableArn}/index/*`],
      },
      {
        Sid: "DecryptTable",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [config.tableKmsKeyArn],
        Condition: { StringEquals: { "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com" } },
      },
    ]);
  });

  test("control 22: only DAX assumes it, for no other account", () => {
    expect(JSON.parse(synth().one("aws_iam_role")["assume_role_policy"])["Statement"]).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "dax.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: { StringEqualsIfExists: { "aws:SourceAccount": "111111111111" } },
      },
    ]);
  });

  test("has its rights before the cluster starts", () => {
    expect(cluster()["depends_on"]).toEqual([expect.stringMatching(/^aws_iam_role_policy\./)]);
  });
});

test("control 21: a client's grant reads this cluster and writes nothing", () => {
  expect(synth().granted["Statement"]).toEqual([
    {
      Sid: "ReadCache",
      Effect: "Allow",
      Action: ["dax:BatchGetItem", "dax:GetItem", "dax:Query"],
      Resource: [expect.stringMatching(/^\$\{aws_dax_cluster\..+\.arn\}$/)],
    },
  ]);
});

describe("security groups", () => {
  const result = synth();
  const CLUSTER = expect.stringMatching(/^\$\{aws_security_group\.cache_security-groups_cluster_/);
  const CLIENTS = expect.stringMatching(/^\$\{aws_security_group\.cache_security-groups_clients_/);
  const rule = ({ description: _, ...rest }: Resource) => rest;

  test("control 37: only clients reach the cluster, on its port", () => {
    expect(result.all("aws_vpc_security_group_ingress_rule").map(rule)).toEqual([
      {
        security_group_id: CLUSTER,
        referenced_security_group_id: CLIENTS,
        ip_protocol: "tcp",
        from_port: 9111,
        to_port: 9111,
      },
    ]);
  });

  test("control 37: clients reach the cluster and DynamoDB alone, the cluster DynamoDB alone", () => {
    const cache = { ip_protocol: "tcp", from_port: 9111, to_port: 9111 };
    const https = { ip_protocol: "tcp", from_port: 443, to_port: 443 };
    expect(result.all("aws_vpc_security_group_egress_rule").map(rule)).toEqual([
      { ...cache, security_group_id: CLIENTS, referenced_security_group_id: CLUSTER },
      { ...https, security_group_id: CLIENTS, prefix_list_id: "pl-dynamodb" },
      { ...https, security_group_id: CLUSTER, prefix_list_id: "pl-dynamodb" },
    ]);
  });

  test("control 37: no address range is open", () => {
    expect(JSON.stringify(result.json)).not.toContain("0.0.0.0/0");
  });

  test("the cluster is in its own group, not its clients'", () => {
    expect(result.one("aws_dax_cluster")["security_group_ids"]).toEqual([CLUSTER]);
  });
});

test.each([
  { id: "cpu", metric: "CPUUtilization", statistic: "Maximum", threshold: 80 },
  { id: "evictions", metric: "EvictedSize", statistic: "Sum", threshold: 0 },
  { id: "failures", metric: "FailedRequestCount", statistic: "Sum", threshold: 0 },
  { id: "throttles", metric: "ThrottledRequestCount", statistic: "Sum", threshold: 0 },
])("control 29: $metric over $threshold tells the topic", ({ id, metric, statistic, threshold }) => {
  const alarm = synth().one("aws_cloudwatch_metric_alarm", `${id}-alarm`);
  expect(alarm).toMatchObject({
    alarm_name: `acme-test-todo-dax-${id}`,
    threshold,
    alarm_actions: [config.alarmTopicArn],
  });
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({
    namespace: "AWS/DAX",
    metric_name: metric,
    stat: statistic,
    dimensions: { ClusterId: expect.stringMatching(/^\$\{aws_dax_cluster\..+\.cluster_name\}$/) },
  });
});

test.each([
  { changes: { nodes: 0 }, message: "nodes must be a whole number from 1 to 11, got 0" },
  { changes: { nodes: 12 }, message: "nodes must be a whole number from 1 to 11, got 12" },
  { changes: { nodes: 1.5 }, message: "nodes must be a whole number from 1 to 11, got 1.5" },
  {
    changes: { recordTtlMilliseconds: 0 },
    message: "recordTtlMilliseconds must be a whole number of at least 1, got 0",
  },
  {
    changes: { queryTtlMilliseconds: -1 },
    message: "queryTtlMilliseconds must be a whole number of at least 1, got -1",
  },
  {
    changes: { nodeType: "cache.t3.small" },
    message: 'nodeType must be a DAX node type such as dax.t3.small, got "cache.t3.small"',
  },
  {
    changes: { availabilityZones: ["eu-west-1a"] },
    message: "availabilityZones must hold at least 2 zones, got 1",
  },
  {
    changes: { subnetIds: ["subnet-a"] },
    message: "subnetIds must hold one subnet for each of the 2 availabilityZones, got 1",
  },
])("refused: $message", ({ changes, message }) => {
  expect(() => synth(changes)).toThrow(new Error(message));
});

test("values known only at deployment are not checked", () => {
  const unknown = Fn.lookup({ nodes: 99 }, "nodes");
  const result = synth({
    nodes: Token.asNumber(unknown),
    recordTtlMilliseconds: Token.asNumber(unknown),
    nodeType: Token.asString(unknown),
    subnetIds: Token.asList(unknown),
  });
  expect(result.one("aws_dax_cluster")["replication_factor"]).toMatch(/^\$\{.+\.nodes\}$/);
});
