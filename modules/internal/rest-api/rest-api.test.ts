import { synthesise } from "../synth-test";
import { ApiDomain, type RestApiConfig } from ".";
import { type Change, contractOf, LOG_KEY, listNotes, NOTES, POOL, synthesiseApi, TOPIC } from "./fixture";

const corsOrigin = "https://app.example.com";
const api = synthesiseApi();
const withCors = synthesiseApi({ corsOrigin });
const cached = synthesiseApi({ cacheSizeGigabytes: 0.5 });

describe("control 16: authorisation", () => {
  test("every method asks for a token of the user pool, but the preflight", () => {
    for (const method of withCors.all("aws_api_gateway_method")) {
      if (method["http_method"] === "OPTIONS") {
        expect(method["authorization"]).toBe("NONE");
      } else {
        expect(method["authorization"]).toBe("COGNITO_USER_POOLS");
        expect(method["authorizer_id"]).toMatch(/^\$\{aws_api_gateway_authorizer\..+\.id\}$/);
      }
    }
  });

  test("a preflight reaches no function", () => {
    const [preflights, others] = [true, false].map((wanted) =>
      withCors
        .all("aws_api_gateway_integration")
        .filter(({ http_method }) => http_method.includes("_OPTIONS_") === wanted)
        .map(({ type, uri }) => [type, uri !== undefined]),
    );
    expect(preflights).toEqual(Array(2).fill(["MOCK", false]));
    expect(others).toEqual(Array(4).fill(["AWS_PROXY", true]));
  });

  test("without an origin there is no preflight, so every method is authorised", () => {
    const kinds = api.all("aws_api_gateway_method").map((method) => method["authorization"]);
    expect(new Set(kinds)).toEqual(new Set(["COGNITO_USER_POOLS"]));
  });

  test("the authorizer knows the one pool, by the Authorization header", () => {
    expect(api.one("aws_api_gateway_authorizer")).toMatchObject({
      type: "COGNITO_USER_POOLS",
      provider_arns: [POOL],
      identity_source: "method.request.header.Authorization",
    });
  });
});

describe("control 13: throttling", () => {
  test("every operation has the stage's limits", () => {
    expect(api.one("aws_api_gateway_method_settings")).toMatchObject({
      method_path: "*/*",
      settings: { throttling_rate_limit: 100, throttling_burst_limit: 200 },
    });
  });

  test("a cached operation keeps them", () => {
    expect(cached.one("aws_api_gateway_method_settings", "getNote")["settings"]).toMatchObject({
      throttling_rate_limit: 100,
      throttling_burst_limit: 200,
    });
  });

  test("an operation may have limits of its own", () => {
    const own = synthesiseApi({ operationThrottles: { addNote: { ratePerSecond: 2, burst: 4 } } });
    expect(own.one("aws_api_gateway_method_settings", "addNote")).toMatchObject({
      method_path: "~1notes/POST",
      settings: { throttling_rate_limit: 2, throttling_burst_limit: 4, caching_enabled: false },
    });
  });
});

describe("control 18: validation at the gateway", () => {
  test("parameters and bodies are validated, by every method", () => {
    expect(api.one("aws_api_gateway_request_validator")).toMatchObject({
      validate_request_parameters: true,
      validate_request_body: true,
    });
    for (const method of api.all("aws_api_gateway_method")) {
      expect(method["request_validator_id"]).toMatch(/^\$\{aws_api_gateway_request_validator\..+\.id\}$/);
    }
  });

  test("a body has a model of the contract's shape", () => {
    const { name, schema } = api.one("aws_api_gateway_model");
    expect(name).toBe("AddNoteRequest");
    expect(JSON.parse(schema)["properties"]).toEqual({
      text: { type: "string" },
      due: { type: ["string", "null"] },
      tags: { type: "array", items: { type: "string" } },
    });
    const models = api.one("aws_api_gateway_method", "POST")["request_models"];
    expect(models["application/json"]).toMatch(/^\$\{aws_api_gateway_model\..+\.name\}$/);
  });
});

describe("control 19: access logs and tracing", () => {
  test("each request is traced, and leaves one line that says nothing of who made it", () => {
    const stage = api.one("aws_api_gateway_stage");
    expect(stage["xray_tracing_enabled"]).toBe(true);
    const format: Record<string, string> = JSON.parse(stage["access_log_settings"]["format"]);
    expect(Object.keys(format)).toEqual(expect.arrayContaining(["requestId", "route", "status", "traceId"]));
    for (const value of Object.values(format)) {
      expect(value).not.toMatch(/identity|claims|sourceIp|userAgent|\.path$/i);
    }
  });

  test("control 28: the gateway's own log holds neither bodies nor headers", () => {
    for (const { settings } of cached.all("aws_api_gateway_method_settings")) {
      expect(settings).toMatchObject({
        data_trace_enabled: false,
        logging_level: "ERROR",
        metrics_enabled: true,
      });
    }
  });
});

test("control 27: both logs of the stage have key and retention, and are there before it", () => {
  for (const [id, name] of [
    ["access-logs", "/aws/apigateway/acme-test-notes-v1"],
    ["execution-logs", expect.stringMatching(/^API-Gateway-Execution-Logs_\$\{.+\.id\}\/v1$/)],
  ] as const) {
    expect(api.one("aws_cloudwatch_log_group", id)).toMatchObject({
      name,
      retention_in_days: 90,
      kms_key_id: LOG_KEY,
    });
  }
  expect(api.one("aws_api_gateway_stage")["depends_on"]).toEqual([
    expect.stringMatching(/^aws_cloudwatch_log_group\..*execution-logs/),
  ]);
});

test("a preflight names the one origin, the path's methods and the contract's headers", () => {
  expect(
    withCors.one("aws_api_gateway_integration_response", "routes_notes_OPTIONS")["response_parameters"],
  ).toMatchObject({
    "method.response.header.Access-Control-Allow-Origin": `'${corsOrigin}'`,
    "method.response.header.Access-Control-Allow-Methods": "'GET,POST'",
    "method.response.header.Access-Control-Allow-Headers":
      "'Authorization,Cache-Control,Content-Type,If-None-Match,X-Amzn-Trace-Id'",
    "method.response.header.Vary": "'Origin'",
  });
});

test("control 23: the function may be called by this stage alone", () => {
  expect(api.one("aws_lambda_permission")).toMatchObject({
    principal: "apigateway.amazonaws.com",
    source_arn: expect.stringMatching(/^\$\{aws_api_gateway_rest_api\..+\.execution_arn\}\/v1\/\*$/),
  });
});

test("control 4: the gateway waits for a function as long as it may", () => {
  for (const integration of api.all("aws_api_gateway_integration")) {
    expect(integration["timeout_milliseconds"]).toBe(29_000);
  }
});

test("control 14: the web ACL stands before the stage", () => {
  const webAclArn = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/acme/1";
  const association = synthesiseApi({ webAclArn }).one("aws_wafv2_web_acl_association");
  expect(association["web_acl_arn"]).toBe(webAclArn);
  expect(association["resource_arn"]).toMatch(/^\$\{aws_api_gateway_stage\..+\.arn\}$/);
});

test.each([
  ["errors", "5XXError", "Average", 0.01],
  ["latency", "Latency", "p99", 2000],
])("control 30: %s of the stage are told of", (id, metricName, stat, threshold) => {
  const alarm = api.one("aws_cloudwatch_metric_alarm", `api_${id}-alarm`);
  expect(alarm["metric_query"][0]["metric"]).toMatchObject({
    namespace: "AWS/ApiGateway",
    metric_name: metricName,
    stat,
    dimensions: { ApiName: "acme-test-notes-v1", Stage: "v1" },
  });
  expect(alarm["threshold"]).toBe(threshold);
  expect(alarm["alarm_actions"]).toEqual([TOPIC]);
});

describe("a domain of its own", () => {
  const domainName = "api.example.com";

  test("leads to the version, and closes the default endpoint", () => {
    const synthesised = synthesiseApi({ domainName });
    expect(synthesised.one("aws_api_gateway_base_path_mapping")).toMatchObject({
      domain_name: domainName,
      base_path: "v1",
    });
    expect(synthesised.one("aws_api_gateway_rest_api")["disable_execute_api_endpoint"]).toBe(true);
    expect(api.one("aws_api_gateway_rest_api")["disable_execute_api_endpoint"]).toBe(false);
  });

  const domain = (hostedZoneId?: string) =>
    synthesise((stack) => {
      const certificateArn = "arn:aws:acm:eu-west-1:111111111111:certificate/1";
      new ApiDomain(stack, "domain", { domainName, certificateArn, ...(hostedZoneId && { hostedZoneId }) });
    });

  test("control 38: TLS is 1.2 at least", () => {
    expect(domain().one("aws_api_gateway_domain_name")).toMatchObject({
      domain_name: domainName,
      security_policy: "TLS_1_2",
      endpoint_configuration: { types: ["REGIONAL"] },
    });
  });

  test("has its records in the zone, when the zone is given", () => {
    const types = domain("Z0123456789ABC")
      .all("aws_route53_record")
      .map((record) => record["type"]);
    expect(types.sort()).toEqual(["A", "AAAA"]);
    expect(domain().types).not.toContain("aws_route53_record");
  });
});

test("an operation at the root has its settings under the escaped slash", () => {
  const root = contractOf({ ...NOTES, paths: { "/": { get: { ...listNotes, parameters: [] } } } });
  const settings = synthesiseApi({ cacheSizeGigabytes: 0.5 }, root).one(
    "aws_api_gateway_method_settings",
    "listNotes",
  );
  expect(settings["method_path"]).toBe("~1/GET");
});

test.each<[string, Change, string]>([
  [
    "a function that is missing",
    { functions: {} },
    'api/notes/v1.yaml: listNotes needs the function "notes"; pass it in functions, got none',
  ],
  [
    "a function under another name",
    { functions: { note: { timeoutSeconds: 1 } } as unknown as RestApiConfig["functions"] },
    'api/notes/v1.yaml: listNotes needs the function "notes"; pass it in functions, got note',
  ],
  [
    "a function that serves nothing",
    {
      functions: {
        notes: { timeoutSeconds: 1 },
        other: { timeoutSeconds: 1 },
      } as unknown as RestApiConfig["functions"],
    },
    "api/notes/v1.yaml: functions.other serves no operation; remove it",
  ],
  [
    "a function that outlasts the gateway",
    { timeoutSeconds: 29 },
    "functions/notes/function.json: timeoutSeconds must be below the gateway's 29, got 29",
  ],
  [
    "limits for no operation",
    { operationThrottles: { listNote: { ratePerSecond: 1, burst: 1 } } },
    "api/notes/v1.yaml: operationThrottles.listNote is no operation; remove it",
  ],
  [
    "a cache of no size that there is",
    { cacheSizeGigabytes: 1 },
    "cacheSizeGigabytes must be one of 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237, got 1",
  ],
  [
    "a cache that keeps nothing",
    { cacheTtlSeconds: 0 },
    "cacheTtlSeconds must be a whole number from 1 to 60, got 0",
  ],
  [
    "a cache that keeps errors too long",
    { cacheTtlSeconds: 61 },
    "cacheTtlSeconds must be a whole number from 1 to 60, got 61",
  ],
])("%s is refused", (_case, change, message) => {
  expect(() => synthesiseApi(change)).toThrow(new Error(message));
});
