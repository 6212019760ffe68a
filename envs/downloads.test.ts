import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environments } from ".";
import { synthesise } from "./fixture";
import { loadEnvironments } from "./load";
import type { EnvironmentInput } from "./spec";

// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into JSON whose shape they assert.
type Json = Record<string, any>;
type Downloads = NonNullable<EnvironmentInput["downloads"]>;

const prod = environments["prod"] as EnvironmentInput & { downloads: Downloads };

/** The stack of prod with nothing but its downloads, changed. */
const synth = (changes: Partial<Downloads> = {}, region = "eu-west-1") =>
  synthOf({ ...prod.downloads, ...changes }, region);

function synthOf(downloads: Downloads, region = "eu-west-1"): Json {
  const { todo: _todo, network: _network, ...rest } = prod;
  const folder = mkdtempSync(join(tmpdir(), "synth-downloads-"));
  const account = { ...prod.account, region };
  synthesise(folder, loadEnvironments({ prod: { ...rest, account, downloads } }));
  const json = JSON.parse(readFileSync(join(folder, "envs/prod/cdk.tf.json"), "utf8"));
  rmSync(folder, { recursive: true });
  return json;
}

const all = (json: Json, type: string): [id: string, resource: Json][] =>
  Object.entries(json["resource"][type] ?? {});

function one(json: Json, type: string, idPart: string): Json {
  const found = all(json, type).filter(([id]) => id.startsWith(idPart));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return (found[0] as [string, Json])[1];
}

const elsewhere = synth();
const virginia = synth({}, "us-east-1");

describe("CloudFront's alarms", () => {
  const alarms = (json: Json) =>
    all(json, "aws_cloudwatch_metric_alarm").filter(([id]) => id.startsWith("downloads"));

  test("control 30: are in us-east-1, and tell a topic there", () => {
    expect(alarms(elsewhere).length).toBeGreaterThan(4);
    for (const [, alarm] of alarms(elsewhere)) {
      expect(alarm["provider"]).toBe("aws.us-east-1");
      expect(alarm["alarm_actions"]).toEqual([
        expect.stringMatching(/^\$\{aws_sns_topic\.cloudfront-alarms_/),
      ]);
    }
  });

  test("control 24: that topic has a customer-managed key of its region", () => {
    const topic = one(elsewhere, "aws_sns_topic", "cloudfront-alarms");
    expect(topic["provider"]).toBe("aws.us-east-1");
    expect(topic["kms_master_key_id"]).toMatch(/^\$\{aws_kms_key\.cloudfront-telemetry-key_/);
    const key = one(elsewhere, "aws_kms_key", "cloudfront-telemetry-key");
    expect(key["provider"]).toBe("aws.us-east-1");
    expect(JSON.parse(key["policy"])["Statement"].map(({ Sid }: Json) => Sid)).toEqual([
      "AdministeredByAccount",
      "UseByLogsUsEast1",
      "UseByCloudwatch",
    ]);
  });

  test("its alarms alone publish to it, for who is told of the others", () => {
    const { policy } = one(elsewhere, "aws_sns_topic_policy", "cloudfront-alarms");
    expect(policy).toContain("arn:aws:cloudwatch:us-east-1:777788889999:alarm:acme-prod-*");
    expect(one(elsewhere, "aws_sns_topic_subscription", "cloudfront-alarms")).toMatchObject({
      endpoint: "platform-oncall@example.com",
      provider: "aws.us-east-1",
    });
  });

  test("tell the environment's own topic where that is in us-east-1", () => {
    for (const [, alarm] of alarms(virginia)) {
      expect(alarm).not.toHaveProperty("provider");
      expect(alarm["alarm_actions"]).toEqual([expect.stringMatching(/^\$\{aws_sns_topic\.alarms_topic_/)]);
    }
    expect(all(virginia, "aws_sns_topic")).toHaveLength(1);
  });
});

describe("the provider of us-east-1", () => {
  test("has tags and account of the other", () => {
    const [own, global] = elsewhere["provider"]["aws"];
    expect(global).toEqual({ ...own, region: "us-east-1", alias: "us-east-1" });
  });

  test("is there only where the environment's region is another", () => {
    expect(virginia["provider"]["aws"].map(({ region }: Json) => region)).toEqual(["us-east-1"]);
  });
});

describe("firewall", () => {
  test("control 14: it stands before the distribution", () => {
    expect(one(elsewhere, "aws_cloudfront_distribution", "downloads")["web_acl_id"]).toMatch(
      /^\$\{aws_wafv2_web_acl\.downloads-firewall_/,
    );
    expect(one(elsewhere, "aws_wafv2_web_acl", "downloads-firewall")).toMatchObject({
      scope: "CLOUDFRONT",
      provider: "aws.us-east-1",
    });
  });

  test("controls 15 and 27: its log is in us-east-1, encrypted with a key of there", () => {
    expect(one(elsewhere, "aws_cloudwatch_log_group", "downloads-firewall")).toMatchObject({
      provider: "aws.us-east-1",
      retention_in_days: 365,
      kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\.cloudfront-telemetry-key_/),
    });
  });

  test("updaters without a name pass", () => {
    expect(JSON.stringify(one(elsewhere, "aws_wafv2_web_acl", "downloads-firewall"))).toContain(
      '{"action_to_use":{"count":{}},"name":"NoUserAgent_HEADER"}',
    );
  });
});

describe("key of data", () => {
  const services = (json: Json) =>
    JSON.parse(one(json, "aws_kms_key", "data-key")["policy"])["Statement"].map(({ Sid }: Json) => Sid);

  test.each(["s3", "alb-then-s3", "s3-then-alb"] as const)(
    "control 24: it encrypts the files of origin %s, and CloudFront reads with it",
    (origin) => {
      const json = synth({ origin });
      expect(services(json)).toContain("UseByCloudfront");
      const [rule] = one(
        json,
        "aws_s3_bucket_server_side_encryption_configuration",
        "downloads_files_encryption",
      )["rule"];
      expect(rule["apply_server_side_encryption_by_default"]["kms_master_key_id"]).toMatch(
        /^\$\{aws_kms_key\.data-key_/,
      );
    },
  );

  test("CloudFront has no use of it without files in S3", () => {
    expect(services(elsewhere)).not.toContain("UseByCloudfront");
  });

  test("controls 24 and 26: it encrypts the secret by which the load balancer knows CloudFront", () => {
    expect(one(elsewhere, "aws_secretsmanager_secret", "downloads")["kms_key_id"]).toMatch(
      /^\$\{aws_kms_key\.data-key_/,
    );
  });
});

test.each([
  { name: "the environment's", changes: {}, days: 365 },
  { name: "its own", changes: { accessLogRetentionDays: 90 }, days: 90 },
])("access logs are kept as long as $name retention says", ({ changes, days }) => {
  const { accessLogRetentionDays: _, ...downloads } = prod.downloads;
  const { rule } = one(
    synthOf({ ...downloads, ...changes }),
    "aws_s3_bucket_lifecycle_configuration",
    "downloads_access-logs",
  );
  expect(rule.find(({ id }: Json) => id === "logs")["expiration"]).toEqual([{ days }]);
});

describe("outputs", () => {
  const named = (json: Json) =>
    Object.keys(json["output"])
      .filter((name) => /downloads|distribution/.test(name))
      .sort();

  test("with a load balancer", () => {
    expect(named(elsewhere)).toEqual([
      "distribution_id",
      "downloads_domain_target",
      "downloads_origin_secret_arn",
      "downloads_url",
    ]);
    expect(elsewhere["output"]["distribution_id"]["value"]).toMatch(
      /^\$\{aws_cloudfront_distribution\.downloads_distribution_\w+\.id\}$/,
    );
    expect(elsewhere["output"]["downloads_url"]["value"]).toBe("https://downloads.example.com");
  });

  test("with a bucket alone", () => {
    expect(named(synth({ origin: "s3" }))).toEqual([
      "distribution_id",
      "downloads_bucket",
      "downloads_domain_target",
      "downloads_url",
    ]);
  });

  test("control 26: the secret is none of them", () => {
    expect(JSON.stringify(elsewhere["output"])).not.toMatch(/random_password|secret_string/);
  });
});

test("fields of the specification reach the distribution", () => {
  const json = synth({ priceClass: "PriceClass_200", deniedCountries: ["FR"], originShieldRegion: "off" });
  const distribution = one(json, "aws_cloudfront_distribution", "downloads");
  expect(distribution["price_class"]).toBe("PriceClass_200");
  expect(distribution["restrictions"]["geo_restriction"]).toEqual({
    restriction_type: "blacklist",
    locations: ["FR"],
  });
  expect(distribution["origin"][0]).not.toHaveProperty("origin_shield");
});
