import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { PrivateZone, type PrivateZoneConfig, PublicZone, type PublicZoneConfig } from ".";

const KEY = "arn:aws:kms:us-east-1:111111111111:key/telemetry";
const publicConfig: PublicZoneConfig = {
  label: testLabel,
  domainName: "test.example.com",
  deletionProtection: true,
};
const logged = { queryLogRetentionDays: 90, queryLogKmsKeyArn: KEY };

const synthPublic = (changes: Partial<PublicZoneConfig> = {}) =>
  synthesise((stack) => new PublicZone(stack, "zone", { ...publicConfig, ...changes }));

const synthPrivate = (changes: Partial<PrivateZoneConfig> = {}) =>
  synthesise(
    (stack) =>
      new PrivateZone(stack, "zone", {
        label: testLabel,
        domainName: "internal.example.com",
        vpcIds: ["vpc-1"],
        deletionProtection: true,
        ...changes,
      }),
  );

describe("public zone", () => {
  test("is of its domain, and of no VPC", () => {
    const zone = synthPublic().one("aws_route53_zone");
    expect(zone).toMatchObject({ name: "test.example.com", comment: "Public zone of acme-test" });
    expect(zone).not.toHaveProperty("vpc");
  });

  test("unless asked for, nothing is logged", () => {
    expect(synthPublic().types).toEqual(["aws_route53_zone"]);
  });

  test("control 27: the log of questions has a retention and is encrypted", () => {
    expect(synthPublic(logged).one("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/route53/acme-test-test.example.com",
      retention_in_days: 90,
      kms_key_id: KEY,
    });
  });

  test("Route 53 writes the log of this zone alone, once it may", () => {
    const result = synthPublic(logged);
    const { policy_document } = result.one("aws_cloudwatch_log_resource_policy");
    const group = /^\$\{aws_cloudwatch_log_group\.zone_query-log_group_\w+\.arn\}/;
    expect(JSON.parse(policy_document)["Statement"]).toEqual([
      {
        Sid: "WriteQueryLog",
        Effect: "Allow",
        Principal: { Service: "route53.amazonaws.com" },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [expect.stringMatching(new RegExp(`${group.source}:\\*$`))],
        Condition: {
          StringEquals: { "aws:SourceAccount": "111111111111" },
          ArnLike: { "aws:SourceArn": expect.stringMatching(/^\$\{aws_route53_zone\.zone_\w+\.arn\}$/) },
        },
      },
    ]);
    expect(result.one("aws_route53_query_log")).toMatchObject({
      zone_id: expect.stringMatching(/^\$\{aws_route53_zone\.zone_\w+\.zone_id\}$/),
      cloudwatch_log_group_arn: expect.stringMatching(new RegExp(`${group.source}$`)),
      depends_on: [expect.stringMatching(/^aws_cloudwatch_log_resource_policy\./)],
    });
  });

  test("the log goes to us-east-1, where Route 53 looks for it", () => {
    const { json } = synthesise((stack) => {
      const globalProvider = new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" });
      new PublicZone(stack, "zone", { ...publicConfig, ...logged, globalProvider });
    });
    const providers = Object.entries<Resource>(json["resource"]).map(([type, resources]) => [
      type,
      Object.values<Resource>(resources)[0]?.["provider"],
    ]);
    expect(Object.fromEntries(providers)).toEqual({
      aws_route53_zone: undefined,
      aws_cloudwatch_log_group: "aws.global",
      aws_cloudwatch_log_resource_policy: "aws.global",
      aws_route53_query_log: undefined,
    });
  });
});

test("a private zone is asked by the VPCs that are named", () => {
  expect(synthPrivate({ vpcIds: ["vpc-1", "vpc-2"] }).one("aws_route53_zone")).toMatchObject({
    name: "internal.example.com",
    comment: "Private zone of acme-test",
    vpc: [{ vpc_id: "vpc-1" }, { vpc_id: "vpc-2" }],
  });
});

test.each([
  { kind: "public", synth: synthPublic },
  { kind: "private", synth: synthPrivate },
])("a $kind zone goes only without deletionProtection, and never with the records of others", ({ synth }) => {
  for (const protection of [true, false]) {
    expect(synth({ deletionProtection: protection }).one("aws_route53_zone")).toMatchObject({
      force_destroy: false,
      lifecycle: { prevent_destroy: protection },
    });
  }
});

describe("refused", () => {
  test.each<{ name: string; changes: Partial<PublicZoneConfig>; message: string }>([
    {
      name: "a domain in capitals",
      changes: { domainName: "Example.com" },
      message: 'domainName must be a domain name in lower case such as api.example.com, got "Example.com"',
    },
    {
      name: "a domain that ends in a dot",
      changes: { domainName: "example.com." },
      message: 'domainName must be a domain name in lower case such as api.example.com, got "example.com."',
    },
    {
      name: "a log without a key",
      changes: { queryLogRetentionDays: 90 },
      message:
        "queryLogKmsKeyArn must be set with queryLogRetentionDays, got undefined; leave both out for no log",
    },
    {
      name: "the key of a log that is not kept, and no domain",
      changes: { domainName: "example", queryLogKmsKeyArn: KEY },
      message:
        'domainName must be a domain name in lower case such as api.example.com, got "example"\n' +
        "queryLogRetentionDays must be set with queryLogKmsKeyArn, got undefined; leave both out for no log",
    },
  ])("$name", ({ changes, message }) => {
    expect(() => synthPublic(changes)).toThrow(new Error(message));
  });

  test("a private zone of no VPC", () => {
    expect(() => synthPrivate({ vpcIds: [] })).toThrow(
      new Error("vpcIds must hold at least 1 VPC, got 0: the zone would be public"),
    );
  });
});
