import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Distribution, readDistributions, type TerraformStack } from ".";

const root = resolve(__dirname, "../../..");

function distributionOfEnvironment(name: string): Distribution {
  const text = readFileSync(join(root, "envs", "testdata", `envs-${name}.json`), "utf8");
  const [distribution, ...others] = readDistributions(JSON.parse(text));
  expect(others).toEqual([]);
  if (distribution === undefined) throw new Error(`${name} has no distribution`);
  return distribution;
}

/** A stack with one distribution, whose default behaviour has these changes. */
function stackWith(
  behaviour: Readonly<Record<string, unknown>>,
  resources: TerraformStack["resource"] = {},
  changes: Readonly<Record<string, unknown>> = {},
): TerraformStack {
  const distribution = {
    enabled: true,
    origin: [{ origin_id: "a", domain_name: "a.example.com" }],
    default_cache_behavior: {
      target_origin_id: "a",
      viewer_protocol_policy: "allow-all",
      allowed_methods: ["GET", "HEAD"],
      cached_methods: ["GET", "HEAD"],
      cache_policy_id: "658327ea-f89d-4fab-a63d-7e88639e58f6",
      ...behaviour,
    },
    restrictions: { geo_restriction: { restriction_type: "none" } },
    ...changes,
  };
  return { resource: { aws_cloudfront_distribution: { cdn: distribution }, ...resources } };
}

function defaultBehaviour(stack: TerraformStack) {
  return readDistributions(stack)[0]?.behaviours.at(-1);
}

describe("the distribution of staging, as it is synthesised", () => {
  const staging = distributionOfEnvironment("staging");

  test("its behaviours are in their order, the default last", () => {
    expect(staging.behaviours.map(({ pathPattern }) => pathPattern)).toEqual([
      "/updates/*latest*",
      "/updates/v*.*.*",
      "/updates/*",
      "/downloads/*",
      "*",
    ]);
    expect(staging.behaviours.map(({ isDefault }) => isDefault)).toEqual([false, false, false, false, true]);
  });

  test("references to policies and functions are resolved", () => {
    expect(staging.behaviours[0]).toMatchObject({
      targetId: "first-then-second",
      compress: true,
      cachePolicy: {
        name: "acme-staging-downloads-latest",
        minimumTtlSeconds: 0,
        defaultTtlSeconds: 60,
        maximumTtlSeconds: 300,
        headers: { kind: "none", names: [] },
        gzip: true,
        brotli: true,
      },
      viewerRequest: { name: "acme-staging-downloads-normalise-latest" },
      responseHeadersPolicy: { name: "acme-staging-downloads", removed: ["server", "x-powered-by"] },
    });
  });

  test("policies that AWS manages are known", () => {
    expect(staging.behaviours.at(-1)?.cachePolicy).toMatchObject({
      name: "CachingDisabled",
      maximumTtlSeconds: 0,
    });
  });

  test("security headers are what the viewer gets", () => {
    expect(staging.behaviours[0]?.responseHeadersPolicy?.added).toContainEqual({
      name: "strict-transport-security",
      value: "max-age=63072000",
      override: true,
    });
  });

  test("origins and their group are read, secrets are not", () => {
    expect(staging.origins["alb"]).toMatchObject({
      kind: "custom",
      domainName: "releases-origin.staging.example.com",
      customHeaders: ["x-origin-verify"],
      protocolPolicy: "https-only",
      connectionAttempts: 2,
      connectionTimeoutSeconds: 5,
      readTimeoutSeconds: 30,
      shieldRegion: "eu-west-1",
      signsRequests: false,
    });
    expect(staging.origins["s3"]).toMatchObject({ kind: "s3", signsRequests: true });
    expect(staging.originGroups["first-then-second"]).toEqual({
      id: "first-then-second",
      members: ["alb", "s3"],
      failoverStatuses: [404, 500, 502, 503, 504],
    });
    expect(JSON.stringify(staging)).not.toContain("secret_string");
  });

  test("errors, domain names and the web ACL are read", () => {
    expect(staging.errorResponses[404]).toEqual({ minimumTtlSeconds: 5 });
    expect(staging.aliases).toEqual(["downloads.staging.example.com"]);
    expect(staging.webAcl).toContain("aws_wafv2_web_acl");
  });
});

test("what prod passes on goes to the origin with all but the host", () => {
  const prod = distributionOfEnvironment("prod");
  expect(prod.behaviours.at(-1)?.originRequestPolicy).toEqual({
    name: "AllViewerExceptHostHeader",
    headers: { kind: "allExcept", names: ["host"] },
    cookies: { kind: "all", names: [] },
    queryStrings: { kind: "all", names: [] },
  });
});

test("a stack without distributions has none", () => {
  expect(readDistributions({})).toEqual([]);
  expect(readDistributions({ resource: {} })).toEqual([]);
});

test("a function's code is what is deployed: Terraform's escapes are gone", () => {
  const functions = { aws_cloudfront_function: { f: { name: "f", code: "`$${a}` %%{b}" } } };
  const association = { event_type: "viewer-response", function_arn: "${aws_cloudfront_function.f.arn}" };
  expect(
    defaultBehaviour(stackWith({ function_association: [association] }, functions))?.viewerResponse,
  ).toEqual({ name: "f", code: "`${a}` %{b}" });
});

test("an origin request policy of the stack is read, its header names in lower case", () => {
  const policies = {
    aws_cloudfront_origin_request_policy: {
      p: {
        name: "p",
        headers_config: { header_behavior: "allViewer" },
        cookies_config: { cookie_behavior: "allExcept", cookies: { items: ["A"] } },
        query_strings_config: { query_string_behavior: "whitelist", query_strings: { items: ["Q"] } },
      },
    },
  };
  const id = "${aws_cloudfront_origin_request_policy.p.id}";
  expect(
    defaultBehaviour(stackWith({ origin_request_policy_id: id }, policies))?.originRequestPolicy,
  ).toEqual({
    name: "p",
    headers: { kind: "all", names: [] },
    cookies: { kind: "allExcept", names: ["A"] },
    queryStrings: { kind: "whitelist", names: ["Q"] },
  });
});

test("what is left out is what the provider or CloudFront sets", () => {
  const policies = {
    aws_cloudfront_cache_policy: {
      p: {
        name: "p",
        parameters_in_cache_key_and_forwarded_to_origin: {
          headers_config: { header_behavior: "whitelist", headers: { items: ["X-Channel"] } },
          cookies_config: { cookie_behavior: "none" },
          query_strings_config: { query_string_behavior: "none" },
        },
      },
    },
  };
  const stack = stackWith({ cache_policy_id: "${aws_cloudfront_cache_policy.p.id}" }, policies);
  expect(defaultBehaviour(stack)?.cachePolicy).toMatchObject({
    minimumTtlSeconds: 0,
    defaultTtlSeconds: 86_400,
    maximumTtlSeconds: 31_536_000,
    headers: { kind: "whitelist", names: ["x-channel"] },
    gzip: false,
  });
  expect(readDistributions(stack)[0]?.origins["a"]).toMatchObject({
    kind: "s3",
    connectionAttempts: 3,
    connectionTimeoutSeconds: 10,
    signsRequests: false,
  });
});

describe("what the model does not know is told", () => {
  test.each([
    {
      name: "a behaviour without a cache policy",
      behaviour: { cache_policy_id: undefined },
      message: "cdn: behaviour *: only behaviours with a cache policy are part of the model",
    },
    {
      name: "a policy of AWS that is new",
      behaviour: { cache_policy_id: "11111111-2222-3333-4444-555555555555" },
      message:
        "cdn: aws_cloudfront_cache_policy 11111111-2222-3333-4444-555555555555 is neither of this stack nor one that the model " +
        "knows of AWS",
    },
    {
      name: "a name that every object has",
      behaviour: { cache_policy_id: "constructor" },
      message:
        "cdn: aws_cloudfront_cache_policy constructor is neither of this stack nor one that the model knows of AWS",
    },
    {
      name: "a path pattern that CloudFront does not take",
      behaviour: { path_pattern: `/${"a".repeat(255)}` },
      message: `cdn: behaviour /${"a".repeat(255)}: a path pattern has 255 characters at most, got 256`,
    },
    {
      name: "Lambda@Edge",
      behaviour: { lambda_function_association: [{}] },
      message: "cdn: behaviour *: Lambda@Edge is not part of the model",
    },
    {
      name: "a function of another stack",
      behaviour: {
        function_association: [
          { event_type: "viewer-request", function_arn: "arn:aws:cloudfront::1:function/f" },
        ],
      },
      message: "cdn: function arn:aws:cloudfront::1:function/f is not of this stack",
    },
  ])("$name", ({ behaviour, message }) => {
    expect(() => readDistributions(stackWith(behaviour))).toThrow(message);
  });

  test("a group of one", () => {
    const group = {
      origin_id: "g",
      failover_criteria: { status_codes: [500] },
      member: [{ origin_id: "a" }],
    };
    expect(() => readDistributions(stackWith({}, {}, { origin_group: [group] }))).toThrow(
      "cdn: origin group g: must have two members",
    );
  });
});
