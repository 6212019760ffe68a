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

function synthOf(
  downloads: Downloads,
  region = "eu-west-1",
  tier: EnvironmentInput["tier"] = "production",
): Json {
  const { todo: _todo, network: _network, microservices: _microservices, cluster: _cluster, ...rest } = prod;
  const folder = mkdtempSync(join(tmpdir(), "synth-downloads-"));
  const account = { ...prod.account, region };
  synthesise(folder, loadEnvironments({ prod: { ...rest, tier, account, downloads } }));
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
      "downloads_dashboard",
      "downloads_domain_target",
      "downloads_log_table",
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
      "downloads_dashboard",
      "downloads_domain_target",
      "downloads_log_table",
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

describe("a load balancer that is there already", () => {
  const albArn =
    "arn:aws:elasticloadbalancing:eu-west-1:777788889999:loadbalancer/app/releases/0123456789abcdef";
  const albIngress = {
    targetGroupArn:
      "arn:aws:elasticloadbalancing:eu-west-1:777788889999:targetgroup/releases/0123456789abcdef",
    priority: 1,
  };

  test("is called by its own name where that is all that is known", () => {
    const { albDomainName: _, ...downloads } = prod.downloads;
    const json = synthOf({ ...downloads, albArn, albProtocol: "http" }, "eu-west-1", "development");
    expect(json["data"]["aws_lb"]["downloads-load-balancer"]["arn"]).toBe(albArn);
    expect(one(json, "aws_cloudfront_distribution", "downloads")["origin"]).toEqual([
      expect.objectContaining({ domain_name: "${data.aws_lb.downloads-load-balancer.dns_name}" }),
    ]);
  });

  test("control 39: lets in this distribution alone, where its ARN is given", () => {
    const json = synth({ albArn, albIngress });
    const rule = one(json, "aws_lb_listener_rule", "downloads-ingress");
    expect(rule).toMatchObject({
      listener_arn: "${data.aws_lb_listener.downloads-listener.arn}",
      action: [{ type: "forward", target_group_arn: albIngress.targetGroupArn }],
    });
    expect(rule["condition"]).toEqual([
      {
        http_header: {
          http_header_name: "x-origin-verify",
          values: [expect.stringMatching(/^\$\{.+secret.+\}$/)],
        },
      },
    ]);
    expect(json["data"]["aws_lb_listener"]["downloads-listener"]).toMatchObject({
      load_balancer_arn: "${data.aws_lb.downloads-load-balancer.arn}",
      port: 443,
    });
    expect(one(json, "aws_vpc_security_group_ingress_rule", "downloads-ingress")).toMatchObject({
      security_group_id: "${element(sort(tolist(data.aws_lb.downloads-load-balancer.security_groups)), 0)}",
      prefix_list_id: expect.stringMatching(/^\$\{data\.aws_ec2_managed_prefix_list\./),
      from_port: 443,
    });
  });
});

describe("a service of the platform", () => {
  const { albDomainName: _, ...downloads } = prod.downloads;
  const { cluster, network, todo: _todo, microservices: _microservices, ...rest } = prod;
  const service = {
    compute: "fargate",
    minimumTasks: 2,
    maximumTasks: 4,
    domain: { name: "releases.example.com", hostedZoneId: "Z0777788889999PROD" },
  } as const;
  const { instances: _instances, ...fargate } = cluster as NonNullable<typeof cluster>;
  const folder = mkdtempSync(join(tmpdir(), "synth-downloads-"));
  synthesise(
    folder,
    loadEnvironments({
      prod: { ...rest, cluster: fargate, ...(network && { network }), downloads: { ...downloads, service } },
    }),
  );
  const json: Json = JSON.parse(readFileSync(join(folder, "envs/prod/cdk.tf.json"), "utf8"));
  rmSync(folder, { recursive: true });

  test("is asked by its own name", () => {
    const { origin } = one(json, "aws_cloudfront_distribution", "downloads");
    expect(origin).toEqual([
      expect.objectContaining({ origin_id: "alb", domain_name: "origin.releases.example.com" }),
    ]);
  });

  test("control 39: answers CloudFront's addresses alone, and by its secret this distribution alone", () => {
    const ingress = all(json, "aws_vpc_security_group_ingress_rule").filter(([id]) =>
      id.startsWith("downloads-origin-load-balancer"),
    );
    expect(ingress.map(([, rule]) => rule)).toEqual([
      expect.objectContaining({
        prefix_list_id: expect.stringMatching(/^\$\{data\.aws_ec2_managed_prefix_list\./),
        from_port: 443,
      }),
    ]);
    const rules = all(json, "aws_lb_listener_rule");
    expect(rules).toHaveLength(1);
    expect(rules[0]?.[1]["condition"]).toContainEqual({
      http_header: {
        http_header_name: "x-origin-verify",
        values: [expect.stringMatching(/^\$\{.+secret.+\}$/)],
      },
    });
  });

  test("control 21: reads the files of the bucket, which the distribution does not", () => {
    const { policy } = one(json, "aws_iam_role_policy", "updates_roles_task");
    const statements = JSON.parse(policy)["Statement"];
    expect(statements.flatMap(({ Action }: Json) => Action)).toEqual([
      "s3:GetObject",
      "s3:ListBucket",
      "kms:Decrypt",
    ]);
    expect(one(json, "aws_s3_bucket_policy", "downloads_files")["policy"]).not.toContain("cloudfront");
  });
});
