import { execFileSync } from "node:child_process";
import { synthesise, testLabel } from "../internal/synth-test";
import { EndpointService, type EndpointServiceConfig } from ".";

const TOPIC = "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms";
const BALANCER =
  "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/internal/50dc6c495c0c9188";
const LISTENER = `${BALANCER.replace(":loadbalancer/", ":listener/")}/f2f7dc8efc522ab2`;

const config: EndpointServiceConfig = {
  label: testLabel,
  name: "catalog",
  vpcId: "vpc-ours",
  subnetIds: ["subnet-1", "subnet-2"],
  port: 443,
  albListenerArn: LISTENER,
  targetSecurityGroupId: "sg-alb",
  allowedPrincipals: ["arn:aws:iam::222222222222:root"],
  deletionProtection: true,
  alarmTopicArn: TOPIC,
};

const synth = (changes: Partial<EndpointServiceConfig> = {}) =>
  synthesise((stack) => new EndpointService(stack, "link", { ...config, ...changes }));

/** Before addresses, in the place of a load balancer. */
const synthIps = (changes: Partial<EndpointServiceConfig> = {}) => {
  const { albListenerArn: _, ...others } = config;
  return synthesise(
    (stack) =>
      new EndpointService(stack, "link", { ...others, targetIps: ["10.0.1.5", "10.0.2.5"], ...changes }),
  );
};

const result = synth();

describe("load balancer", () => {
  test("is a network load balancer inside the VPC, in every subnet, and sends to every zone", () => {
    expect(result.one("aws_lb")).toMatchObject({
      name: "acme-test-catalog-link",
      load_balancer_type: "network",
      internal: true,
      subnets: ["subnet-1", "subnet-2"],
      enable_cross_zone_load_balancing: true,
    });
  });

  test.each([true, false])("AWS and Terraform protect it as deletionProtection %s says", (protection) => {
    expect(synth({ deletionProtection: protection }).one("aws_lb")).toMatchObject({
      enable_deletion_protection: protection,
      lifecycle: { prevent_destroy: protection },
    });
  });

  test("control 37: its security group lets nobody in, and out to what answers alone", () => {
    const group = expect.stringMatching(/^\$\{aws_security_group\.link_security-group_\w+\.id\}$/);
    expect(result.one("aws_lb")["security_groups"]).toEqual([group]);
    expect(result.one("aws_vpc_security_group_egress_rule")).toMatchObject({
      security_group_id: group,
      referenced_security_group_id: "sg-alb",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
    });
    expect(result.one("aws_vpc_security_group_ingress_rule")).toMatchObject({
      security_group_id: "sg-alb",
      referenced_security_group_id: group,
      from_port: 443,
      to_port: 443,
    });
  });

  test("PrivateLink is not held back by the security group: allowedPrincipals say who connects", () => {
    expect(result.one("aws_lb")["enforce_security_group_inbound_rules_on_private_link_traffic"]).toBe("off");
  });

  test("passes TCP on as it comes", () => {
    expect(result.one("aws_lb_listener")).toMatchObject({
      port: 443,
      protocol: "TCP",
      default_action: [
        { type: "forward", target_group_arn: expect.stringContaining("aws_lb_target_group.") },
      ],
    });
  });
});

describe("before an application load balancer", () => {
  test("any answer but an error of the server shows that it lives", () => {
    expect(result.one("aws_lb_target_group")).toMatchObject({
      name: "acme-test-catalog-alb-443",
      target_type: "alb",
      protocol: "TCP",
      port: 443,
      health_check: { protocol: "HTTPS", path: "/", matcher: "200-499" },
      lifecycle: { create_before_destroy: true },
    });
  });

  test("that speaks HTTP, it is asked so, on its own port", () => {
    const plain = synth({ albProtocol: "http", port: 8443, targetPort: 80 });
    expect(plain.one("aws_lb_target_group")).toMatchObject({
      port: 80,
      health_check: { protocol: "HTTP" },
    });
    expect(plain.one("aws_lb_target_group_attachment")["port"]).toBe(80);
    expect(plain.one("aws_lb_listener")["port"]).toBe(8443);
  });

  test("the target is the load balancer of the listener, as Terraform computes it", () => {
    const expression: string = result.one("aws_lb_target_group_attachment")["target_id"];
    const value = execFileSync("terraform", ["console"], {
      input: /^\$\{(.+)\}$/.exec(expression)?.[1] as string,
      env: { ...process.env, CHECKPOINT_DISABLE: "1" },
      encoding: "utf8",
      stdio: "pipe",
    });
    expect(JSON.parse(value)).toBe(BALANCER);
  });
});

describe("before addresses", () => {
  const ips = synthIps({ targetPort: 8080 });

  test("each is asked by TCP whether it lives", () => {
    expect(ips.one("aws_lb_target_group")).toMatchObject({
      name: "acme-test-catalog-ip-8080",
      target_type: "ip",
      health_check: { protocol: "TCP" },
    });
  });

  test("each is a target", () => {
    expect(ips.all("aws_lb_target_group_attachment").map(({ target_id, port }) => [target_id, port])).toEqual(
      [
        ["10.0.1.5", 8080],
        ["10.0.2.5", 8080],
      ],
    );
  });
});

describe("service", () => {
  test("unless said otherwise, those who may connect wait to be accepted", () => {
    expect(result.one("aws_vpc_endpoint_service")).toMatchObject({
      network_load_balancer_arns: [expect.stringMatching(/^\$\{aws_lb\.link_load-balancer_\w+\.arn\}$/)],
      allowed_principals: ["arn:aws:iam::222222222222:root"],
      acceptance_required: true,
    });
    expect(synth({ acceptanceRequired: false }).one("aws_vpc_endpoint_service")["acceptance_required"]).toBe(
      false,
    );
  });

  test("endpoints are accepted by name: one that goes leaves the others", () => {
    const both = synth({ acceptedEndpoints: { billing: "vpce-1", search: "vpce-2" } });
    expect(both.one("aws_vpc_endpoint_connection_accepter", "accepted-billing")).toMatchObject({
      vpc_endpoint_id: "vpce-1",
      vpc_endpoint_service_id: expect.stringMatching(/^\$\{aws_vpc_endpoint_service\.link_service_/),
    });
    expect(both.one("aws_vpc_endpoint_connection_accepter", "accepted-search")["vpc_endpoint_id"]).toBe(
      "vpce-2",
    );
  });

  test("a name of its own is shown to be ours by a record, then verified", () => {
    const named = synth({ privateDnsName: "catalog.example.com", privateDnsZoneId: "Z1" });
    expect(named.one("aws_vpc_endpoint_service")["private_dns_name"]).toBe("catalog.example.com");
    const shown = "aws_vpc_endpoint_service\\.link_service_\\w+\\.private_dns_name_configuration\\[0\\]";
    expect(named.one("aws_route53_record")).toMatchObject({
      zone_id: "Z1",
      type: "TXT",
      name: expect.stringMatching(new RegExp(`^\\$\\{${shown}\\.name\\}\\.catalog\\.example\\.com$`)),
      records: [expect.stringMatching(new RegExp(`^\\$\\{${shown}\\.value\\}$`))],
    });
    expect(named.one("aws_vpc_endpoint_service_private_dns_verification")).toMatchObject({
      wait_for_verification: true,
      depends_on: [expect.stringMatching(/^aws_route53_record\.link_private-dns-record_/)],
    });
  });

  test("without one there is no record", () => {
    expect(result.types).not.toContain("aws_route53_record");
  });
});

test.each([
  ["what answers and fails its check", "unhealthy", "UnHealthyHostCount", "Maximum"],
  ["connections for which no port is left", "ports", "PortAllocationErrorCount", "Sum"],
])("%s are told of", (_case, id, metricName, stat) => {
  const alarm = result.one("aws_cloudwatch_metric_alarm", id);
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({
    namespace: "AWS/NetworkELB",
    metric_name: metricName,
    stat,
  });
  expect(alarm["alarm_actions"]).toEqual([TOPIC]);
});

describe("refused", () => {
  test.each<{ name: string; changes: Partial<EndpointServiceConfig>; message: string }>([
    {
      name: "a load balancer and addresses",
      changes: { targetIps: ["10.0.1.5"] },
      message: "one of albListenerArn and targetIps must be set, got both",
    },
    {
      name: "nobody who may connect",
      changes: { allowedPrincipals: [] },
      message: "allowedPrincipals must hold at least 1 ARN, got 0: nobody could connect",
    },
    {
      name: "everybody",
      changes: { allowedPrincipals: ["*"] },
      message: 'allowedPrincipals[0] must be an ARN such as arn:aws:iam::222222222222:root, got "*"',
    },
    {
      name: "a name without a zone",
      changes: { privateDnsName: "catalog.example.com" },
      message: "privateDnsZoneId must be set with privateDnsName, got undefined",
    },
    {
      name: "ports out of range, both told",
      changes: { port: 0, targetPort: 70_000 },
      message:
        "port must be a whole number from 1 to 65535, got 0\ntargetPort must be a whole number from 1 to 65535, got 70000",
    },
  ])("$name", ({ changes, message }: { changes: Partial<EndpointServiceConfig>; message: string }) => {
    expect(() => synth(changes)).toThrow(new Error(message));
  });

  test("no address", () => {
    expect(() => synthIps({ targetIps: [] })).toThrow(
      new Error("targetIps must hold at least 1 address, got 0"),
    );
  });

  test("neither a load balancer nor addresses", () => {
    const { albListenerArn: _, ...neither } = config;
    expect(() => synthesise((stack) => new EndpointService(stack, "link", neither))).toThrow(
      new Error("one of albListenerArn and targetIps must be set, got neither"),
    );
  });
});
