import { TerraformOutput } from "cdktf";
import type { CdnDownloadsConfig } from ".";
import { synthesiseDownloads } from "./fixture";

const distribution = (changes: Partial<CdnDownloadsConfig> = {}) =>
  synthesiseDownloads(changes).one("aws_cloudfront_distribution");

const origins = (changes: Partial<CdnDownloadsConfig> = {}) => distribution(changes)["origin"];

const targets = (changes: Partial<CdnDownloadsConfig>) => {
  const { ordered_cache_behavior, default_cache_behavior } = distribution(changes);
  const cached = new Set(
    ordered_cache_behavior.map((behaviour: { target_origin_id: string }) => behaviour.target_origin_id),
  );
  return { cached: [...cached], other: default_cache_behavior["target_origin_id"] };
};

describe("one field chooses", () => {
  test.each([
    { origin: "alb", ids: ["alb"], cached: ["alb"], other: "alb" },
    { origin: "s3", ids: ["s3"], cached: ["s3"], other: "s3" },
    { origin: "alb-then-s3", ids: ["alb", "s3"], cached: ["first-then-second"], other: "alb" },
    { origin: "s3-then-alb", ids: ["s3", "alb"], cached: ["first-then-second"], other: "alb" },
  ] as const)("$origin", ({ origin, ids, cached, other }) => {
    expect(origins({ origin }).map((part: { origin_id: string }) => part.origin_id)).toEqual(ids);
    expect(targets({ origin })).toEqual({ cached, other });
  });
});

describe("failover", () => {
  test.each([
    { origin: "alb-then-s3", members: ["alb", "s3"], codes: [404, 500, 502, 503, 504] },
    { origin: "s3-then-alb", members: ["s3", "alb"], codes: [404, 500, 502, 503, 504] },
  ] as const)(
    "control 39: $origin asks the second where the first fails or has no such file",
    ({ origin, members, codes }) => {
      expect(distribution({ origin })["origin_group"]).toEqual([
        {
          origin_id: "first-then-second",
          failover_criteria: { status_codes: codes },
          member: members.map((origin_id) => ({ origin_id })),
        },
      ]);
    },
  );

  test.each(["alb", "s3"] as const)("%s alone has no second", (origin) => {
    expect(distribution({ origin })["origin_group"] ?? []).toEqual([]);
  });

  test("an origin that cannot be connected to is given up within ten seconds", () => {
    for (const origin of origins({ origin: "alb-then-s3" })) {
      expect(origin).toMatchObject({ connection_attempts: 2, connection_timeout: 5 });
    }
  });
});

describe("Origin Shield", () => {
  test("control 39: one cache of the region asks each origin", () => {
    for (const origin of origins({ origin: "alb-then-s3" })) {
      expect(origin["origin_shield"]).toEqual({ enabled: true, origin_shield_region: "eu-west-1" });
    }
  });

  test("another region can be named", () => {
    expect(origins({ originShieldRegion: "eu-central-1" })[0]["origin_shield"]).toEqual({
      enabled: true,
      origin_shield_region: "eu-central-1",
    });
  });

  test("none where it is off", () => {
    expect(origins({ originShieldRegion: "off" })[0]["origin_shield"]).toBeUndefined();
  });
});

describe("load balancer", () => {
  test("control 38: is asked by HTTPS, TLS 1.2", () => {
    expect(origins()[0]).toMatchObject({
      domain_name: "origin.example.com",
      custom_origin_config: {
        https_port: 443,
        origin_protocol_policy: "https-only",
        origin_ssl_protocols: ["TLSv1.2"],
        origin_read_timeout: 30,
      },
    });
  });

  test.each([
    {
      changes: { albPort: 8443 },
      expected: { https_port: 8443, http_port: 80, origin_protocol_policy: "https-only" },
    },
    {
      changes: { albProtocol: "http" },
      expected: { https_port: 443, http_port: 80, origin_protocol_policy: "http-only" },
    },
    {
      changes: { albProtocol: "http", albPort: 8080 },
      expected: { https_port: 443, http_port: 8080, origin_protocol_policy: "http-only" },
    },
  ] as const)("listener of $changes", ({ changes, expected }) => {
    expect(origins(changes)[0]["custom_origin_config"]).toMatchObject(expected);
  });

  test("control 39: is sent a secret, by which it knows CloudFront", () => {
    expect(origins()[0]["custom_header"]).toEqual([
      {
        name: "x-origin-verify",
        value: expect.stringMatching(/^\$\{data\.aws_secretsmanager_secret_version\..+\.secret_string\}$/),
      },
    ]);
  });
});

describe("secret", () => {
  const result = synthesiseDownloads();

  test("control 26: AWS makes it up; no synthesised file holds it", () => {
    const random = Object.values<object>(result.json["ephemeral"]["aws_secretsmanager_random_password"]);
    expect(random).toEqual([{ password_length: 48, exclude_punctuation: true }]);
    expect(result.one("aws_secretsmanager_secret_version")["secret_string_wo"]).toMatch(
      /^\$\{ephemeral\.aws_secretsmanager_random_password\..+\.random_password\}$/,
    );
  });

  test("control 26: no log of a run shows it, as the id of the data source that makes one up would", () => {
    expect(result.json["data"]).not.toHaveProperty("aws_secretsmanager_random_password");
    const [written] = Object.values<object>(result.json["data"]["aws_secretsmanager_secret_version"]);
    expect(written).toMatchObject({
      secret_id: expect.stringMatching(/^\$\{aws_secretsmanager_secret_version\..+\.secret_id\}$/),
      version_id: expect.stringMatching(/^\$\{aws_secretsmanager_secret_version\..+\.version_id\}$/),
    });
  });

  test("control 44: it stays what it was at first, so that a second plan is empty", () => {
    expect(result.one("aws_secretsmanager_secret_version")["secret_string_wo_version"]).toBe(1);
  });

  test("control 24: it is encrypted with the given key", () => {
    const secretKmsKeyArn = "arn:aws:kms:eu-west-1:111111111111:key/data";
    expect(synthesiseDownloads({ secretKmsKeyArn }).one("aws_secretsmanager_secret")["kms_key_id"]).toBe(
      secretKmsKeyArn,
    );
  });

  test.each([
    { deletionProtection: true, days: 30 },
    { deletionProtection: false, days: 0 },
  ])(
    "it can be brought back for $days days, protected: $deletionProtection",
    ({ deletionProtection, days }) => {
      const secret = synthesiseDownloads({ deletionProtection }).one("aws_secretsmanager_secret");
      expect(secret["recovery_window_in_days"]).toBe(days);
    },
  );

  test("control 26: while it is rotated the load balancer is told of both, and sent the first", () => {
    const rotated = synthesiseDownloads({ originSecretNames: ["2", "1"] }, (stack, downloads) => {
      new TerraformOutput(stack, "values", { value: downloads.originHeaderValues, sensitive: true });
      new TerraformOutput(stack, "sent", { value: downloads.originSecretArn });
      new TerraformOutput(stack, "header", { value: downloads.originHeaderName });
    });
    const { values, sent, header } = rotated.json["output"];
    const [first, second] = values["value"];
    expect(first).toContain("origin-secret-2");
    expect(second).toContain("origin-secret-1");
    expect(sent["value"]).toContain("origin-secret-2");
    expect(header["value"]).toBe("x-origin-verify");
    const [{ custom_header }] = rotated.one("aws_cloudfront_distribution")["origin"];
    expect(custom_header[0]["value"]).toBe(first);
  });

  test("there is none without a load balancer", () => {
    const types = synthesiseDownloads({ origin: "s3" }).types;
    expect(types.filter((type) => type.startsWith("aws_secretsmanager"))).toEqual([]);
  });
});

describe("bucket", () => {
  const files = (changes: Partial<CdnDownloadsConfig> = {}) =>
    synthesiseDownloads({ origin: "s3", ...changes });

  const statements = (changes: Partial<CdnDownloadsConfig> = {}) =>
    JSON.parse(files(changes).one("aws_s3_bucket_policy")["policy"])["Statement"];

  test("control 39: this distribution alone reads, and is told what is missing", () => {
    const ofDistribution = {
      StringEquals: {
        "aws:SourceArn": expect.stringMatching(/^\$\{aws_cloudfront_distribution\..+\.arn\}$/),
      },
    };
    const allowed = statements().filter((statement: { Effect: string }) => statement.Effect === "Allow");
    expect(allowed).toEqual([
      {
        Sid: "ReadByDistribution",
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: ["s3:GetObject"],
        Resource: [expect.stringMatching(/^\$\{aws_s3_bucket\..+\.arn\}\/\*$/)],
        Condition: ofDistribution,
      },
      {
        Sid: "TellMissing",
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: ["s3:ListBucket"],
        Resource: [expect.stringMatching(/^\$\{aws_s3_bucket\..+\.arn\}$/)],
        Condition: ofDistribution,
      },
    ]);
  });

  test("control 39: no viewer can have it listed", () => {
    expect(files({ otherPaths: "pass" }).one("aws_cloudfront_distribution")["default_root_object"]).toBe(
      "index.html",
    );
    // The application has its own page there.
    expect(distribution({ origin: "s3-then-alb" })).not.toHaveProperty("default_root_object");
  });

  test("control 25: plain HTTP is denied", () => {
    expect(statements().map((statement: { Sid: string }) => statement.Sid)).toContain("DenyPlainHttp");
  });

  test("control 25: nothing in it is public, versions stay, access is logged", () => {
    const result = files({ accessLogBucket: "acme-test-logs" });
    expect(result.one("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(result.one("aws_s3_bucket_versioning")["versioning_configuration"]).toEqual({ status: "Enabled" });
    expect(result.one("aws_s3_bucket_logging")["target_bucket"]).toBe("acme-test-logs");
  });

  test("control 24: a key of one's own encrypts it, and no other may be named", () => {
    const bucketKmsKeyArn = "arn:aws:kms:eu-west-1:111111111111:key/data";
    const { rule } = files({ bucketKmsKeyArn }).one("aws_s3_bucket_server_side_encryption_configuration");
    expect(rule[0]["apply_server_side_encryption_by_default"]).toEqual({
      sse_algorithm: "aws:kms",
      kms_master_key_id: bucketKmsKeyArn,
    });
    expect(statements({ bucketKmsKeyArn }).map((statement: { Sid: string }) => statement.Sid)).toContain(
      "DenyOtherKey",
    );
  });

  test("CloudFront signs every request to it", () => {
    const result = files();
    expect(result.one("aws_cloudfront_origin_access_control")).toMatchObject({
      origin_access_control_origin_type: "s3",
      signing_behavior: "always",
      signing_protocol: "sigv4",
    });
    expect(result.one("aws_cloudfront_distribution")["origin"][0]).toMatchObject({
      domain_name: expect.stringMatching(/^\$\{aws_s3_bucket\..+\.bucket_regional_domain_name\}$/),
      origin_access_control_id: expect.stringMatching(/^\$\{aws_cloudfront_origin_access_control\..+\.id\}$/),
    });
  });

  test("there is none without S3", () => {
    expect(synthesiseDownloads().types).not.toContain("aws_s3_bucket");
  });
});
