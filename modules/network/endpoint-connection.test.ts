import { synthesise, testLabel } from "../internal/synth-test";
import { EndpointConnection, type EndpointConnectionConfig } from ".";

const SERVICE = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0";
const config: EndpointConnectionConfig = {
  label: testLabel,
  name: "catalog",
  vpcId: "vpc-consumer",
  subnetIds: ["subnet-1", "subnet-2"],
  serviceName: SERVICE,
  port: 443,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms",
};

function synth(changes: Partial<EndpointConnectionConfig> = {}) {
  let connection: EndpointConnection | undefined;
  const result = synthesise((stack) => {
    connection = new EndpointConnection(stack, "catalog", { ...config, ...changes });
  });
  return { ...result, connection: connection as EndpointConnection };
}

const { connection, ...result } = synth();
const groupId = (kind: string) =>
  expect.stringMatching(
    new RegExp(`^\\$\\{aws_security_group\\.catalog_security-groups_${kind}_\\w+\\.id\\}$`),
  );

test("the endpoint is an interface in every subnet, to the service", () => {
  expect(result.one("aws_vpc_endpoint")).toMatchObject({
    vpc_id: "vpc-consumer",
    vpc_endpoint_type: "Interface",
    service_name: SERVICE,
    subnet_ids: ["subnet-1", "subnet-2"],
    security_group_ids: [groupId("server")],
    tags: { Name: "acme-test-catalog" },
  });
});

test.each([
  { given: {}, name: "unless asked for, the service's own name stays what it is", enabled: false },
  { given: { privateDnsEnabled: true }, name: "the service's own name leads to the endpoint", enabled: true },
])("$name", ({ given, enabled }) => {
  expect(synth(given).one("aws_vpc_endpoint")["private_dns_enabled"]).toBe(enabled);
});

test("control 37: only clients reach the endpoint, on the service's port, and they reach nothing else", () => {
  expect(result.one("aws_vpc_security_group_ingress_rule")).toMatchObject({
    security_group_id: groupId("server"),
    referenced_security_group_id: groupId("clients"),
    ip_protocol: "tcp",
    from_port: 443,
    to_port: 443,
  });
  expect(result.one("aws_vpc_security_group_egress_rule")).toMatchObject({
    security_group_id: groupId("clients"),
    referenced_security_group_id: groupId("server"),
    from_port: 443,
    to_port: 443,
  });
});

test("dropped packets are told of", () => {
  const alarm = result.one("aws_cloudwatch_metric_alarm");
  expect(alarm["metric_query"][0]["metric"]).toEqual({
    namespace: "AWS/PrivateLinkEndpoints",
    metric_name: "PacketsDropped",
    dimensions: {
      "VPC Id": "vpc-consumer",
      "VPC Endpoint Id": expect.stringMatching(/^\$\{aws_vpc_endpoint\.catalog_endpoint_\w+\.id\}$/),
      "Endpoint Type": "Interface",
      "Service Name": SERVICE,
    },
    stat: "Sum",
    period: 60,
  });
  expect(alarm["alarm_actions"]).toEqual([config.alarmTopicArn]);
});

test("the endpoint's name, its zone, its id and the clients' group are told", () => {
  for (const output of ["dnsName", "hostedZoneId", "endpointId", "clientSecurityGroupId"] as const) {
    expect(connection[output]).toMatch(/^\$\{TfToken\[.+\]\}$/);
  }
});

test.each([
  { name: "a service of AWS's", serviceName: "com.amazonaws.eu-west-1.sqs" },
  {
    name: "a service of another region",
    serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
  },
])("$name is refused", ({ serviceName }) => {
  expect(() => synth({ serviceName })).toThrow(
    new Error(
      `serviceName must be an endpoint service of eu-west-1 such as ${SERVICE}, got "${serviceName}"`,
    ),
  );
});
