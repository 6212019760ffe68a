import { loadContract } from "../internal/rest-api";
import { DATA_KEY, LOG_KEY, synthesiseTodos, TOPIC } from "./fixture";

const ROOT = `${__dirname}/../..`;
const v1 = loadContract(ROOT, "todos", "v1");
const v2 = loadContract(ROOT, "todos", "v2");
const { deprecation: _deprecation, ...current } = v1;

const plain = synthesiseTodos({}, { contract: current });

const dax = {
  daxEndpoint: "daxs://cache.example.com",
  daxStatements: [
    { sid: "ReadCache", actions: ["dax:GetItem", "dax:Query"], resources: ["arn:aws:dax:::cache/c"] },
  ],
  vpcSubnetIds: ["subnet-1", "subnet-2"],
  vpcSecurityGroupIds: ["sg-1"],
};

test("every operation of the contract is served by the function", () => {
  const served = plain.all("aws_api_gateway_method").map((method) => method["operation_name"]);
  expect(served.sort()).toEqual(["createTodo", "deleteTodo", "getTodo", "listTodos", "replaceTodo"]);
  for (const { type, uri } of plain.all("aws_api_gateway_integration")) {
    expect(type).toBe("AWS_PROXY");
    expect(uri).toMatch(/^\$\{aws_lambda_alias\..+\.invoke_arn\}$/);
  }
});

test("the function is told its table, and nothing of what is not there", () => {
  expect(plain.one("aws_lambda_function")["environment"]["variables"]).toEqual({
    TODOS_TABLE: expect.stringMatching(/^\$\{aws_dynamodb_table\..+\.name\}$/),
    API_VERSION: "v1",
    POWERTOOLS_SERVICE_NAME: "todos-v1",
    POWERTOOLS_METRICS_NAMESPACE: "acme-test",
  });
});

test("the function answers the same origin as the gateway", () => {
  const corsOrigin = "https://app.example.com";
  const synthesised = synthesiseTodos({}, { corsOrigin });
  expect(synthesised.one("aws_lambda_function")["environment"]["variables"]["CORS_ORIGIN"]).toBe(corsOrigin);
  expect(
    synthesised.one("aws_api_gateway_integration_response", "todos_OPTIONS")["response_parameters"],
  ).toMatchObject({
    "method.response.header.Access-Control-Allow-Origin": `'${corsOrigin}'`,
  });
});

test("control 3: the function's concurrency is reserved", () => {
  expect(plain.one("aws_lambda_function")["reserved_concurrent_executions"]).toBe(10);
});

test("control 13: stage and operations are throttled, and one of them more when asked for", () => {
  const throttled = synthesiseTodos(
    {},
    { operationThrottles: { createTodo: { ratePerSecond: 5, burst: 10 } } },
  );
  expect(throttled.one("aws_api_gateway_method_settings", "all-methods")["settings"]).toMatchObject({
    throttling_rate_limit: 100,
    throttling_burst_limit: 200,
  });
  expect(throttled.one("aws_api_gateway_method_settings", "createTodo")).toMatchObject({
    method_path: "~1todos/POST",
    settings: { throttling_rate_limit: 5, throttling_burst_limit: 10 },
  });
});

test("control 14: the web ACL stands before the stage", () => {
  const webAclArn = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/acme/1";
  expect(synthesiseTodos({}, { webAclArn }).one("aws_wafv2_web_acl_association")).toMatchObject({
    web_acl_arn: webAclArn,
    resource_arn: expect.stringMatching(/^\$\{aws_api_gateway_stage\..+\.arn\}$/),
  });
});

test("control 20: both reads may be cached, by user and by every parameter but Cache-Control", () => {
  const cached = synthesiseTodos({}, { cacheSizeGigabytes: 0.5, cacheTtlSeconds: 10 });
  expect(cached.one("aws_api_gateway_integration", "todos_GET")["cache_key_parameters"]).toEqual([
    "method.request.header.Authorization",
    "method.request.header.If-None-Match",
    "method.request.querystring.limit",
    "method.request.querystring.nextToken",
    "method.request.querystring.status",
  ]);
  expect(cached.one("aws_api_gateway_integration", "parameter_GET")["cache_key_parameters"]).toEqual([
    "method.request.header.Authorization",
    "method.request.header.If-None-Match",
    "method.request.path.id",
  ]);
  for (const id of ["listTodos", "getTodo"]) {
    expect(cached.one("aws_api_gateway_method_settings", id)["settings"]).toMatchObject({
      caching_enabled: true,
      cache_ttl_in_seconds: 10,
      cache_data_encrypted: true,
    });
  }
});

test("control 24: environment, artifact and table have the data key", () => {
  expect(plain.one("aws_lambda_function")["kms_key_arn"]).toBe(DATA_KEY);
  expect(plain.one("aws_s3_object")["kms_key_id"]).toBe(DATA_KEY);
});

test("control 27: all logs have the logs' key and a retention", () => {
  const groups = plain.all("aws_cloudwatch_log_group");
  expect(groups).toHaveLength(3);
  for (const group of groups) expect(group).toMatchObject({ kms_key_id: LOG_KEY, retention_in_days: 90 });
});

describe("with DAX", () => {
  const synthesised = synthesiseTodos({}, dax);

  test("the function runs in the VPC and knows the endpoint", () => {
    const lambda = synthesised.one("aws_lambda_function");
    expect(lambda["vpc_config"]).toEqual({
      subnet_ids: ["subnet-1", "subnet-2"],
      security_group_ids: ["sg-1"],
    });
    expect(lambda["environment"]["variables"]["DAX_ENDPOINT"]).toBe("daxs://cache.example.com");
  });

  test("control 29: reads that the cluster did not answer are told of", () => {
    const alarm = synthesised.one("aws_cloudwatch_metric_alarm", "fallback-alarm");
    expect(alarm["metric_query"][0]["metric"]).toMatchObject({
      namespace: "acme-test",
      metric_name: "DaxFallback",
      dimensions: { service: "todos-v1" },
    });
    expect(alarm["alarm_actions"]).toEqual([TOPIC]);
    expect(Object.keys(plain.json["resource"]["aws_cloudwatch_metric_alarm"]).join()).not.toContain(
      "fallback",
    );
  });

  test("control 42: the function may still read the table itself", () => {
    const { Statement } = JSON.parse(synthesised.one("aws_iam_role_policy")["policy"]);
    const sids = Statement.map(({ Sid }: { Sid: string }) => Sid);
    expect(sids).toEqual(expect.arrayContaining(["ReadTodos", "QueryTodos", "WriteTodos", "ReadCache"]));
  });
});

test("without DAX, the function runs outside any VPC", () => {
  expect(plain.one("aws_lambda_function")).not.toHaveProperty("vpc_config");
  expect(plain.one("aws_iam_role_policy")["policy"]).not.toContain("ec2:");
});

describe("two versions on one table", () => {
  const successorUrl = "https://api.example.com/v2";
  const versions = synthesiseTodos({}, { contract: v1, successorUrl }, { contract: v2 });

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

  test("each has its stage and its function", () => {
    expect(versions.all("aws_api_gateway_stage").map((stage) => stage["stage_name"])).toEqual(["v1", "v2"]);
    expect(versions.all("aws_lambda_function").map((lambda) => lambda["function_name"])).toEqual([
      "acme-test-todos-v1",
      "acme-test-todos-v2",
    ]);
  });

  test("each is told its version; the deprecated one what to say of it, and of its successor", () => {
    const [first, second] = versions
      .all("aws_lambda_function")
      .map((lambda) => lambda["environment"]["variables"]);
    expect([first?.API_VERSION, second?.API_VERSION]).toEqual(["v1", "v2"]);
    expect(JSON.parse(first?.DEPRECATION_HEADERS ?? "")).toEqual({
      Deprecation: "@1796083200",
      Sunset: "Wed, 01 Dec 2027 00:00:00 GMT",
      Link: expect.stringContaining(`<${successorUrl}>; rel="successor-version", <https://`),
    });
    expect(second).not.toHaveProperty("DEPRECATION_HEADERS");
  });

  test("gateway and function of the deprecated one say the same", () => {
    const said = JSON.parse(
      versions.all("aws_lambda_function")[0]?.["environment"]["variables"]["DEPRECATION_HEADERS"],
    );
    const responses = versions
      .all("aws_api_gateway_gateway_response")
      .map(({ response_parameters: parameters }) =>
        Object.fromEntries(
          Object.keys(said).map((name) => [name, parameters[`gatewayresponse.header.${name}`]?.slice(1, -1)]),
        ),
      );
    const none = { Deprecation: undefined, Sunset: undefined, Link: undefined };
    const half = responses.length / 2;
    expect(responses.slice(0, half)).toEqual(Array(half).fill(said));
    expect(responses.slice(half)).toEqual(Array(half).fill(none));
  });

  test("control 18: a merge patch is held against a model of its own type", () => {
    expect(versions.one("aws_api_gateway_model", "PATCH")).toMatchObject({
      name: "ChangeTodoRequest",
      content_type: "application/merge-patch+json",
    });
    expect(versions.one("aws_api_gateway_method", "PATCH_method")["request_models"]).toEqual({
      "application/merge-patch+json": expect.stringMatching(/^\$\{aws_api_gateway_model\..+PATCH.+\.name\}$/),
    });
  });
});

test.each([
  [
    "DAX without statements",
    { ...dax, daxStatements: [] },
    "daxStatements must be set with daxEndpoint, got []",
  ],
  ["DAX without subnets", { ...dax, vpcSubnetIds: [] }, "vpcSubnetIds must be set with daxEndpoint, got []"],
  [
    "DAX without security groups",
    { ...dax, vpcSecurityGroupIds: [] },
    "vpcSecurityGroupIds must be set with daxEndpoint, got []",
  ],
  [
    "a VPC without DAX",
    { vpcSubnetIds: ["subnet-1"] },
    "vpcSubnetIds is for DAX alone; set daxEndpoint, or remove it",
  ],
  [
    "statements for DAX without it",
    { daxStatements: dax.daxStatements },
    "daxStatements is for DAX alone; set daxEndpoint, or remove it",
  ],
])("%s is refused", (_case, config, message) => {
  expect(() => synthesiseTodos({}, config)).toThrow(new Error(message));
});
