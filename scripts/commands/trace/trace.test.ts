import { follow } from "./follow";
import { readId } from "./id";
import { lineOf, queryOf } from "./insights";
import { type FoundLine, readLine, type Step } from "./line";
import { stepsOfSegment } from "./segments";
import { describePath } from "./show";
import { hasRelay, logTargets, nameOfGroup } from "./targets";
import { unpublishedEvents } from "./unpublished";

const NOW = Date.parse("2026-11-24T12:00:00.000Z");
const seconds = Math.floor(NOW / 1000).toString(16);
const REST = "bd862e3fe1be46a994272793";
const TRACE = `1-${seconds}-${REST}`;

describe("an id is read", () => {
  const trace = { id: TRACE, texts: [TRACE, `${seconds}${REST}`], began: NOW };
  test.each([
    ["as X-Ray writes it", TRACE, trace],
    ["in capitals", TRACE.toUpperCase(), trace],
    ["as W3C has it", `${seconds}${REST}`, trace],
    ["as traceparent", `00-${seconds}${REST}-53995c3f42cd8ad8-01`, trace],
    ["as X-Amzn-Trace-Id", `Root=${TRACE};Sampled=1`, trace],
    [
      "of a trace that does not begin with the time",
      "4bf92f3577b34da6a3ce929d0e0e4736",
      {
        id: "1-4bf92f35-77b34da6a3ce929d0e0e4736",
        texts: ["1-4bf92f35-77b34da6a3ce929d0e0e4736", "4bf92f3577b34da6a3ce929d0e0e4736"],
      },
    ],
    [
      "of a request",
      "0d5c0f0e-5d5c-4a57-9f1e-0a3e2f7c1c11",
      { id: "0d5c0f0e-5d5c-4a57-9f1e-0a3e2f7c1c11", texts: ["0d5c0f0e-5d5c-4a57-9f1e-0a3e2f7c1c11"] },
    ],
    [
      "of an event, which begins with the time",
      "01a20d6d-5a00-7a57-9f1e-0a3e2f7c1c11",
      {
        id: "01a20d6d-5a00-7a57-9f1e-0a3e2f7c1c11",
        texts: ["01a20d6d-5a00-7a57-9f1e-0a3e2f7c1c11"],
        began: NOW,
      },
    ],
  ])("%s", (_, text, expected) => {
    expect(readId(text, NOW)).toEqual(expected);
  });

  test.each([
    "orders",
    "",
    "1-5759e988",
    "00-4bf92f3577b34da6a3ce929d0e0e4736",
    "Root=1;Sampled=1",
    '" or 1=1',
  ])("not %j", (text) => {
    expect(readId(text, NOW)).toBeUndefined();
  });
});

test("the logs of a stack are those of functions, services, APIs and workflows in its own region", () => {
  const group = (name: string, more = {}) => ({ name, ...more });
  const tags = { project: "acme", environment: "prod" };
  expect(
    logTargets({
      provider: {
        aws: [
          { region: "eu-west-1", allowed_account_ids: ["111111111111"], default_tags: [{ tags }] },
          { alias: "us-east-1", region: "us-east-1" },
        ],
      },
      resource: {
        aws_cloudwatch_log_group: {
          a: group("/ecs/acme-prod-orders"),
          b: group("/aws/lambda/acme-prod-todos-v1"),
          c: group("/aws/vpc/acme-prod-flow-logs"),
          // Its name is known only once it is deployed; it has the gateway's errors alone.
          d: group("API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.api.id}/v1"),
          e: group("/aws/lambda/acme-prod-elsewhere", { provider: "aws.us-east-1" }),
          f: group("/aws/apigateway/acme-prod-todos-v1"),
          g: group("/aws/vendedlogs/states/acme-prod-fulfilment"),
        },
      },
    }),
  ).toEqual({
    accountId: "111111111111",
    region: "eu-west-1",
    prefix: "acme-prod-",
    logGroups: [
      "/aws/apigateway/acme-prod-todos-v1",
      "/aws/lambda/acme-prod-todos-v1",
      "/aws/vendedlogs/states/acme-prod-fulfilment",
      "/ecs/acme-prod-orders",
    ],
  });
});

test.each([
  ["/ecs/acme-prod-orders", "orders"],
  ["/aws/lambda/acme-prod-todos-v1", "todos-v1"],
  ["/aws/apigateway/acme-prod-todos-v1", "todos-v1 (API)"],
])("%s is of %s", (group, name) => {
  expect(nameOfGroup(group, "acme-prod-")).toBe(name);
});

describe("a line is read:", () => {
  const read = (logGroup: string, text: object | string) =>
    readLine(
      { logGroup, time: NOW, text: typeof text === "string" ? text : JSON.stringify(text) },
      "acme-prod-",
    );

  test("of a service, which began before it was written", () => {
    expect(
      read("/ecs/acme-prod-orders", {
        ...{ level: "INFO", message: "request", timestamp: "2026-11-24T11:59:59.900Z", service: "orders" },
        ...{ traceId: TRACE, requestId: "r", route: "POST /v1/orders", status: 201, milliseconds: 400 },
      }),
    ).toEqual({
      source: "log",
      at: "2026-11-24T11:59:59.500Z",
      service: "orders",
      level: "INFO",
      message: "request",
      milliseconds: 400,
      requestId: "r",
      traceId: TRACE,
      fields: { route: "POST /v1/orders", status: 201 },
    });
  });

  test("of a function, without what every line of it has", () => {
    const line = {
      level: "WARN",
      message: "cache failed",
      service: "todos-v1",
      cold_start: true,
      sampling_rate: 0,
    };
    expect(read("/aws/lambda/acme-prod-todos-v1", line)).toEqual({
      source: "log",
      at: "2026-11-24T12:00:00.000Z",
      service: "todos-v1",
      level: "WARN",
      message: "cache failed",
      trouble: "warning",
      fields: {},
    });
  });

  test("of an API's access log, in the terms of all lines", () => {
    const line = {
      ...{ requestId: "r", requestTime: "1764000000000", method: "GET", route: "/todos", status: "502" },
      ...{ responseMilliseconds: "31", integrationMilliseconds: "29", error: "-", traceId: TRACE },
    };
    expect(read("/aws/apigateway/acme-prod-todos-v1", line)).toMatchObject({
      at: "2026-11-24T11:59:59.969Z",
      service: "todos-v1 (API)",
      message: "access",
      milliseconds: 31,
      trouble: "error",
      fields: { route: "GET /todos", status: 502, integrationMilliseconds: "29" },
    });
  });

  test.each([
    ["a runtime's own words", "2026-11-24 Task timed out after 3.00 seconds\n\n", "error"],
    ["a request that failed", { message: "request", status: 500 }, "error"],
    ["a request that was refused", { message: "request", status: 409 }, "warning"],
    ["an event that failed", { level: "ERROR", message: "event", outcome: "failed" }, "error"],
    ["a record that was refused", { level: "ERROR", message: "event", outcome: "refused" }, "error"],
    ["an order that is not fulfilled", { level: "INFO", message: "step", outcome: "failed" }, "warning"],
    ["a file that is no catalogue", { level: "INFO", message: "import", outcome: "refused" }, "warning"],
    ["an event that was handled", { level: "INFO", message: "event", outcome: "handled" }, undefined],
    ["an error", { level: "ERROR", message: "failed" }, "error"],
    ["a request that was answered", { message: "request", status: 200 }, undefined],
    ["what is no JSON", "{ oh", undefined],
  ])("trouble of %s", (_, text, trouble) => {
    expect(read("/ecs/acme-prod-orders", text).trouble).toBe(trouble);
  });
});

describe("all that belongs together is found", () => {
  const REQUEST = "0d5c0f0e-5d5c-4a57-9f1e-0a3e2f7c1c11";
  const OTHER = "1d5c0f0e-5d5c-4a57-9f1e-0a3e2f7c1c11";
  const gateway = "1-5759e988-000000000000000000000001";
  const line = (logGroup: string, fields: object | string): FoundLine => ({
    logGroup,
    time: NOW,
    text: typeof fields === "string" ? fields : JSON.stringify(fields),
  });
  const all = [
    line("/ecs/storefront", { requestId: REQUEST, traceId: TRACE }),
    line("/ecs/orders", { requestId: "2d5c0f0e-5d5c-4a57-9f1e-0a3e2f7c1c11", traceId: TRACE }),
    line("/aws/lambda/sessions", { requestId: OTHER, traceId: TRACE }),
    // The gateway has a trace of its own where the client named another; both have the request.
    line("/aws/apigateway/sessions", { requestId: OTHER, traceId: gateway }),
    line("/aws/lambda/sessions", `START RequestId: ${OTHER}`),
    // As an event carries it.
    line("/aws/vendedlogs/states/fulfilment", `{"details":"00-${seconds}${REST}-53995c3f42cd8ad8-00"}`),
    line("/ecs/orders", {
      requestId: "3d5c0f0e-5d5c-4a57-9f1e-0a3e2f7c1c11",
      traceId: "1-5759e988-000000000000000000000002",
    }),
  ];
  const search = async (text: string) => {
    const asked: (readonly string[])[] = [];
    const source = {
      find: async (texts: readonly string[]) => {
        asked.push(texts);
        return all.filter((each) => texts.some((some) => each.text.includes(some)));
      },
      close: () => undefined,
    };
    const id = readId(text, NOW);
    if (!id) throw new Error(`${text} is no id`);
    return { asked, ...(await follow(source, id, { from: 0, to: NOW })) };
  };

  test.each([
    ["the id of one request", REQUEST],
    ["its trace", TRACE],
    ["what the gateway calls it", gateway],
  ])("from %s", async (_, text) => {
    const { lines, traceIds } = await search(text);
    expect(new Set(lines)).toEqual(new Set(all.slice(0, 6)));
    expect(new Set(traceIds)).toEqual(new Set([TRACE, gateway]));
  });

  test("and nothing is asked for twice", async () => {
    const { asked } = await search(REQUEST);
    const texts = asked.flat();
    expect(new Set(texts).size).toBe(texts.length);
  });

  test("nothing is nothing", async () => {
    const { lines } = await search("9d5c0f0e-5d5c-4a57-9f1e-0a3e2f7c1c11");
    expect(lines).toEqual([]);
  });
});

test("Logs Insights is asked for any of the texts, and its rows are lines", () => {
  expect(queryOf(["a-1", "b-2"])).toBe(
    'fields @timestamp, @log, @message | filter @message like "a-1" or @message like "b-2" | sort @timestamp asc | limit 10000',
  );
  expect(
    lineOf([
      { field: "@timestamp", value: "2026-11-24 12:00:00.000" },
      { field: "@log", value: "111111111111:/ecs/acme-prod-orders" },
      { field: "@message", value: "{}" },
      { field: "@ptr", value: "x" },
    ]),
  ).toEqual({ logGroup: "/ecs/acme-prod-orders", time: NOW, text: "{}" });
});

test("segments of X-Ray are steps of the service that sent them", () => {
  const start = NOW / 1000;
  const segment = {
    ...{
      name: "acme-prod-todos-v1",
      start_time: start,
      end_time: start + 0.25,
      origin: "AWS::Lambda::Function",
    },
    subsegments: [
      { name: "DynamoDB", start_time: start + 0.1, end_time: start + 0.2, throttle: true, error: true },
      { name: "request", start_time: start + 0.1, fault: true, http: { response: { status: 500 } } },
    ],
  };
  const common = { source: "x-ray", service: "acme-prod-todos-v1", traceId: TRACE };
  expect(stepsOfSegment(segment, TRACE)).toEqual([
    {
      ...{ ...common, at: "2026-11-24T12:00:00.000Z", level: "INFO", message: "segment", milliseconds: 250 },
      fields: { origin: "AWS::Lambda::Function" },
    },
    {
      ...{ ...common, at: "2026-11-24T12:00:00.100Z", level: "WARN", message: "DynamoDB", milliseconds: 100 },
      ...{ trouble: "warning", fields: { throttle: true } },
    },
    {
      ...{ ...common, at: "2026-11-24T12:00:00.100Z", level: "ERROR", message: "request" },
      ...{ trouble: "error", fields: { status: 500, unfinished: true } },
    },
  ]);
});

const line = (at: string, service: string, more: Partial<Step>): Step => ({
  ...{ source: "log" as const, at, service, level: "INFO", message: "request", fields: {} },
  ...more,
});
const PATH = {
  ...{ id: "0d5c", environment: "envs/prod", traceIds: [], searched: { from: "", to: "" }, unpublished: [] },
};

test("a path is a table in the order of time, with its troubles marked", () => {
  const text = describePath({
    ...{ ...PATH, traceIds: [TRACE] },
    steps: [
      line("2026-11-24T12:00:00.000Z", "storefront", {
        milliseconds: 40.5,
        trouble: "error",
        fields: { route: "POST /v1/orders", status: 502 },
      }),
      line("2026-11-24T12:00:00.010Z", "orders", {
        ...{ message: "failed", trouble: "warning", fields: { cause: { name: "Error" }, attempts: 3 } },
      }),
    ],
  });
  expect(text).toBe(
    [
      "0d5c: 2 steps of 2 services, 41 ms, 1 error, from 2026-11-24T12:00:00.000Z",
      `trace ${TRACE}`,
      "",
      "   after ms  took ms  service     what",
      "x         0     40.5  storefront  request POST /v1/orders 502",
      '!        10           orders      failed cause={"name":"Error"} attempts=3',
    ].join("\n"),
  );
});

test("what a rebuild has replayed days later is shown, and not counted", () => {
  const text = describePath({
    ...PATH,
    steps: [
      line("2026-11-24T12:00:00.000Z", "orders", { milliseconds: 30 }),
      line("2026-11-24T12:00:00.100Z", "order-history", { message: "event", milliseconds: 5 }),
      line("2026-11-27T12:00:00.000Z", "order-history", { message: "event", fields: { replayed: true } }),
    ],
  });
  expect(text).toMatch(/^0d5c: 2 steps of 2 services, 105 ms, no errors, 1 step of replays besides, from /);
  expect(text).toMatch(/^ +259200000 +order-history +event replayed=true$/m);
});

test("where only replays are left in the logs, they are the path", () => {
  const replay = { message: "event", milliseconds: 5, fields: { replayed: true } };
  const text = describePath({ ...PATH, steps: [line("2026-11-24T12:00:00.000Z", "order-history", replay)] });
  expect(text).toMatch(/^0d5c: 1 step of 1 service, 5 ms, no errors, from /);
});

describe("an event of an order that is not published", () => {
  const placed = line("2026-11-24T12:00:00.000Z", "orders", { fields: { orderId: "a", sequence: 1 } });
  const cancelled = line("2026-11-24T12:01:00.000Z", "orders", { fields: { orderId: "a", sequence: 2 } });
  const published = line("2026-11-24T12:00:00.200Z", "order-relay", {
    ...{ message: "event published", fields: { orderId: "a", sequence: 1 } },
  });
  // The same request again, which has written none.
  const again = line("2026-11-24T12:00:01.000Z", "orders", { fields: { orderId: "a" } });

  test.each([
    ["is known by the request that wrote it", [placed, again], [{ orderId: "a", sequence: 1 }]],
    ["is none once the relay has told of it", [placed, published, again], []],
    ["may be the later one", [placed, published, cancelled], [{ orderId: "a", sequence: 2 }]],
  ])("%s", (_, steps, expected) => {
    expect(unpublishedEvents(steps)).toEqual(expected);
  });

  test("is told below the table", () => {
    const text = describePath({ ...PATH, steps: [placed], unpublished: unpublishedEvents([placed]) });
    expect(text.split("\n").slice(-2)).toEqual([
      "",
      'Event 1 of order a waits in the outbox, or was published a moment ago: no line of order-relay has it. docs/events.md, "The outbox", says what to look at.',
    ]);
  });

  test.each([
    ["with a relay", ["/ecs/acme-prod-order-relay", "/ecs/acme-prod-orders"], true],
    ["without one", ["/ecs/acme-prod-orders"], false],
  ])("is asked about in an environment %s: %#", (_, logGroups, expected) => {
    expect(hasRelay({ logGroups, prefix: "acme-prod-" })).toBe(expected);
  });
});
