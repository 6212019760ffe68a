import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { LogBucket, type LogBucketConfig } from ".";

const config: LogBucketConfig = { label: testLabel, retentionDays: 365, deletionProtection: true };

const synth = (changes: Partial<LogBucketConfig> = {}) =>
  synthesise((stack) => new LogBucket(stack, "logs", { ...config, ...changes }));

const statements = (changes: Partial<LogBucketConfig> = {}): Resource[] =>
  JSON.parse(synth(changes).one("aws_s3_bucket_policy")["policy"])["Statement"];

test("S3 delivers access logs, of this account's buckets alone", () => {
  expect(statements().filter(({ Effect }) => Effect === "Allow")).toEqual([
    {
      Sid: "DeliverAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: [expect.stringMatching(/\.arn\}\/s3\/\*$/)],
      Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
    },
  ]);
});

test("load balancers of this account and region deliver theirs where configured", () => {
  const sid = "DeliverLoadBalancerLogs";
  expect(statements().map(({ Sid }) => Sid)).not.toContain(sid);
  expect(statements({ loadBalancerLogs: true }).find(({ Sid }) => Sid === sid)).toEqual({
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    Action: ["s3:PutObject"],
    Resource: [expect.stringMatching(/\.arn\}\/load-balancers\/\*\/AWSLogs\/111111111111\/\*$/)],
    Condition: {
      ArnLikeIfExists: {
        "aws:SourceArn": "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/*",
      },
    },
  });
});

test("control 25: plain HTTP is denied", () => {
  expect(statements().map(({ Sid }) => Sid)).toContain("DenyPlainHttp");
});

test("control 25: logs are encrypted with S3's own key, the only one that log delivery writes with", () => {
  const [rule] = synth().one("aws_s3_bucket_server_side_encryption_configuration")["rule"];
  expect(rule["apply_server_side_encryption_by_default"]).toEqual({ sse_algorithm: "AES256" });
});

test("control 27: logs are kept for as many days as configured", () => {
  const rules: Resource[] = synth({ retentionDays: 90 }).one("aws_s3_bucket_lifecycle_configuration")["rule"];
  expect(rules.find(({ id }) => id === "logs")).toMatchObject({
    status: "Enabled",
    filter: [{ prefix: "" }],
    expiration: [{ days: 90 }],
  });
});

test("control 2: prevent_destroy follows deletionProtection", () => {
  expect(synth().one("aws_s3_bucket")["lifecycle"]).toEqual({ prevent_destroy: true });
});

test("the name is unique over all accounts", () => {
  expect(synth().one("aws_s3_bucket")["bucket"]).toBe(testLabel.globalName("access-logs"));
});

test.each([0, 1.5, Number.NaN])("retentionDays %s is refused", (retentionDays) => {
  expect(() => synth({ retentionDays })).toThrow(
    new Error(`retentionDays must be a whole number of at least 1, got ${retentionDays}`),
  );
});
