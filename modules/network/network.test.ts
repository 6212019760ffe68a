import { TerraformOutput } from "cdktf";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { Network, type NetworkConfig } from ".";

const config: NetworkConfig = {
  label: testLabel,
  cidr: "10.0.0.0/16",
  availabilityZones: ["eu-west-1a", "eu-west-1b"],
  nat: "none",
  interfaceEndpoints: [],
  flowLogRetentionDays: 90,
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/telemetry",
};

function synth(changes: Partial<NetworkConfig> = {}) {
  let network: Network | undefined;
  const result = synthesise((stack) => {
    network = new Network(stack, "network", { ...config, ...changes });
    new TerraformOutput(stack, "public", { value: network.publicSubnetIds });
    new TerraformOutput(stack, "private", { value: network.privateSubnetIds });
  });
  return { ...result, network: network as Network };
}

const zonesAndCidrs = (subnets: Resource[]) =>
  subnets.map(({ availability_zone, cidr_block }) => [availability_zone, cidr_block]);

describe("VPC", () => {
  test("has the range and resolves names inside itself", () => {
    expect(synth().one("aws_vpc")).toMatchObject({
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: true,
      tags: { Name: "acme-test-vpc" },
    });
  });

  test("control 37: the default security group lets nothing through", () => {
    const group = synth().one("aws_default_security_group");
    expect(group).toMatchObject({ ingress: [], egress: [] });
  });

  test("control 37: every flow is logged, refused ones too", () => {
    expect(synth().one("aws_flow_log")).toMatchObject({
      traffic_type: "ALL",
      log_destination_type: "cloud-watch-logs",
      max_aggregation_interval: 60,
    });
  });

  test("control 27: flow logs have a retention and are encrypted", () => {
    expect(synth().one("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/vpc/acme-test-flow-logs",
      retention_in_days: 90,
      kms_key_id: config.kmsKeyArn,
    });
  });

  test("control 22: only flow logs of this account and region assume the role", () => {
    const trust = JSON.parse(synth().one("aws_iam_role")["assume_role_policy"]);
    expect(trust["Statement"]).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: {
          StringEquals: { "aws:SourceAccount": "111111111111" },
          ArnLike: { "aws:SourceArn": "arn:aws:ec2:eu-west-1:111111111111:vpc-flow-log/*" },
        },
      },
    ]);
  });

  test("control 21: the role writes its own log group and no other", () => {
    const statements: Resource[] = JSON.parse(synth().one("aws_iam_role_policy")["policy"])["Statement"];
    const writes = statements.filter(({ Action }) => Action.includes("logs:PutLogEvents"));
    expect(writes.flatMap(({ Resource }) => Resource)).toEqual([
      expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.network_flow-logs_group_.+\.arn\}$/),
      expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.network_flow-logs_group_.+\.arn\}:\*$/),
    ]);
  });
});

describe("without NAT", () => {
  test("control 33: there is one isolated subnet in each zone, and no other", () => {
    const { network, ...result } = synth();
    expect(zonesAndCidrs(result.all("aws_subnet"))).toEqual([
      ["eu-west-1a", "10.0.128.0/20"],
      ["eu-west-1b", "10.0.144.0/20"],
    ]);
    expect(network.isolatedSubnetIds).toHaveLength(2);
    expect(network.availabilityZones).toEqual(config.availabilityZones);
    expect(network.publicSubnetIds).toEqual([]);
    expect(network.privateSubnetIds).toEqual([]);
  });

  test("control 37: nothing leads to the internet", () => {
    const { types } = synth();
    for (const type of ["aws_internet_gateway", "aws_nat_gateway", "aws_eip", "aws_route"]) {
      expect(types).not.toContain(type);
    }
  });
});

describe.each([
  { nat: "single" as const, gateways: 1 },
  { nat: "per-zone" as const, gateways: 3 },
])("with NAT $nat", ({ nat, gateways }) => {
  const { network, ...result } = synth({
    nat,
    availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  });
  const routes = result.all("aws_route");

  test("control 33: each tier has a subnet in each zone", () => {
    expect(result.all("aws_subnet")).toHaveLength(9);
    for (const ids of [network.publicSubnetIds, network.privateSubnetIds, network.isolatedSubnetIds]) {
      expect(new Set(ids).size).toBe(3);
    }
  });

  test("no subnet gives its hosts public addresses by itself", () => {
    expect(result.all("aws_subnet").map((subnet) => subnet["map_public_ip_on_launch"])).toEqual(
      Array(9).fill(false),
    );
  });

  test(`control 33: ${gateways} NAT gateway(s), each in a public subnet of its own`, () => {
    const subnets = result.all("aws_nat_gateway").map(({ subnet_id }) => subnet_id);
    expect(new Set(subnets).size).toBe(gateways);
    for (const subnet of subnets) expect(subnet).toContain(".network_internet_public_");
    expect(result.all("aws_eip")).toHaveLength(gateways);
    expect(network.natAddresses).toHaveLength(gateways);
  });

  test.each(["public", "private"])(
    "what is put into a %s subnet waits for the way out, and goes before it",
    (tier) => {
      const routes = result
        .all("aws_route_table_association")
        .filter(({ subnet_id }) => subnet_id.includes(`_${tier}_`));
      for (const { route_table_id } of routes) {
        expect(route_table_id).toMatch(/^\$\{aws_route\.network_internet_.+-route.*\.route_table_id\}$/);
      }
      const ids: string[] = result.json["output"][tier]["value"];
      expect(ids).toHaveLength(3);
      for (const id of ids) {
        expect(id).toMatch(/^\$\{aws_route_table_association\..+\.subnet_id\}$/);
        expect(id).toContain(`_${tier}_`);
      }
    },
  );

  test("every private route table leaves by NAT, spread over the gateways", () => {
    const byNat = routes.filter((route) => "nat_gateway_id" in route);
    expect(new Set(byNat.map(({ route_table_id }) => route_table_id)).size).toBe(3);
    expect(new Set(byNat.map(({ nat_gateway_id }) => nat_gateway_id)).size).toBe(gateways);
  });

  test("control 37: only the public route table leads to the internet gateway", () => {
    const byGateway = routes.filter((route) => "gateway_id" in route);
    expect(byGateway).toHaveLength(1);
    expect(byGateway[0]?.["route_table_id"]).toMatch(/^\$\{aws_route_table\.network_internet_public_/);
  });

  test("control 37: no route leaves an isolated subnet", () => {
    expect(routes.filter(({ route_table_id }) => route_table_id.includes("isolated"))).toEqual([]);
  });

  test("every subnet has a route table", () => {
    expect(result.all("aws_route_table_association")).toHaveLength(9);
  });

  test("routes elsewhere can be added to every route table", () => {
    expect(new Set(network.routeTableIds).size).toBe(5);
  });

  test("both gateway endpoints serve every route table", () => {
    for (const endpoint of result.all("aws_vpc_endpoint")) {
      expect(endpoint["route_table_ids"]).toHaveLength(5);
    }
  });
});

describe("endpoints", () => {
  test.each(["s3", "dynamodb"])(
    "%s has a gateway, for this account's principals and resources",
    (service) => {
      const endpoint = synth().one("aws_vpc_endpoint", `endpoints_${service}`);
      expect(endpoint).toMatchObject({
        vpc_endpoint_type: "Gateway",
        service_name: `com.amazonaws.eu-west-1.${service}`,
      });
      const statements: Resource[] = JSON.parse(endpoint["policy"])["Statement"];
      expect(statements.filter(({ Sid }) => Sid !== "PullImageLayers")).toEqual([
        {
          Sid: "OwnPrincipalsAndResources",
          Effect: "Allow",
          Principal: "*",
          Action: [`${service}:*`],
          Resource: ["*"],
          Condition: {
            StringEquals: {
              "aws:PrincipalAccount": "111111111111",
              "aws:ResourceAccount": "111111111111",
            },
          },
        },
      ]);
    },
  );

  test("images are pulled from ECR: its layers in this region may be read, and nothing of AWS's be written", () => {
    const foreign = (service: string) =>
      (JSON.parse(synth().one("aws_vpc_endpoint", service)["policy"])["Statement"] as Resource[]).filter(
        ({ Condition }) => Condition === undefined,
      );
    expect(foreign("s3")).toEqual([
      {
        Sid: "PullImageLayers",
        Effect: "Allow",
        Principal: "*",
        Action: ["s3:GetObject"],
        Resource: ["arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"],
      },
    ]);
    expect(foreign("dynamodb")).toEqual([]);
  });

  test("an interface endpoint is in each zone, under its service's own name", () => {
    const endpoint = synth({ interfaceEndpoints: ["ecr.api"] }).one("aws_vpc_endpoint", "ecrapi");
    expect(endpoint).toMatchObject({
      vpc_endpoint_type: "Interface",
      service_name: "com.amazonaws.eu-west-1.ecr.api",
      private_dns_enabled: true,
    });
    expect(endpoint["subnet_ids"]).toHaveLength(2);
  });

  test("control 37: interface endpoints are reached by HTTPS from inside the VPC, and reach nothing", () => {
    const result = synth({ interfaceEndpoints: ["secretsmanager", "sqs"] });
    expect(result.one("aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.0.0.0/16",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
    });
    expect(result.types).not.toContain("aws_vpc_security_group_egress_rule");
  });

  test("without one there is no security group for them", () => {
    const { network, types } = synth();
    expect(types).not.toContain("aws_security_group");
    expect(network.endpointSecurityGroupId).toBeUndefined();
  });

  test.each([
    { name: "the security group of interface endpoints", output: "endpointSecurityGroupId" as const },
    { name: "S3's prefix list", output: "s3PrefixListId" as const },
    { name: "DynamoDB's prefix list", output: "dynamodbPrefixListId" as const },
  ])("rules elsewhere can name $name", ({ output }) => {
    const { network } = synth({ interfaceEndpoints: ["sqs"] });
    expect(network[output]).toMatch(/^\$\{TfToken\[.+\]\}$/);
  });
});

describe("refused", () => {
  test.each([
    {
      name: "one zone",
      changes: { availabilityZones: ["eu-west-1a"] },
      message: "availabilityZones must hold 2 or 3 zones, got 1",
    },
    {
      name: "a zone of another region",
      changes: { availabilityZones: ["eu-west-1a", "us-east-1b"] },
      message: 'availabilityZones[1] must be a zone of eu-west-1, got "us-east-1b"',
    },
    {
      name: "a zone named twice",
      changes: { availabilityZones: ["eu-west-1a", "eu-west-1a"] },
      message: 'availabilityZones[1]: "eu-west-1a" comes twice; name another zone',
    },
    {
      name: "an endpoint by its full name in capitals",
      changes: { interfaceEndpoints: ["com.amazonaws.X"] },
      message:
        'interfaceEndpoints[0] must be a service\'s short name such as secretsmanager, got "com.amazonaws.X"',
    },
    {
      name: "an interface endpoint where there is a gateway",
      changes: { interfaceEndpoints: ["s3"] },
      message: 'interfaceEndpoints[0]: "s3" has a gateway endpoint, which costs nothing; remove it',
    },
    {
      name: "an endpoint named twice",
      changes: { interfaceEndpoints: ["sqs", "sqs"] },
      message: 'interfaceEndpoints[1]: "sqs" comes twice; remove one',
    },
  ])("$name", ({ changes, message }) => {
    expect(() => synth(changes)).toThrow(new Error(message));
  });
});
