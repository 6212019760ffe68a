import { type Resource, type Synthesised, synthesise, testArtifact, testLabel } from "../internal/synth-test";
import { UserFiles, type UserFilesConfig } from ".";

const KEY = "arn:aws:kms:eu-west-1:111111111111:key/data";
const TOPIC = "arn:aws:sns:eu-west-1:111111111111:alarms";
const FOLDER = "$${cognito-identity.amazonaws.com:sub}";

const config: UserFilesConfig = {
  label: testLabel,
  artifact: testArtifact("upload-guard", {
    required: ["MAX_OBJECT_BYTES"],
    optional: ["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"],
  }),
  artifactBucket: "artifacts",
  kmsKeyArn: KEY,
  accessLogBucket: "logs",
  corsOrigins: ["https://app.example.com"],
  noncurrentVersionDays: 30,
  maxObjectMegabytes: 100,
  logRetentionDays: 90,
  alarmTopicArn: TOPIC,
  deletionProtection: true,
};

function synthesiseWith(changes: Partial<UserFilesConfig> = {}): Synthesised {
  return synthesise((stack) => {
    new UserFiles(stack, "files", { ...config, ...changes });
  });
}

const synthesised = synthesiseWith();

function statements(policy: string): Record<string, Resource> {
  const { Statement } = JSON.parse(policy) as { Statement: Resource[] };
  return Object.fromEntries(Statement.map((statement) => [statement["Sid"], statement]));
}

describe("the bucket", () => {
  const policy = statements(synthesised.one("aws_s3_bucket_policy").policy);

  test("is named globally", () => {
    expect(synthesised.one("aws_s3_bucket").bucket).toBe(testLabel.globalName("files"));
  });

  test("control 25: nothing in it can be made public", () => {
    expect(synthesised.one("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  test("control 25: it keeps versions, and removes old ones and broken uploads", () => {
    expect(synthesised.one("aws_s3_bucket_versioning").versioning_configuration.status).toBe("Enabled");
    expect(synthesised.one("aws_s3_bucket_lifecycle_configuration").rule[0]).toMatchObject({
      status: "Enabled",
      noncurrent_version_expiration: [{ noncurrent_days: 30 }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
    });
  });

  test("control 24: it is encrypted with the customer-managed key, by a bucket key", () => {
    expect(synthesised.one("aws_s3_bucket_server_side_encryption_configuration").rule[0]).toMatchObject({
      apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: KEY },
      bucket_key_enabled: true,
    });
  });

  test("control 25: plain HTTP is denied", () => {
    expect(policy["DenyPlainHttp"]).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  test("control 24: an upload under another encryption is denied", () => {
    expect(policy["DenyOtherEncryption"]).toMatchObject({
      Effect: "Deny",
      Action: ["s3:PutObject"],
      Condition: {
        StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
        Null: { "s3:x-amz-server-side-encryption": "false" },
      },
    });
  });

  test("control 24: an upload under another key is denied", () => {
    expect(policy["DenyOtherKey"]).toMatchObject({
      Effect: "Deny",
      Action: ["s3:PutObject"],
      Condition: {
        ArnNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": KEY },
        Null: { "s3:x-amz-server-side-encryption": "false" },
      },
    });
  });

  test("control 24: an upload under a key of the writer's own is denied", () => {
    expect(policy["DenyKeyOfCustomer"]).toMatchObject({
      Effect: "Deny",
      Action: ["s3:PutObject"],
      Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
    });
  });

  test("control 25: access is logged", () => {
    expect(synthesised.one("aws_s3_bucket_logging").target_bucket).toBe("logs");
  });

  test("control 2: protected, it can be neither destroyed nor emptied", () => {
    expect(synthesised.one("aws_s3_bucket")).toMatchObject({
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("only the given origins may use it from a page", () => {
    const [rule] = synthesised.one("aws_s3_bucket_cors_configuration").cors_rule;
    expect(rule.allowed_origins).toEqual(["https://app.example.com"]);
    expect(rule.allowed_methods).toEqual(["GET", "HEAD", "PUT", "POST", "DELETE"]);
  });

  test("without origins, no page may use it", () => {
    expect(synthesiseWith({ corsOrigins: [] }).types).not.toContain("aws_s3_bucket_cors_configuration");
  });
});

describe("grantOwnFolder", () => {
  let granted: Record<string, Resource> = {};
  synthesise((stack) => {
    const files = new UserFiles(stack, "files", config);
    granted = Object.fromEntries(files.grantOwnFolder().map((statement) => [statement.sid, statement]));
  });

  test("control 17: objects are named by the caller's identity and a slash", () => {
    expect(granted["UseOwnFolder"]).toMatchObject({
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      resources: [expect.stringMatching(/\/\$\$\{cognito-identity\.amazonaws\.com:sub\}\/\*$/)],
    });
  });

  test("control 17: a list must name the caller's folder", () => {
    expect(granted["ListOwnFolder"]).toMatchObject({
      actions: ["s3:ListBucket"],
      conditions: { StringLike: { "s3:prefix": `${FOLDER}/*` } },
    });
  });

  test("control 21: the key serves this bucket's files alone", () => {
    expect(granted["UseKeyForFiles"]).toMatchObject({
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [KEY],
      conditions: {
        StringEquals: {
          "kms:ViaService": "s3.eu-west-1.amazonaws.com",
          "kms:EncryptionContext:aws:s3:arn": granted["ListOwnFolder"]?.["resources"][0],
        },
      },
    });
  });
});

describe("upload-guard", () => {
  test("is told of every new object", () => {
    const [target] = synthesised.one("aws_s3_bucket_notification").lambda_function;
    expect(target.events).toEqual(["s3:ObjectCreated:*"]);
    expect(target.lambda_function_arn).toMatch(/^\$\{aws_lambda_alias\./);
  });

  test("knows the limit in bytes", () => {
    expect(synthesised.one("aws_lambda_function").environment.variables).toMatchObject({
      MAX_OBJECT_BYTES: "104857600",
    });
  });

  test("control 43: its metrics are in the environment's own namespace", () => {
    expect(synthesised.one("aws_lambda_function").environment.variables).toMatchObject({
      POWERTOOLS_SERVICE_NAME: "upload-guard",
      POWERTOOLS_METRICS_NAMESPACE: "acme-test",
    });
  });

  test("control 21: may delete this bucket's objects, and neither read nor list them", () => {
    const policy = synthesised.one("aws_iam_role_policy").policy;
    expect(statements(policy)["DeleteTooLarge"]).toMatchObject({
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
      Resource: [expect.stringMatching(/^\$\{aws_s3_bucket\..*\.arn\}\/\*$/)],
    });
    expect(policy).not.toMatch(/s3:(Get|List|Put)/);
  });

  test("control 3: its concurrency is reserved", () => {
    expect(synthesised.one("aws_lambda_function").reserved_concurrent_executions).toBe(5);
  });

  test("control 5: what fails for good goes to its queue", () => {
    const settings = synthesised.one("aws_lambda_function_event_invoke_config");
    expect(settings.destination_config.on_failure.destination).toMatch(/^\$\{aws_sqs_queue\./);
  });

  test("control 23: only this bucket of this account may invoke it", () => {
    expect(synthesised.one("aws_lambda_permission")).toMatchObject({
      principal: "s3.amazonaws.com",
      source_arn: expect.stringMatching(/^\$\{aws_s3_bucket\..*\.arn\}$/),
      source_account: "111111111111",
      qualifier: "live",
    });
  });

  test("control 29: its errors, throttles, latency and failures alarm", () => {
    const alarms = synthesised.all("aws_cloudwatch_metric_alarm");
    expect(alarms.map((alarm) => alarm["alarm_name"]).sort()).toEqual([
      "acme-test-upload-guard-errors",
      "acme-test-upload-guard-event-age",
      "acme-test-upload-guard-failed-depth",
      "acme-test-upload-guard-p99",
      "acme-test-upload-guard-throttles",
    ]);
    for (const alarm of alarms) expect(alarm["alarm_actions"]).toEqual([TOPIC]);
  });
});

test.each([
  {
    name: "no size",
    changes: { maxObjectMegabytes: 0 },
    message: "maxObjectMegabytes must be a whole number from 1 to 5242880, got 0",
  },
  {
    name: "half a megabyte",
    changes: { maxObjectMegabytes: 0.5 },
    message: "maxObjectMegabytes must be a whole number from 1 to 5242880, got 0.5",
  },
  {
    name: "more than S3 holds",
    changes: { maxObjectMegabytes: 5_242_881 },
    message: "maxObjectMegabytes must be a whole number from 1 to 5242880, got 5242881",
  },
  {
    name: "no days",
    changes: { noncurrentVersionDays: 0 },
    message: "noncurrentVersionDays must be a whole number from 1 to 36500, got 0",
  },
])("refuses $name", ({ changes, message }) => {
  expect(() => synthesiseWith(changes)).toThrow(new Error(message));
});
