import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Label } from "../internal/label";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { WebAcl, type WebAclConfig } from ".";

const config: WebAclConfig = {
  label: testLabel,
  name: "todo",
  scope: "REGIONAL",
  requestsPerFiveMinutesPerIp: 2000,
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/telemetry",
  logRetentionDays: 90,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
};
const virginia = new Label({
  project: "acme",
  environment: "test",
  accountId: "111111111111",
  region: "us-east-1",
});

const synth = (changes: Partial<WebAclConfig> = {}) =>
  synthesise((stack) => new WebAcl(stack, "firewall", { ...config, ...changes }));

const rules = (changes: Partial<WebAclConfig> = {}): Resource[] =>
  synth(changes).one("aws_wafv2_web_acl")["rule"];

const rule = (name: string, changes: Partial<WebAclConfig> = {}): Resource =>
  rules(changes).find((candidate) => candidate["name"] === name) ?? {};

describe("rules", () => {
  test("control 14: one address is limited, whatever it asks for", () => {
    expect(rule("rate-limit")).toMatchObject({
      action: { block: {} },
      statement: {
        rate_based_statement: { limit: 2000, evaluation_window_sec: 300, aggregate_key_type: "IP" },
      },
    });
  });

  test.each([
    { name: "ip-reputation", ruleSet: "AWSManagedRulesAmazonIpReputationList" },
    { name: "known-bad-inputs", ruleSet: "AWSManagedRulesKnownBadInputsRuleSet" },
    { name: "common", ruleSet: "AWSManagedRulesCommonRuleSet" },
  ])("controls 14 and 15: $ruleSet blocks", ({ name, ruleSet }) => {
    expect(rule(name)).toMatchObject({
      override_action: { none: {} },
      statement: { managed_rule_group_statement: { vendor_name: "AWS", name: ruleSet } },
    });
  });

  test("control 14: callers of ours, who share an address, are not limited by it", () => {
    const unlimitedCidrs = ["10.0.0.0/16", "192.0.2.1/32"];
    expect(synth({ unlimitedCidrs }).one("aws_wafv2_ip_set")).toMatchObject({
      name: "acme-test-todo-unlimited",
      scope: "REGIONAL",
      ip_address_version: "IPV4",
      addresses: unlimitedCidrs,
    });
    expect(rule("rate-limit", { unlimitedCidrs })["statement"]["rate_based_statement"]).toMatchObject({
      limit: 2000,
      scope_down_statement: {
        not_statement: {
          statement: [
            {
              ip_set_reference_statement: {
                arn: expect.stringMatching(/^\$\{aws_wafv2_ip_set\.firewall_unlimited_.+\.arn\}$/),
              },
            },
          ],
        },
      },
    });
    expect(rule("rate-limit")["statement"]["rate_based_statement"]).not.toHaveProperty(
      "scope_down_statement",
    );
  });

  test("each has a priority of its own, the cheapest refusal first", () => {
    expect(rules().map(({ name, priority }) => [priority, name])).toEqual([
      [0, "rate-limit"],
      [1, "ip-reputation"],
      [2, "known-bad-inputs"],
      [3, "common"],
    ]);
  });

  test("what no rule blocks passes", () => {
    expect(synth().one("aws_wafv2_web_acl")["default_action"]).toEqual({ allow: {} });
  });

  test("bodies over 8 KiB are counted, not blocked", () => {
    expect(rule("common")["statement"]["managed_rule_group_statement"]["rule_action_override"]).toEqual([
      { name: "SizeRestrictions_BODY", action_to_use: { count: {} } },
    ]);
  });

  test("further rules are counted where they are named", () => {
    const named = ["SizeRestrictions_QUERYSTRING", "CrossSiteScripting_BODY"];
    const common = rule("common", { countedCommonRules: named });
    expect(common["statement"]["managed_rule_group_statement"]["rule_action_override"]).toEqual(
      named.map((name) => ({ name, action_to_use: { count: {} } })),
    );
  });

  test("no rule is relaxed where none is named", () => {
    const common = rule("common", { countedCommonRules: [] });
    expect(common["statement"]["managed_rule_group_statement"]).not.toHaveProperty("rule_action_override");
  });

  test("control 28: no samples of requests are kept, as they show tokens", () => {
    const acl = synth().one("aws_wafv2_web_acl");
    for (const { visibility_config } of [acl, ...rules()]) {
      expect(visibility_config).toMatchObject({
        sampled_requests_enabled: false,
        cloudwatch_metrics_enabled: true,
      });
    }
  });
});

describe("log", () => {
  const logging = (changes: Partial<WebAclConfig> = {}) =>
    synth(changes).one("aws_wafv2_web_acl_logging_configuration");

  test("control 15: blocked and counted requests are logged", () => {
    expect(logging()["logging_filter"]).toEqual({
      default_behavior: "DROP",
      filter: [
        {
          behavior: "KEEP",
          requirement: "MEETS_ANY",
          condition: [
            { action_condition: { action: "BLOCK" } },
            { action_condition: { action: "COUNT" } },
            { action_condition: { action: "EXCLUDED_AS_COUNT" } },
          ],
        },
      ],
    });
  });

  test("control 28: credentials are left out", () => {
    expect(logging()["redacted_fields"]).toEqual([
      { single_header: { name: "authorization" } },
      { single_header: { name: "cookie" } },
    ]);
  });

  test("control 28: further headers that hold secrets are left out of it", () => {
    expect(logging({ redactedHeaders: ["x-session-token"] })["redacted_fields"]).toContainEqual({
      single_header: { name: "x-session-token" },
    });
  });

  test("control 28: of a distribution the query is left out too, where signed URLs hold their signature", () => {
    expect(logging({ scope: "CLOUDFRONT", label: virginia })["redacted_fields"]).toContainEqual({
      query_string: {},
    });
  });

  test("control 27: the log has a retention and is encrypted", () => {
    expect(synth().one("aws_cloudwatch_log_group")).toMatchObject({
      name: "aws-waf-logs-acme-test-todo",
      retention_in_days: 90,
      kms_key_id: config.kmsKeyArn,
    });
  });

  test("only log delivery of this account writes it", () => {
    const policy = synth().one("aws_cloudwatch_log_resource_policy");
    expect(JSON.parse(policy["policy_document"])["Statement"]).toEqual([
      {
        Sid: "DeliverWafLogs",
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..+\.arn\}:\*$/)],
        Condition: {
          StringEquals: { "aws:SourceAccount": "111111111111" },
          ArnLike: { "aws:SourceArn": "arn:aws:logs:eu-west-1:111111111111:*" },
        },
      },
    ]);
    expect(logging()["depends_on"]).toEqual([expect.stringMatching(/^aws_cloudwatch_log_resource_policy\./)]);
  });

  test("there is none without a retention", () => {
    const { logRetentionDays: _, ...unlogged } = config;
    const result = synthesise((stack) => new WebAcl(stack, "firewall", unlogged));
    expect(result.types.sort()).toEqual(["aws_cloudwatch_metric_alarm", "aws_wafv2_web_acl"]);
  });
});

describe("alarm", () => {
  const metric = (changes: Partial<WebAclConfig> = {}) =>
    synth(changes).one("aws_cloudwatch_metric_alarm")["metric_query"][0]["metric"];

  test("control 30: much blocked tells the topic", () => {
    expect(synth().one("aws_cloudwatch_metric_alarm")).toMatchObject({
      alarm_name: "acme-test-todo-waf-blocked",
      threshold: 2000,
      alarm_actions: [config.alarmTopicArn],
    });
  });

  test("a regional firewall's metrics are told apart by region", () => {
    expect(metric()).toMatchObject({
      namespace: "AWS/WAFV2",
      metric_name: "BlockedRequests",
      dimensions: { WebACL: "acme-test-todo", Rule: "ALL", Region: "eu-west-1" },
      stat: "Sum",
      period: 300,
    });
  });

  test("those of a distribution's firewall have no region", () => {
    expect(metric({ scope: "CLOUDFRONT", label: virginia })["dimensions"]).toEqual({
      WebACL: "acme-test-todo",
      Rule: "ALL",
    });
  });
});

test("all of it is in the region of its provider", () => {
  const { json } = synthesise((stack) => {
    const provider = new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" });
    new WebAcl(stack, "firewall", { ...config, label: virginia, scope: "CLOUDFRONT", provider });
  });
  const resources = Object.values<Resource>(json["resource"]).flatMap((byId) =>
    Object.values<Resource>(byId),
  );
  expect(resources.length).toBeGreaterThan(1);
  expect(resources.filter(({ provider }) => provider !== "aws.global")).toEqual([]);
});

describe("refused", () => {
  test.each([
    {
      name: "a limit below WAF's own",
      changes: { requestsPerFiveMinutesPerIp: 9 },
      message: "requestsPerFiveMinutesPerIp must be a whole number from 10 to 2000000000, got 9",
    },
    {
      name: "a distribution's firewall outside us-east-1",
      changes: { scope: "CLOUDFRONT" as const },
      message: "scope CLOUDFRONT needs a label of the region us-east-1, got eu-west-1",
    },
  ])("$name", ({ changes, message }) => {
    expect(() => synth(changes)).toThrow(new Error(message));
  });

  test("a log without a key", () => {
    const { kmsKeyArn: _, ...keyless } = config;
    expect(() => synthesise((stack) => new WebAcl(stack, "firewall", keyless))).toThrow(
      new Error("kmsKeyArn must be set with logRetentionDays 90, got undefined"),
    );
  });
});
