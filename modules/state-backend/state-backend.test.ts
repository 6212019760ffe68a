import { policyDocument } from "../internal/iam";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { StateBackend } from ".";

const synth = (stateBucketName?: string) =>
  synthesise(
    (stack) =>
      new StateBackend(stack, "state", {
        label: testLabel,
        ...(stateBucketName !== undefined && { stateBucketName }),
      }),
  );

const STATE = "state_bucket_";
const LOGS = "state_access-logs_";

const statements = (): Resource[] =>
  JSON.parse(synth().one("aws_s3_bucket_policy", STATE)["policy"])["Statement"];

test("control 2: neither state, nor its key, nor its access logs can be destroyed", () => {
  const result = synth();
  for (const resource of [...result.all("aws_s3_bucket"), result.one("aws_kms_key")]) {
    expect(resource["lifecycle"]).toEqual({ prevent_destroy: true });
  }
  expect(result.all("aws_s3_bucket")).toHaveLength(2);
});

test("control 24: the state is encrypted with a rotated key of its own", () => {
  const result = synth();
  expect(result.one("aws_kms_key")["enable_key_rotation"]).toBe(true);
  const [rule] = result.one("aws_s3_bucket_server_side_encryption_configuration", STATE)["rule"];
  expect(rule["apply_server_side_encryption_by_default"]).toEqual({
    sse_algorithm: "aws:kms",
    kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\.state_key_.+\.arn\}$/),
  });
});

test("control 25: old states are kept 90 days, the current one for ever", () => {
  const rules: Resource[] = synth().one("aws_s3_bucket_lifecycle_configuration", STATE)["rule"];
  expect(rules).toHaveLength(1);
  expect(rules[0]).toMatchObject({ noncurrent_version_expiration: [{ noncurrent_days: 90 }] });
  expect(rules[0]?.["expiration"]).toEqual([{ expired_object_delete_marker: true }]);
});

test("control 25: no public access, and versions are kept", () => {
  const result = synth();
  expect(result.one("aws_s3_bucket_public_access_block", STATE)).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(result.one("aws_s3_bucket_versioning", STATE)["versioning_configuration"]).toEqual({
    status: "Enabled",
  });
});

test("control 25: plain HTTP is denied", () => {
  expect(statements().map(({ Sid }) => Sid)).toContain("DenyPlainHttp");
});

test("control 25: who reads or writes a state is logged for a year", () => {
  const result = synth();
  expect(result.one("aws_s3_bucket_logging")["target_bucket"]).toMatch(
    /^\$\{aws_s3_bucket_policy\.state_access-logs_.+\.bucket\}$/,
  );
  const rules: Resource[] = result.one("aws_s3_bucket_lifecycle_configuration", LOGS)["rule"];
  expect(rules.find(({ id }) => id === "logs")).toMatchObject({ expiration: [{ days: 365 }] });
});

test("control 24: a state encrypted otherwise, or with another key, is refused", () => {
  const denied = statements().filter(({ Action }) => Action.includes("s3:PutObject"));
  expect(denied.map(({ Sid, Effect }) => [Sid, Effect])).toEqual([
    ["DenyOtherEncryption", "Deny"],
    ["DenyOtherKey", "Deny"],
    ["DenyKeyOfCustomer", "Deny"],
  ]);
  expect(denied[1]?.["Condition"]["ArnNotEquals"]).toEqual({
    "s3:x-amz-server-side-encryption-aws-kms-key-id": expect.stringMatching(
      /^\$\{aws_kms_key\.state_key_.+\.arn\}$/,
    ),
  });
});

test.each([
  { given: undefined, name: testLabel.globalName("tfstate") },
  { given: "acme-states", name: "acme-states" },
])("the bucket is named $name, given $given", ({ given, name }) => {
  const names = synth(given)
    .all("aws_s3_bucket")
    .map(({ bucket }) => bucket);
  expect(names).toContain(name);
});

test("control 21: a stack's grant reaches its own state and lock, and no other", () => {
  let granted: Resource[] = [];
  synthesise((stack) => {
    const backend = new StateBackend(stack, "state", { label: testLabel });
    granted = JSON.parse(policyDocument(backend.grantState("envs/prod.tfstate")))["Statement"];
  });
  const byAction = granted.map(({ Sid, Action, Resource: [resource], Condition }) => ({
    Sid,
    Action,
    key: resource.replace(/^\$\{.+\}/, ""),
    Condition,
  }));
  expect(byAction).toEqual([
    {
      Sid: "FindState",
      Action: ["s3:ListBucket"],
      key: "",
      Condition: {
        StringEquals: { "s3:prefix": ["envs/prod.tfstate", "envs/prod.tfstate.tflock", "env:/"] },
      },
    },
    { Sid: "ReadAndWriteState", Action: ["s3:GetObject", "s3:PutObject"], key: "/envs/prod.tfstate" },
    {
      Sid: "LockState",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      key: "/envs/prod.tfstate.tflock",
    },
    {
      Sid: "UseStateKey",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      key: "",
      Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
    },
  ]);
});

test("control 21: who only plans reads a stack's own state, and writes nothing", () => {
  let granted: Resource[] = [];
  synthesise((stack) => {
    const backend = new StateBackend(stack, "state", { label: testLabel });
    granted = JSON.parse(policyDocument(backend.grantReadState("envs/prod.tfstate")))["Statement"];
  });
  expect(granted.flatMap(({ Action }) => Action)).toEqual(["s3:ListBucket", "s3:GetObject", "kms:Decrypt"]);
  expect(granted[1]?.["Resource"][0]).toMatch(/\/envs\/prod\.tfstate$/);
});
