import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { ArtifactBucket, type ArtifactBucketConfig } from ".";

const config: ArtifactBucketConfig = {
  label: testLabel,
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  accessLogBucket: "acme-test-logs",
  deletionProtection: true,
};

const synth = (changes: Partial<ArtifactBucketConfig> = {}) =>
  synthesise((stack) => new ArtifactBucket(stack, "artifacts", { ...config, ...changes }));

test("controls 24 and 25: artifacts are encrypted with the customer-managed key", () => {
  const [rule] = synth().one("aws_s3_bucket_server_side_encryption_configuration")["rule"];
  expect(rule["apply_server_side_encryption_by_default"]).toEqual({
    sse_algorithm: "aws:kms",
    kms_master_key_id: config.kmsKeyArn,
  });
});

test("control 25: what is overwritten or deleted by hand is kept for 30 days, what is in use for ever", () => {
  const rules: Resource[] = synth().one("aws_s3_bucket_lifecycle_configuration")["rule"];
  expect(rules).toHaveLength(1);
  expect(rules[0]).toMatchObject({ noncurrent_version_expiration: [{ noncurrent_days: 30 }] });
  expect(rules[0]?.["expiration"]).toEqual([{ expired_object_delete_marker: true }]);
});

test("control 25: access is logged", () => {
  expect(synth().one("aws_s3_bucket_logging")["target_bucket"]).toBe("acme-test-logs");
});

test("control 25: nobody is allowed anything by the bucket policy", () => {
  const statements: Resource[] = JSON.parse(synth().one("aws_s3_bucket_policy")["policy"])["Statement"];
  expect(statements.map(({ Effect }) => Effect)).toEqual(["Deny", "Deny"]);
});

test("control 2: prevent_destroy follows deletionProtection", () => {
  expect(synth({ deletionProtection: false }).one("aws_s3_bucket")["lifecycle"]).toEqual({
    prevent_destroy: false,
  });
});

test("the name is unique over all accounts", () => {
  expect(synth().one("aws_s3_bucket")["bucket"]).toBe(testLabel.globalName("artifacts"));
});
