import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput } from "cdktf";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { Certificate, type CertificateConfig } from ".";

const config: CertificateConfig = {
  label: testLabel,
  domainName: "api.example.com",
  zoneId: "Z1",
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms",
};

const synth = (changes: Partial<CertificateConfig> = {}) =>
  synthesise((stack) => {
    const certificate = new Certificate(stack, "cert", { ...config, ...changes });
    new TerraformOutput(stack, "arn", { value: certificate.certificateArn });
  });

/** What a record is named by. */
const asked = (field: string, name: string) =>
  expect.stringMatching(
    new RegExp(
      `^\\$\\{one\\(\\[for option in aws_acm_certificate\\.cert_certificate_\\w+\\.domain_validation_options : ` +
        `option\\.${field} if option\\.domain_name == "${name.replace(/[.*]/g, "\\$&")}"\\]\\)\\}$`,
    ),
  );

test("is validated by DNS, and replaced by the new one before the old one goes", () => {
  const certificate = synth().one("aws_acm_certificate");
  expect(certificate).toMatchObject({
    domain_name: "api.example.com",
    validation_method: "DNS",
    tags: { Name: "acme-test-api.example.com" },
    lifecycle: { create_before_destroy: true },
  });
  expect(certificate).not.toHaveProperty("subject_alternative_names");
});

test("the record that ACM asks for is in the zone", () => {
  expect(synth().one("aws_route53_record")).toEqual(
    expect.objectContaining({
      zone_id: "Z1",
      name: asked("resource_record_name", "api.example.com"),
      type: asked("resource_record_type", "api.example.com"),
      records: [asked("resource_record_value", "api.example.com")],
      allow_overwrite: true,
    }),
  );
});

test("what uses the certificate waits until it is issued", () => {
  const result = synth();
  expect(result.json["output"]["arn"]["value"]).toMatch(
    /^\$\{aws_acm_certificate_validation\.cert_validation_\w+\.certificate_arn\}$/,
  );
  expect(result.one("aws_acm_certificate_validation")["validation_record_fqdns"]).toEqual([
    expect.stringMatching(/^\$\{aws_route53_record\.cert_validation-apiexamplecom_\w+\.fqdn\}$/),
  ]);
});

test("a name and all below it are shown by one record", () => {
  const result = synth({
    domainName: "example.com",
    alternativeNames: ["*.example.com", "*.dev.example.com"],
  });
  expect(result.one("aws_acm_certificate")["subject_alternative_names"]).toEqual([
    "*.example.com",
    "*.dev.example.com",
  ]);
  expect(result.all("aws_route53_record").map(({ name }) => name)).toEqual([
    asked("resource_record_name", "*.dev.example.com"),
    asked("resource_record_name", "example.com"),
  ]);
  expect(result.one("aws_acm_certificate_validation")["validation_record_fqdns"]).toHaveLength(2);
});

test("a certificate that is not renewed is told of a month before its end", () => {
  const alarm = synth().one("aws_cloudwatch_metric_alarm");
  expect(alarm).toMatchObject({
    alarm_name: "acme-test-api.example.com-certificate-expiry",
    comparison_operator: "LessThanThreshold",
    threshold: 30,
    alarm_actions: [config.alarmTopicArn],
  });
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({
    namespace: "AWS/CertificateManager",
    metric_name: "DaysToExpiry",
    stat: "Minimum",
    period: 86_400,
  });
});

test("CloudFront's are made in us-east-1, their records where the zone is", () => {
  const { json } = synthesise((stack) => {
    const provider = new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" });
    new Certificate(stack, "cert", { ...config, provider });
  });
  const providers = Object.entries<Resource>(json["resource"]).map(([type, resources]) => [
    type,
    Object.values<Resource>(resources)[0]?.["provider"],
  ]);
  expect(Object.fromEntries(providers)).toEqual({
    aws_acm_certificate: "aws.global",
    aws_acm_certificate_validation: "aws.global",
    aws_cloudwatch_metric_alarm: "aws.global",
    aws_route53_record: undefined,
  });
});

test.each([
  {
    name: "what is no domain",
    changes: { domainName: "https://example.com" },
    message:
      'domainName must be a domain name in lower case such as api.example.com, got "https://example.com"',
  },
  {
    name: "two wildcards in one name, and a name that comes twice",
    changes: { alternativeNames: ["*.*.example.com", "api.example.com"] },
    message:
      'alternativeNames[0] must be a domain name in lower case such as api.example.com, got "*.example.com"\n' +
      'alternativeNames[1]: "api.example.com" comes twice; remove one',
  },
])("$name is refused", ({ changes, message }) => {
  expect(() => synth(changes)).toThrow(new Error(message));
});
