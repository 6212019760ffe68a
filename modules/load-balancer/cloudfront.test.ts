import { Fn, Token } from "cdktf";
import { synthesise, testLabel } from "../internal/synth-test";
import { CloudFrontIngress, type CloudFrontIngressConfig, CloudFrontPrefixList } from ".";

const secret = (name: string) => Token.asString(Fn.lookup({ [name]: "?" }, name));

const config: CloudFrontIngressConfig = {
  label: testLabel,
  name: "updates",
  securityGroupId: "sg-1",
  listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/updates/1/2",
  priority: 1,
  targetGroupArn: "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/updates/3",
  originHeaderName: "x-origin-verify",
  originHeaderValues: [secret("one"), secret("two")],
};

const synth = (changes: Partial<CloudFrontIngressConfig> = {}) =>
  synthesise((stack) => new CloudFrontIngress(stack, "ingress", { ...config, ...changes }));

test("control 39: CloudFront's own addresses are let in, by AWS's list of them", () => {
  const result = synth();
  const lists = Object.values(result.json["data"]["aws_ec2_managed_prefix_list"]);
  expect(lists).toEqual([{ name: "com.amazonaws.global.cloudfront.origin-facing" }]);
  expect(result.one("aws_vpc_security_group_ingress_rule")).toMatchObject({
    security_group_id: "sg-1",
    prefix_list_id: expect.stringMatching(/^\$\{data\.aws_ec2_managed_prefix_list\..+\.id\}$/),
    ip_protocol: "tcp",
    from_port: 443,
    to_port: 443,
  });
});

test("control 39: only requests with one of the secrets are forwarded", () => {
  expect(synth({ pathPatterns: ["/downloads/*"] }).one("aws_lb_listener_rule")).toMatchObject({
    priority: 1,
    condition: [
      { path_pattern: { values: ["/downloads/*"] } },
      {
        http_header: {
          http_header_name: "x-origin-verify",
          values: [expect.stringMatching(/\.one\}$/), expect.stringMatching(/\.two\}$/)],
        },
      },
    ],
    action: [{ type: "forward", target_group_arn: config.targetGroupArn }],
  });
});

test("control 26: a secret that is written out is refused", () => {
  expect(() => synth({ originHeaderValues: ["hunter2"] })).toThrow(
    new Error("originHeaderValues must hold references to a secret, got text"),
  );
});

test("the list alone is there for a load balancer of one's own", () => {
  const result = synthesise((stack) => new CloudFrontPrefixList(stack, "cloudfront"));
  expect(Object.keys(result.json["data"])).toEqual(["aws_ec2_managed_prefix_list"]);
});
