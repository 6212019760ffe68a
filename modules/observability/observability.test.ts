import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { type ObservedPart, SystemObservability } from ".";
import type { SystemObservabilityConfig } from "./config";

const alarmTopicArn = "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms";
const orders: ObservedPart = {
  kind: "function",
  name: "orders",
  dimensions: { FunctionName: "acme-test-orders" },
};
const api: ObservedPart = {
  kind: "api",
  name: "orders-v1",
  dimensions: { ApiName: "acme-test-orders-v1", Stage: "v1" },
};
const config: SystemObservabilityConfig = {
  label: testLabel,
  name: "shop",
  parts: [orders, api],
  alarms: [{ name: "acme-test-orders-errors", arn: "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:one" }],
  symptoms: [
    { name: "orders-fails", description: "Orders fails.", alarmNames: ["acme-test-a", "acme-test-b"] },
  ],
  codeLogs: [{ name: "orders", logGroupName: "/aws/lambda/acme-test-orders" }],
  accessLogGroupNames: ["/aws/apigateway/acme-test-orders-v1"],
  alarmTopicArn,
  tracedRequestsPerSecond: 2,
  tracedPercent: 5,
};

const synth = (changes: Partial<SystemObservabilityConfig> = {}) =>
  synthesise((stack) => new SystemObservability(stack, "shop", { ...config, ...changes }));
const all = synth();

function widgets(stack = all): Resource[] {
  return JSON.parse(stack.one("aws_cloudwatch_dashboard")["dashboard_body"])["widgets"];
}
const titled = (title: string, stack = all) =>
  widgets(stack).find(({ properties }) => properties.title === title) as Resource;

describe("the dashboard", () => {
  test("begins with what there is to know, the alarms, and the errors", () => {
    const [text, alarms, counted, newest] = widgets() as [Resource, Resource, Resource, Resource];
    expect(all.one("aws_cloudwatch_dashboard")["dashboard_name"]).toBe("acme-test-shop");
    expect(text["properties"].markdown).toContain("scripts/trace envs/test ID");
    expect(alarms["properties"]).toEqual({ title: "Alarms", alarms: [config.alarms[0]?.arn] });
    expect(counted["properties"].metrics).toEqual([
      [
        {
          expression: `SEARCH('{"acme-test",service} MetricName="LoggedErrors"', 'Sum', 300)`,
          id: "errors",
        },
      ],
    ]);
    expect(newest["properties"].query).toContain(
      "SOURCE '/aws/lambda/acme-test-orders' | fields @timestamp, service, message",
    );
  });

  test("draws all parts of a kind into the charts of that kind", () => {
    const other = { ...orders, name: "mail", dimensions: { FunctionName: "acme-test-mail" } };
    expect(
      titled("Functions: slowest hundredth", synth({ parts: [orders, other] }))["properties"],
    ).toMatchObject({
      region: "eu-west-1",
      yAxis: { left: { min: 0, label: "ms" } },
      metrics: [
        ["AWS/Lambda", "Duration", "FunctionName", "acme-test-orders", { stat: "p99", label: "orders" }],
        ["AWS/Lambda", "Duration", "FunctionName", "acme-test-mail", { stat: "p99", label: "mail" }],
      ],
    });
  });

  test("names the measure where a chart has several, and a region that is another", () => {
    const part = { ...orders, region: "us-east-1" };
    expect(titled("Functions: failed or held back", synth({ parts: [part] }))["properties"].metrics).toEqual([
      [
        "AWS/Lambda",
        "Errors",
        "FunctionName",
        "acme-test-orders",
        { stat: "Sum", label: "orders Errors", region: "us-east-1" },
      ],
      [
        "AWS/Lambda",
        "Throttles",
        "FunctionName",
        "acme-test-orders",
        { stat: "Sum", label: "orders Throttles", region: "us-east-1" },
      ],
    ]);
  });

  test("shows a kind that there is none of not at all", () => {
    expect(widgets().some(({ properties }) => /Queues/.test(properties.title ?? properties.markdown))).toBe(
      false,
    );
  });

  test("has no sign that the emulator's answer would break at: docs/local-differences.md", () => {
    expect(all.one("aws_cloudwatch_dashboard")["dashboard_body"]).not.toMatch(/[<&]/);
  });

  test("has no two widgets at one place, and none beside its 24 columns", () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgets()) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column++) {
        for (let row = y; row < y + height; row++) {
          expect(taken).not.toContain(`${column},${row}`);
          taken.add(`${column},${row}`);
        }
      }
    }
  });

  test("shows a hundred alarms in one widget, as CloudWatch takes no more", () => {
    const alarms = Array.from({ length: 101 }, (_, index) => ({ name: `a${index}`, arn: `arn${index}` }));
    const stack = synth({ alarms });
    expect(titled("Alarms, 1 of 2", stack)["properties"].alarms).toHaveLength(100);
    expect(titled("Alarms, 2 of 2", stack)["properties"].alarms).toEqual(["arn100"]);
  });
});

describe("saved queries", () => {
  const query = (name: string, stack = all) => stack.one("aws_cloudwatch_query_definition", name);

  test("ask the logs of functions and services, or those of the APIs' access", () => {
    expect(query("newest-errors")).toMatchObject({
      name: "acme-test/shop/newest-errors",
      log_group_names: ["/aws/lambda/acme-test-orders"],
    });
    expect(query("refused-at-the-gateway")["log_group_names"]).toEqual(config.accessLogGroupNames);
  });

  test("are commands joined by pipes, behind comments without", () => {
    expect(query("one-request")["query_string"].split("\n").slice(0, 3)).toEqual([
      "# Put the id of a trace or a request in its place. scripts/trace shows the same, with durations and X-Ray's segments.",
      'filter traceId = "ID" or requestId = "ID" or xray_trace_id = "ID"',
      "| fields @timestamp, service, level, message, route, status, outcome, milliseconds, cause.name",
    ]);
  });

  test("are left out where there are no logs for them", () => {
    const stack = synth({ accessLogGroupNames: [] });
    expect(() => query("refused-at-the-gateway", stack)).toThrow(/found 0/);
  });

  test("are not made for an emulator that has none", () => {
    expect(synth({ queries: "none" }).types).not.toContain("aws_cloudwatch_query_definition");
  });
});

test("errors in the logs are counted by service", () => {
  expect(all.one("aws_cloudwatch_log_metric_filter")).toMatchObject({
    name: "acme-test-orders-errors",
    log_group_name: "/aws/lambda/acme-test-orders",
    pattern: '{ $.level = "ERROR" }',
    metric_transformation: {
      namespace: "acme-test",
      name: "LoggedErrors",
      value: "1",
      unit: "Count",
      dimensions: { service: "$.service" },
    },
  });
});

test("control 29: a symptom is told once, when its first alarm goes off, and when its last recovers", () => {
  expect(all.one("aws_cloudwatch_composite_alarm")).toMatchObject({
    alarm_name: "acme-test-orders-fails",
    alarm_description: "Orders fails.",
    alarm_rule: 'ALARM("acme-test-a") OR ALARM("acme-test-b")',
    alarm_actions: [alarmTopicArn],
    ok_actions: [alarmTopicArn],
  });
});

describe("traces", () => {
  test("are a group of all that X-Ray has of the system", () => {
    expect(all.one("aws_xray_group")).toMatchObject({
      group_name: "acme-test-shop",
      filter_expression: 'service("acme-test-orders") OR service("acme-test-orders-v1/v1")',
    });
  });

  test("are sampled where requests come in", () => {
    expect(all.one("aws_xray_sampling_rule")).toMatchObject({
      rule_name: "acme-test-orders-v1",
      service_name: "acme-test-orders-v1/v1",
      service_type: "AWS::ApiGateway::Stage",
      reservoir_size: 2,
      fixed_rate: 0.05,
    });
  });

  test("are left to X-Ray's own rule where nothing is said", () => {
    const { tracedPercent: _, tracedRequestsPerSecond: __, ...unsaid } = config;
    const { types } = synthesise((stack) => new SystemObservability(stack, "shop", unsaid));
    expect(types.filter((type) => type.startsWith("aws_xray"))).toEqual([]);
  });
});

describe("refused, with all that is wrong at once", () => {
  const symptom = { name: "s", description: "" };
  test.each<{ name: string; changes: Partial<SystemObservabilityConfig>; message: string }>([
    { name: "no part", changes: { parts: [] }, message: "parts of shop must be one or more, got none" },
    {
      name: "dimensions of another kind, and a percentage that is none",
      changes: { parts: [{ ...orders, dimensions: { ApiName: "a" } }], tracedPercent: 101 },
      message:
        "parts[0]: dimensions of a function must be FunctionName, got ApiName\ntracedPercent must be from 0 to 100, got 101",
    },
    {
      name: "a part's name twice",
      changes: { parts: [orders, orders] },
      message: 'parts[1]: there are two of kind function with the name "orders"; name each otherwise',
    },
    {
      name: "a symptom of one alarm",
      changes: { symptoms: [{ ...symptom, alarmNames: ["a"] }] },
      message: "symptoms[0] (s).alarmNames must be 2 to 100 names, got 1",
    },
    {
      name: "a symptom of the same alarm twice",
      changes: { symptoms: [{ ...symptom, alarmNames: ["a", "a"] }] },
      message: 'symptoms[0] (s).alarmNames: "a" comes twice; remove one',
    },
    {
      name: "a symptom named as its alarm",
      changes: { symptoms: [{ ...symptom, alarmNames: ["a", "acme-test-s"] }] },
      message: 'symptoms[0] (s).alarmNames: "acme-test-s" is the symptom\'s own; name it otherwise',
    },
    {
      name: "a rule that is too long",
      changes: {
        symptoms: [
          { ...symptom, alarmNames: Array.from({ length: 100 }, (_, i) => `${"a".repeat(100)}${i}`) },
        ],
      },
      message:
        "symptoms[0] (s).alarmNames make a rule of 11486 characters, over CloudWatch's 10240; make two symptoms",
    },
    {
      name: "more logs than a query asks",
      changes: { accessLogGroupNames: Array.from({ length: 51 }, (_, index) => `/group/${index}`) },
      message: "accessLogGroupNames must be at most 50, as one query asks no more, got 51",
    },
    {
      name: "a name of logs twice",
      changes: { codeLogs: [...config.codeLogs, ...config.codeLogs] },
      message: 'codeLogs[1]: there are two of the name "orders"; name each otherwise',
    },
    {
      name: "an API whose name X-Ray does not take",
      changes: { parts: [{ ...api, dimensions: { ApiName: "a".repeat(62), Stage: "v1" } }] },
      message: `parts[0]: X-Ray's sampling rules take names of at most 64 characters, got "${"a".repeat(62)}/v1"; give the API a shorter one`,
    },
    {
      name: "part of a request",
      changes: { tracedRequestsPerSecond: 0.5 },
      message: "tracedRequestsPerSecond must be a whole number of at least 0, got 0.5",
    },
  ])("$name", ({ changes, message }) => {
    expect(() => synth(changes)).toThrow(new Error(message));
  });

  test("one half of what is traced", () => {
    const { tracedPercent: _, ...half } = config;
    expect(() => synthesise((stack) => new SystemObservability(stack, "shop", half))).toThrow(
      new Error("tracedRequestsPerSecond and tracedPercent go together: set both, or neither"),
    );
  });
});
