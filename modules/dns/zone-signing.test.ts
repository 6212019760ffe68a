import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { synthesise, testLabel } from "../internal/synth-test";
import { ZoneSigning, type ZoneSigningConfig } from ".";

const config: ZoneSigningConfig = {
  label: testLabel,
  domainName: "example.com",
  zoneId: "Z1",
  keyDeletionDays: 30,
  deletionProtection: true,
  globalAlarmTopicArn: "arn:aws:sns:us-east-1:111111111111:acme-test-alarms",
};

const synth = (changes: Partial<ZoneSigningConfig> = {}) =>
  synthesise((stack) => {
    const globalProvider = new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" });
    new ZoneSigning(stack, "signing", { ...config, globalProvider, ...changes });
  });

const result = synth();

test("the key signs, is protected, and is in us-east-1", () => {
  expect(result.one("aws_kms_key")).toMatchObject({
    customer_master_key_spec: "ECC_NIST_P256",
    key_usage: "SIGN_VERIFY",
    deletion_window_in_days: 30,
    lifecycle: { prevent_destroy: true },
    provider: "aws.global",
  });
});

test("Route 53 signs with the key for zones of this account alone", () => {
  const [administration, sign, grant] = JSON.parse(result.one("aws_kms_key")["policy"])["Statement"];
  expect(administration["Principal"]).toEqual({ AWS: "arn:aws:iam::111111111111:root" });
  const route53 = { Service: "dnssec-route53.amazonaws.com" };
  expect(sign).toMatchObject({
    Principal: route53,
    Action: ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
    Condition: {
      StringEquals: { "aws:SourceAccount": "111111111111" },
      ArnLike: { "aws:SourceArn": "arn:aws:route53:::hostedzone/*" },
    },
  });
  expect(grant).toMatchObject({
    Principal: route53,
    Action: ["kms:CreateGrant"],
    Condition: {
      Bool: { "kms:GrantIsForAWSResource": "true" },
      StringEqualsIfExists: { "aws:SourceAccount": "111111111111" },
    },
  });
});

test("signing starts once the zone has the key", () => {
  expect(result.one("aws_route53_key_signing_key")).toMatchObject({
    hosted_zone_id: "Z1",
    key_management_service_arn: expect.stringMatching(/^\$\{aws_kms_key\.signing_key_\w+\.arn\}$/),
  });
  expect(result.one("aws_route53_hosted_zone_dnssec")).toMatchObject({
    hosted_zone_id: expect.stringMatching(/^\$\{aws_route53_key_signing_key\.signing_signing-key_/),
    signing_status: "SIGNING",
  });
});

test.each([
  ["a key that cannot sign", "failure", "DNSSECInternalFailure"],
  ["a key that needs action", "action", "DNSSECKeySigningKeysNeedingAction"],
])("%s is told of, in us-east-1", (_case, id, metricName) => {
  const alarm = result.one("aws_cloudwatch_metric_alarm", `${id}-alarm`);
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({
    namespace: "AWS/Route53",
    metric_name: metricName,
    dimensions: { HostedZoneId: "Z1" },
    stat: "Maximum",
  });
  expect(alarm).toMatchObject({ alarm_actions: [config.globalAlarmTopicArn], provider: "aws.global" });
});

test("too few days to bring the key back are refused", () => {
  expect(() => synth({ keyDeletionDays: 6 })).toThrow(
    new Error("keyDeletionDays must be a whole number from 7 to 30, got 6"),
  );
});
