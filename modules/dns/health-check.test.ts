import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { synthesise, testLabel } from "../internal/synth-test";
import { HealthCheck, type HealthCheckConfig } from ".";

const config: HealthCheckConfig = {
  label: testLabel,
  name: "catalog",
  domainName: "catalog-eu.example.com",
  path: "/health/ready",
  globalAlarmTopicArn: "arn:aws:sns:us-east-1:111111111111:acme-test-alarms",
};

const synth = (changes: Partial<HealthCheckConfig> = {}) =>
  synthesise((stack) => new HealthCheck(stack, "check", { ...config, ...changes }));

test("asks by HTTPS, for the host by its name", () => {
  const check = synth().one("aws_route53_health_check");
  expect(check).toMatchObject({
    type: "HTTPS",
    fqdn: "catalog-eu.example.com",
    port: 443,
    resource_path: "/health/ready",
    request_interval: 30,
    failure_threshold: 3,
    enable_sni: true,
    tags: { Name: "acme-test-catalog" },
  });
  expect(check).not.toHaveProperty("search_string");
});

test("asks otherwise where configured", () => {
  expect(
    synth({ port: 8443, requestIntervalSeconds: 10, failureThreshold: 1 }).one("aws_route53_health_check"),
  ).toMatchObject({ port: 8443, request_interval: 10, failure_threshold: 1 });
});

test("the answer must hold the text that is asked for", () => {
  expect(synth({ searchString: '"ready"' }).one("aws_route53_health_check")).toMatchObject({
    type: "HTTPS_STR_MATCH",
    search_string: '"ready"',
  });
});

test("a site that does not answer is told of", () => {
  const alarm = synth().one("aws_cloudwatch_metric_alarm");
  expect(alarm).toMatchObject({
    alarm_name: "acme-test-catalog-health",
    comparison_operator: "LessThanThreshold",
    threshold: 1,
    alarm_actions: [config.globalAlarmTopicArn],
  });
  expect(alarm["metric_query"][0]["metric"]).toEqual({
    namespace: "AWS/Route53",
    metric_name: "HealthCheckStatus",
    dimensions: {
      HealthCheckId: expect.stringMatching(/^\$\{aws_route53_health_check\.check_\w+\.id\}$/),
    },
    stat: "Minimum",
    period: 60,
  });
});

test("the alarm is in us-east-1, where Route 53 measures", () => {
  const result = synthesise((stack) => {
    const globalProvider = new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" });
    new HealthCheck(stack, "check", { ...config, globalProvider });
  });
  expect(result.one("aws_cloudwatch_metric_alarm")["provider"]).toBe("aws.global");
});

test.each([
  {
    name: "a host in capitals, and a path without a slash",
    changes: { domainName: "Catalog.example.com", path: "health" },
    message:
      'domainName must be a domain name in lower case such as api.example.com, got "Catalog.example.com"\n' +
      'path must begin with a slash, got "health"',
  },
  {
    name: "a port and a threshold out of range",
    changes: { port: 0, failureThreshold: 11 },
    message:
      "port must be a whole number from 1 to 65535, got 0\n" +
      "failureThreshold must be a whole number from 1 to 10, got 11",
  },
  {
    name: "a text that no answer can lack",
    changes: { searchString: "" },
    message: "searchString must have 1 to 255 characters, got 0",
  },
])("$name is refused", ({ changes, message }) => {
  expect(() => synth(changes)).toThrow(new Error(message));
});
