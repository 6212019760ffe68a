import { TerraformOutput } from "cdktf";
import { type Resource, synthesise } from "../synth-test";
import { accessLogDelivery, Bucket, type BucketConfig } from ".";

const kmsKeyArn = "arn:aws:kms:eu-west-1:111111111111:key/data";
const config: BucketConfig = {
  name: "acme-test-files",
  kmsKeyArn,
  accessLogBucket: "acme-test-logs",
  noncurrentVersionDays: 30,
  deletionProtection: true,
};

const synth = (changes: Partial<BucketConfig> = {}) =>
  synthesise((stack) => new Bucket(stack, "files", { ...config, ...changes }));

const policy = (changes: Partial<BucketConfig> = {}): Resource[] =>
  JSON.parse(synth(changes).one("aws_s3_bucket_policy")["policy"])["Statement"];

test("control 25: no public access, by ACL or by policy", () => {
  expect(synth().one("aws_s3_bucket_public_access_block")).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
});

test("control 25: ACLs are off", () => {
  expect(synth().one("aws_s3_bucket_ownership_controls")["rule"]).toEqual({
    object_ownership: "BucketOwnerEnforced",
  });
});

test("control 25: versions are kept", () => {
  expect(synth().one("aws_s3_bucket_versioning")["versioning_configuration"]).toEqual({ status: "Enabled" });
});

describe("encryption", () => {
  const rule = (changes: Partial<BucketConfig> = {}) =>
    synth(changes).one("aws_s3_bucket_server_side_encryption_configuration")["rule"];

  test("controls 24 and 25: objects are encrypted with the customer-managed key", () => {
    expect(rule()).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: kmsKeyArn },
        bucket_key_enabled: true,
      },
    ]);
  });

  test("control 25: without a key they are encrypted with S3's own", () => {
    const { kmsKeyArn: _, ...keyless } = config;
    const encryption = synthesise((stack) => new Bucket(stack, "files", keyless)).one(
      "aws_s3_bucket_server_side_encryption_configuration",
    );
    expect(encryption["rule"]).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" }, bucket_key_enabled: false },
    ]);
  });
});

describe("policy", () => {
  const resources = [expect.stringMatching(/\.arn\}$/), expect.stringMatching(/\.arn\}\/\*$/)];

  test("control 25: plain HTTP is denied", () => {
    expect(policy().find(({ Sid }) => Sid === "DenyPlainHttp")).toEqual({
      Sid: "DenyPlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: resources,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  test("control 38: TLS before 1.2 is denied", () => {
    expect(policy().find(({ Sid }) => Sid === "DenyOldTls")).toEqual({
      Sid: "DenyOldTls",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: resources,
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    });
  });

  test("allows nobody anything by itself", () => {
    expect(policy().filter(({ Effect }) => Effect === "Allow")).toEqual([]);
  });

  test("takes further statements, which know the bucket's ARN", () => {
    const statements = policy({ policy: (arn) => [accessLogDelivery(arn, "111111111111")] });
    expect(statements).toContainEqual({
      Sid: "DeliverAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: [expect.stringMatching(/\.arn\}\/s3\/\*$/)],
      Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
    });
  });
});

describe("lifecycle", () => {
  const rules = (changes: Partial<BucketConfig> = {}) =>
    synth(changes).one("aws_s3_bucket_lifecycle_configuration")["rule"];

  test("control 25: old versions, markers of nothing and broken uploads go", () => {
    expect(rules()).toEqual([
      {
        id: "old-versions-and-broken-uploads",
        status: "Enabled",
        filter: [{ prefix: "" }],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
        expiration: [{ expired_object_delete_marker: true }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  test("control 25: objects expire under the prefixes that say so", () => {
    expect(rules({ expiry: [{ id: "drafts", prefix: "drafts/", days: 3 }] })).toContainEqual({
      id: "drafts",
      status: "Enabled",
      filter: [{ prefix: "drafts/" }],
      expiration: [{ days: 3 }],
    });
  });
});

describe("access logs", () => {
  test("control 25: go to the log bucket, under this bucket's name", () => {
    expect(synth().one("aws_s3_bucket_logging")).toMatchObject({
      target_bucket: "acme-test-logs",
      target_prefix: "s3/acme-test-files/",
    });
  });

  test("control 25: begin when the log bucket's policy lets them in", () => {
    const logged = synthesise((stack) => {
      const { accessLogBucket: _, ...unlogged } = config;
      const logs = new Bucket(stack, "logs", { ...unlogged, name: "acme-test-logs" });
      new Bucket(stack, "files", { ...config, accessLogBucket: logs.name });
    });
    expect(logged.one("aws_s3_bucket_logging")["target_bucket"]).toMatch(
      /^\$\{aws_s3_bucket_policy\.logs_.+\.bucket\}$/,
    );
  });

  test("are off without a log bucket", () => {
    const { accessLogBucket: _, ...unlogged } = config;
    expect(synthesise((stack) => new Bucket(stack, "files", unlogged)).types).not.toContain(
      "aws_s3_bucket_logging",
    );
  });
});

describe("CORS", () => {
  test("is off by default", () => {
    expect(synth().types).not.toContain("aws_s3_bucket_cors_configuration");
    expect(synth({ cors: [] }).types).not.toContain("aws_s3_bucket_cors_configuration");
  });

  test("names origins and methods; a browser may read the ETag and the version", () => {
    const cors = [{ allowedOrigins: ["https://app.example.com"], allowedMethods: ["GET", "PUT"] }];
    expect(synth({ cors }).one("aws_s3_bucket_cors_configuration")["cors_rule"]).toEqual([
      {
        allowed_origins: ["https://app.example.com"],
        allowed_methods: ["GET", "PUT"],
        allowed_headers: ["*"],
        expose_headers: ["ETag", "x-amz-version-id"],
        max_age_seconds: 3600,
      },
    ]);
  });
});

describe("deletion", () => {
  test("control 2: is refused and the bucket never emptied while protected", () => {
    expect(synth().one("aws_s3_bucket")).toMatchObject({
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("empties the bucket when unprotected", () => {
    expect(synth({ deletionProtection: false }).one("aws_s3_bucket")).toMatchObject({
      force_destroy: true,
      lifecycle: { prevent_destroy: false },
    });
  });
});

test("the domain name is known without the policy, so that the policy may name who reads there", () => {
  const { json } = synthesise((stack) => {
    const { regionalDomainName } = new Bucket(stack, "files", config);
    new TerraformOutput(stack, "domain", { value: regionalDomainName });
  });
  expect(json["output"]["domain"]["value"]).toMatch(/^\$\{aws_s3_bucket\..+\.bucket_regional_domain_name\}$/);
});
