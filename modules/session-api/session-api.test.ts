import { runSimulation } from "@cloud-copilot/iam-simulate";
import { Fn, Token } from "cdktf";
import { type PolicyStatement, policyDocument } from "../internal/iam";
import type { SessionApiConfig } from ".";
import { contract, DATA_KEY, LOG_KEY, POOL, synthesiseSessions, TOPIC } from "./fixture";

const plain = synthesiseSessions();
const variables = (change: Partial<SessionApiConfig> = {}): Record<string, string> =>
  synthesiseSessions(change).one("aws_lambda_function")["environment"]["variables"];

test("every operation of the contract is served by the function", () => {
  const served = plain.all("aws_api_gateway_method").map((method) => method["operation_name"]);
  expect(served.sort()).toEqual([
    "checkSession",
    "createSession",
    "getSession",
    "refreshSession",
    "revokeSession",
    "revokeSessions",
  ]);
  for (const { type, uri } of plain.all("aws_api_gateway_integration")) {
    expect(type).toBe("AWS_PROXY");
    expect(uri).toMatch(/^\$\{aws_lambda_alias\..+\.invoke_arn\}$/);
  }
});

test("control 16: checks are authorised by IAM, all else by the user pool", () => {
  const authorizations = plain
    .all("aws_api_gateway_method")
    .map((method) => [method["operation_name"], method["authorization"]]);
  const { checkSession, ...users } = Object.fromEntries(authorizations);
  expect(checkSession).toBe("AWS_IAM");
  expect(new Set(Object.values(users))).toEqual(new Set(["COGNITO_USER_POOLS"]));
  expect(plain.one("aws_api_gateway_authorizer")["provider_arns"]).toEqual([POOL]);
});

test("control 18: the session's token must be there, and a check must hold one", () => {
  const methods = plain.all("aws_api_gateway_method");
  for (const method of methods) {
    expect(method["request_validator_id"]).toMatch(/^\$\{aws_api_gateway_request_validator\./);
  }
  const asking = methods.filter(
    ({ request_parameters }) => request_parameters["method.request.header.X-Session-Token"] === true,
  );
  expect(asking.map(({ operation_name }) => operation_name).sort()).toEqual([
    "getSession",
    "refreshSession",
    "revokeSession",
  ]);
  expect(JSON.parse(plain.one("aws_api_gateway_model")["schema"])).toMatchObject({
    type: "object",
    properties: { token: { type: "string" } },
  });
});

describe("the function's variables", () => {
  test("name the cache, how to connect, and every rule", () => {
    expect(variables()).toEqual({
      CACHE_HOST: "master.acme-test-sessions.abc.euw1.cache.amazonaws.com",
      CACHE_PORT: "6379",
      CACHE_TLS: "on",
      CACHE_SERVERLESS: "off",
      CACHE_AUTHENTICATION: "iam",
      CACHE_NAME: "acme-test-sessions",
      CACHE_USER: "acme-test-sessions",
      SESSION_IDLE_MINUTES: "30",
      SESSION_MAXIMUM_HOURS: "12",
      SESSION_REFRESH_GRACE_SECONDS: "10",
      SESSIONS_PER_PRINCIPAL: "10",
      RATE_LIMIT_PER_MINUTE: "60",
      RATE_LIMIT_BURST: "20",
      POWERTOOLS_SERVICE_NAME: "sessions-v1",
      POWERTOOLS_METRICS_NAMESPACE: "acme-test",
    });
  });

  test("follow the configuration", () => {
    expect(
      variables({
        cacheServerless: true,
        cacheTls: true,
        idleMinutes: 5,
        maximumHours: 1,
        refreshGraceSeconds: 0,
        sessionsPerUser: 1,
        requestsPerMinutePerUser: 6,
        requestBurstPerUser: 2,
        corsOrigin: "https://app.example.com",
      }),
    ).toMatchObject({
      CACHE_SERVERLESS: "on",
      SESSION_IDLE_MINUTES: "5",
      SESSION_MAXIMUM_HOURS: "1",
      SESSION_REFRESH_GRACE_SECONDS: "0",
      SESSIONS_PER_PRINCIPAL: "1",
      RATE_LIMIT_PER_MINUTE: "6",
      RATE_LIMIT_BURST: "2",
      CORS_ORIGIN: "https://app.example.com",
    });
  });

  const secretArn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:cache";

  test("control 26: hold the name of the password's secret, never a password", () => {
    const withPassword = variables({ cacheAuthentication: "password", cacheSecretArn: secretArn });
    expect(withPassword).toMatchObject({ CACHE_AUTHENTICATION: "password", CACHE_SECRET_ARN: secretArn });
    expect(Object.keys(withPassword).filter((name) => /PASSWORD|TOKEN|AUTH_/.test(name))).toEqual([]);
  });

  test("a cache that asks nobody, without TLS, is possible where it is said", () => {
    expect(variables({ cacheAuthentication: "none", cacheTls: false, cacheStatements: [] })).toMatchObject({
      CACHE_AUTHENTICATION: "none",
      CACHE_TLS: "off",
    });
  });
});

test("a port that is known only at deployment is written as text", () => {
  const cachePort = Token.asNumber(Fn.lookup({ port: 6379 }, "port"));
  expect(variables({ cachePort })["CACHE_PORT"]).toBe('${tostring({"port" = 6379}.port)}');
});

test("the function runs in the VPC, beside the cache", () => {
  expect(plain.one("aws_lambda_function")["vpc_config"]).toEqual({
    subnet_ids: ["subnet-1", "subnet-2"],
    security_group_ids: ["sg-cache-clients"],
  });
});

test("control 3: the function's concurrency is reserved", () => {
  expect(plain.one("aws_lambda_function")["reserved_concurrent_executions"]).toBe(10);
});

test("control 13: stage and operations are throttled, checks on their own when asked for", () => {
  const throttled = synthesiseSessions({
    operationThrottles: { checkSession: { ratePerSecond: 1000, burst: 2000 } },
  });
  expect(throttled.one("aws_api_gateway_method_settings", "all-methods")["settings"]).toMatchObject({
    throttling_rate_limit: 100,
    throttling_burst_limit: 200,
  });
  expect(throttled.one("aws_api_gateway_method_settings", "checkSession")).toMatchObject({
    method_path: "~1session-checks/POST",
    settings: { throttling_rate_limit: 1000, throttling_burst_limit: 2000 },
  });
});

test("control 14: the web ACL stands before the stage", () => {
  const webAclArn = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/acme/1";
  expect(synthesiseSessions({ webAclArn }).one("aws_wafv2_web_acl_association")).toMatchObject({
    web_acl_arn: webAclArn,
    resource_arn: expect.stringMatching(/^\$\{aws_api_gateway_stage\..+\.arn\}$/),
  });
});

test("control 19: requests are logged and traced", () => {
  const stage = plain.one("aws_api_gateway_stage");
  expect(stage["xray_tracing_enabled"]).toBe(true);
  expect(stage["access_log_settings"]["destination_arn"]).toMatch(/^\$\{aws_cloudwatch_log_group\./);
  expect(plain.one("aws_lambda_function")["tracing_config"]).toEqual({ mode: "Active" });
});

test("control 20: no answer is cached, as each holds or proves a session", () => {
  expect(plain.one("aws_api_gateway_stage")["cache_cluster_enabled"]).toBe(false);
  expect(plain.one("aws_api_gateway_method_settings")["settings"]["caching_enabled"]).toBe(false);
});

test("control 23: the function may be called by this stage alone", () => {
  expect(plain.one("aws_lambda_permission")).toMatchObject({
    principal: "apigateway.amazonaws.com",
    source_arn: expect.stringMatching(/^\$\{aws_api_gateway_rest_api\..+\.execution_arn\}\/v1\/\*$/),
  });
});

test("control 24: environment and artifact have the data key", () => {
  expect(plain.one("aws_lambda_function")["kms_key_arn"]).toBe(DATA_KEY);
  expect(plain.one("aws_s3_object")["kms_key_id"]).toBe(DATA_KEY);
});

test("control 27: all logs have the logs' key and a retention", () => {
  const groups = plain.all("aws_cloudwatch_log_group");
  expect(groups).toHaveLength(3);
  for (const group of groups) expect(group).toMatchObject({ kms_key_id: LOG_KEY, retention_in_days: 90 });
});

test.each([
  ["a cache that does not answer", "cache", "CacheUnavailable", 0, 60],
  ["tokens that were used after they had been retired", "reuse", "SessionReuse", 10, 300],
])("control 29: %s are told of", (_case, id, metric_name, threshold, period) => {
  const alarm = plain.one("aws_cloudwatch_metric_alarm", `_${id}-alarm`);
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({
    namespace: "acme-test",
    metric_name,
    period,
    stat: "Sum",
    dimensions: { service: "sessions-v1" },
  });
  expect(alarm["threshold"]).toBe(threshold);
  expect(alarm["alarm_actions"]).toEqual([TOPIC]);
});

describe("a domain of its own", () => {
  test("leads to the version, and closes the default endpoint", () => {
    const synthesised = synthesiseSessions({ domainName: "sessions.example.com" });
    expect(synthesised.one("aws_api_gateway_base_path_mapping")).toMatchObject({
      domain_name: "sessions.example.com",
      base_path: "v1",
    });
    expect(synthesised.one("aws_api_gateway_rest_api")["disable_execute_api_endpoint"]).toBe(true);
  });
});

describe("control 21: rights", () => {
  test("the function's role may connect to the cache, besides what every function may", () => {
    const { Statement } = JSON.parse(plain.one("aws_iam_role_policy")["policy"]);
    const sids = Statement.map(({ Sid }: { Sid: string }) => Sid);
    expect(sids).toEqual([
      "WriteOwnLogs",
      "WriteTraces",
      "ReadOwnEnvironment",
      "AttachToVpc",
      "OnlyLambdaAttachesToVpc",
      "ConnectToCache",
    ]);
    for (const { Action } of Statement) expect(JSON.stringify(Action)).not.toContain("*");
  });

  const stage = "arn:aws:execute-api:eu-west-1:111111111111:abc123/v1";
  const [statements] = JSON.parse(plain.json["output"]["check"]["value"]) as [PolicyStatement[]];
  const policy = JSON.parse(
    policyDocument(statements).replace(
      /\$\{aws_api_gateway_rest_api\.[^}]+\.execution_arn\}/g,
      stage.slice(0, -3),
    ),
  );

  test.each([
    ["Allowed", "checks", "execute-api:Invoke", `${stage}/POST/session-checks`],
    ["ImplicitlyDenied", "another method there", "execute-api:Invoke", `${stage}/GET/session-checks`],
    ["ImplicitlyDenied", "what is below", "execute-api:Invoke", `${stage}/POST/session-checks/all`],
    ["ImplicitlyDenied", "what users do", "execute-api:Invoke", `${stage}/POST/sessions`],
    [
      "ImplicitlyDenied",
      "another version",
      "execute-api:Invoke",
      `${stage.replace("v1", "v2")}/POST/session-checks`,
    ],
    [
      "ImplicitlyDenied",
      "another API",
      "execute-api:Invoke",
      `${stage.replace("abc", "def")}/POST/session-checks`,
    ],
    ["ImplicitlyDenied", "the stage's cache", "execute-api:InvalidateCache", `${stage}/POST/session-checks`],
  ])("of a service: %s, for %s", async (expected, _what, action, resource) => {
    const result = await runSimulation(
      {
        request: {
          principal: "arn:aws:sts::111111111111:assumed-role/acme-test-storefront/task",
          action,
          resource: { resource, accountId: "111111111111" },
          contextVariables: {},
        },
        identityPolicies: [{ name: "access", policy }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    expect(result.resultType === "error" ? result.errors : result.overallResult).toBe(expected);
  });
});

describe("two versions side by side", () => {
  const versions = synthesiseSessions({}, { contract: { ...contract, version: "v2" } });

  test.each([
    ["aws_lambda_function", "function_name"],
    ["aws_iam_role", "name"],
    ["aws_s3_object", "key"],
    ["aws_api_gateway_rest_api", "name"],
    ["aws_cloudwatch_log_group", "name"],
    ["aws_cloudwatch_metric_alarm", "alarm_name"],
  ])("no two %s have the same %s", (type, field) => {
    const names = versions.all(type).map((resource) => resource[field]);
    expect(names.length).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(names.length);
  });
});

test.each<[string, Partial<SessionApiConfig>, string[]]>([
  [
    "a password without its secret",
    { cacheAuthentication: "password" },
    ['cacheSecretArn must be set with cacheAuthentication "password", got nothing'],
  ],
  [
    "rights to connect that are missing",
    { cacheStatements: [] },
    ['cacheStatements must be set with cacheAuthentication "iam", got []'],
  ],
  [
    "IAM without TLS",
    { cacheTls: false },
    ['cacheTls must be true with cacheAuthentication "iam", got false'],
  ],
  [
    "no place in the VPC",
    { vpcSubnetIds: [], vpcSecurityGroupIds: [] },
    ["vpcSubnetIds must not be empty, got []", "vpcSecurityGroupIds must not be empty, got []"],
  ],
  [
    "rules out of range",
    { idleMinutes: 0, maximumHours: 721, refreshGraceSeconds: 61, sessionsPerUser: 1.5 },
    [
      "idleMinutes must be a whole number from 1 to 10080, got 0",
      "maximumHours must be a whole number from 1 to 720, got 721",
      "refreshGraceSeconds must be a whole number from 0 to 60, got 61",
      "sessionsPerUser must be a whole number from 1 to 100, got 1.5",
    ],
  ],
  [
    "limits out of range",
    { requestsPerMinutePerUser: 0, requestBurstPerUser: 1001, alarmReusedTokens: -1 },
    [
      "requestsPerMinutePerUser must be a whole number from 1 to 6000, got 0",
      "requestBurstPerUser must be a whole number from 1 to 1000, got 1001",
      "alarmReusedTokens must be a whole number of at least 0, got -1",
    ],
  ],
])("%s: refused", (_case, change, lines) => {
  expect(() => synthesiseSessions(change)).toThrow(new Error(lines.join("\n")));
});
