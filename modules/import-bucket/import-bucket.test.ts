import type { PolicyStatement } from "../internal/iam";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { ImportBucket, type ImportBucketConfig } from ".";

const KEY = "arn:aws:kms:eu-west-1:111111111111:key/data";
const config: ImportBucketConfig = {
  ...{ label: testLabel, name: "catalog-import", kmsKeyArn: KEY },
  ...{ accessLogBucket: "logs", retentionDays: 30, deletionProtection: true },
};

function synth(changes: Partial<ImportBucketConfig> = {}) {
  let bucket: ImportBucket | undefined;
  const result = synthesise((stack) => {
    bucket = new ImportBucket(stack, "import", { ...config, ...changes });
  });
  return { ...result, bucket: bucket as ImportBucket };
}

const { bucket, ...synthesised } = synth();

test("is named globally, and logs who asks for what", () => {
  expect(synthesised.one("aws_s3_bucket").bucket).toBe(testLabel.globalName("catalog-import"));
  expect(synthesised.one("aws_s3_bucket_logging")).toMatchObject({ target_bucket: "logs" });
});

test("keeps versions, and removes files, results and their versions in the end", () => {
  expect(synthesised.one("aws_s3_bucket_versioning").versioning_configuration.status).toBe("Enabled");
  const rules = synthesised.one("aws_s3_bucket_lifecycle_configuration").rule as Resource[];
  expect(rules).toMatchObject([
    { noncurrent_version_expiration: [{ noncurrent_days: 30 }] },
    { id: "incoming", filter: [{ prefix: "incoming/" }], expiration: [{ days: 30 }] },
    { id: "results", filter: [{ prefix: "results/" }], expiration: [{ days: 30 }] },
  ]);
});

test("control 25: nothing in it can be made public", () => {
  expect(synthesised.one("aws_s3_bucket_public_access_block")).toMatchObject({
    ...{ block_public_acls: true, block_public_policy: true },
    ...{ ignore_public_acls: true, restrict_public_buckets: true },
  });
});

test("control 24: files are encrypted with the customer's key, and with no other", () => {
  expect(synthesised.one("aws_s3_bucket_server_side_encryption_configuration").rule).toMatchObject([
    { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: KEY } },
  ]);
  const { Statement } = JSON.parse(synthesised.one("aws_s3_bucket_policy").policy) as {
    Statement: Resource[];
  };
  expect(Statement.map(({ Sid }) => Sid)).toEqual(
    expect.arrayContaining(["DenyOtherEncryption", "DenyOtherKey"]),
  );
});

test.each([true, false])("control 2: Terraform protects the bucket as deletionProtection %s says", (on) => {
  const { force_destroy, lifecycle } = synth({ deletionProtection: on }).one("aws_s3_bucket");
  expect([force_destroy, lifecycle]).toEqual([!on, { prevent_destroy: on }]);
});

describe("statements", () => {
  const brief = (statements: PolicyStatement[]) =>
    statements.map(({ actions, resources, conditions }) => [actions, resources, conditions]);
  const own = (prefix: string) => [`${bucket.arn}/${prefix}*`];
  const list = [["s3:ListBucket"], [bucket.arn], { StringLike: { "s3:prefix": "results/*" } }];
  const key = [
    ["kms:Decrypt", "kms:GenerateDataKey"],
    [KEY],
    {
      StringEquals: {
        "kms:ViaService": "s3.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": bucket.arn,
      },
    },
  ];

  test("control 21: the import reads what was put and writes results, and cannot change or delete what was put", () => {
    expect(brief(bucket.importStatements())).toEqual([
      [["s3:GetObject", "s3:GetObjectVersion"], own("incoming/"), undefined],
      [["s3:PutObject"], own("results/"), undefined],
      list,
      key,
    ]);
  });

  test("control 21: who brings files cannot read those of others, nor write results", () => {
    expect(brief(bucket.bringStatements())).toEqual([
      [["s3:PutObject"], own("incoming/"), undefined],
      [["s3:GetObject"], own("results/"), undefined],
      list,
      key,
    ]);
  });
});

test("days that are none are refused", () => {
  expect(() => synth({ retentionDays: 0 })).toThrow(
    new Error("import bucket catalog-import: retentionDays must be a whole number from 1 to 3650, got 0"),
  );
});
