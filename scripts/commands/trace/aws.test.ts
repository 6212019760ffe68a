import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { openInsights } from "./insights";
import { readSegments } from "./segments";

/** Stands for CloudWatch Logs and X-Ray: tells what it was asked, and answers what it is given. */
let server: Server;
const asked: { readonly what: string; readonly body: Record<string, unknown> }[] = [];
let answers: Record<string, (() => [status: number, body: object])[]>;
const before = { ...process.env };
const TARGETS = { accountId: "111111111111", region: "eu-west-1", prefix: "acme-prod-" };
const WINDOW = { from: 1_764_000_000_500, to: 1_764_000_001_500 };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const what = String(request.headers["x-amz-target"] ?? request.url).replace(/^.*\./, "");
    asked.push({ what, body: JSON.parse(Buffer.concat(chunks).toString() || "{}") });
    const [status, body] = answers[what]?.shift()?.() ?? [500, {}];
    response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_MAX_ATTEMPTS: "1" },
  });
});

beforeEach(() => {
  asked.length = 0;
});

afterAll(async () => {
  process.env = before;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

/** Searches, as on AWS. */
async function find(logGroups: readonly string[]) {
  const source = await openInsights({ ...TARGETS, logGroups }, { pollMilliseconds: 1 });
  try {
    return await source.find(["a-1"], WINDOW);
  } finally {
    source.close();
  }
}

test("a query of Logs Insights is begun, and waited for", async () => {
  const row = [
    { field: "@timestamp", value: "2026-11-24 12:00:00.000" },
    { field: "@log", value: "111111111111:/ecs/acme-prod-orders" },
    { field: "@message", value: "a-1" },
  ];
  answers = {
    StartQuery: [() => [200, { queryId: "q" }]],
    GetQueryResults: [
      () => [200, { status: "Running", results: [] }],
      () => [200, { status: "Complete", results: [row] }],
    ],
  };
  const time = Date.parse("2026-11-24T12:00:00.000Z");
  expect(await find(["/ecs/acme-prod-orders"])).toEqual([
    { logGroup: "/ecs/acme-prod-orders", time, text: "a-1" },
  ]);
  expect(asked.map(({ what }) => what)).toEqual(["StartQuery", "GetQueryResults", "GetQueryResults"]);
  expect(asked[0]?.body).toMatchObject({
    logGroupNames: ["/ecs/acme-prod-orders"],
    startTime: 1_764_000_000,
    endTime: 1_764_000_002,
    limit: 10_000,
  });
});

test("more log groups than one query takes are several queries", async () => {
  answers = {
    StartQuery: [() => [200, { queryId: "q" }], () => [200, { queryId: "r" }]],
    GetQueryResults: [() => [200, { status: "Complete" }], () => [200, { status: "Complete" }]],
  };
  await find(Array.from({ length: 51 }, (_, index) => `/ecs/acme-prod-${index}`));
  const groups = asked.filter(({ what }) => what === "StartQuery").map(({ body }) => body["logGroupNames"]);
  expect(groups).toEqual([expect.arrayContaining(["/ecs/acme-prod-49"]), ["/ecs/acme-prod-50"]]);
});

test.each([
  [
    "a log group that is missing",
    { __type: "ResourceNotFoundException", message: "none of that name" },
    "CloudWatch Logs: a log group is not there: none of that name; deploy the environment first",
  ],
  [
    "credentials that do not allow it",
    { __type: "AccessDeniedException", message: "no" },
    "Logs Insights: these credentials are refused: no; allow them logs:StartQuery and logs:GetQueryResults on it",
  ],
])("%s is told", async (_, body, message) => {
  answers = { StartQuery: [() => [400, body]] };
  await expect(find(["/ecs/acme-prod-orders"])).rejects.toThrow(message);
});

test("a query that ends otherwise is told", async () => {
  answers = {
    StartQuery: [() => [200, { queryId: "q" }]],
    GetQueryResults: [() => [200, { status: "Timeout" }]],
  };
  await expect(find(["/ecs/acme-prod-orders"])).rejects.toThrow(
    new Error("Logs Insights: the query ended as Timeout; run the same command again"),
  );
});

test("X-Ray is asked for five traces at once", async () => {
  const document = JSON.stringify({ name: "acme-prod-todos-v1", start_time: 1, end_time: 2 });
  answers = {
    "/Traces": [
      () => [200, { Traces: [{ Id: "1-a", Segments: [{ Id: "s", Document: document }] }] }],
      () => [200, { Traces: [] }],
    ],
  };
  const ids = Array.from({ length: 6 }, (_, index) => `1-${index}`);
  expect(await readSegments("eu-west-1", ids)).toMatchObject([
    { source: "x-ray", service: "acme-prod-todos-v1", milliseconds: 1000, traceId: "1-a" },
  ]);
  expect(asked.map(({ body }) => body["TraceIds"])).toEqual([ids.slice(0, 5), ids.slice(5)]);
});

test("without traces it is not asked", async () => {
  expect(await readSegments("eu-west-1", [])).toEqual([]);
  expect(asked).toEqual([]);
});
