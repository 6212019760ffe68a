/** One place for logs: `scripts/trace` shows a request's whole path through services, functions, outbox and stream. */
import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import Ajv2020 from "ajv/dist/2020";
import { STACK } from "../scripts/commands/local/deploy";
import type { Step } from "../scripts/commands/trace/line";
import type { RequestPath } from "../scripts/commands/trace/run";
import { administratorVariables } from "./internal/environment";
import { deployedStack } from "./internal/later-edge";
import { logLines } from "./internal/logs";
import { ROOT } from "./internal/project";
import { until } from "./internal/services";
import { newCustomer, newProduct, newSeller, type Order, orderOf, withKey } from "./internal/shop";

/** Seconds within which everything is in the logs, in an environment that others use at the same time. */
const LOG_SECONDS = 60;
/** What an order passes before it is answered, and what comes of it. */
const SYNCHRONOUS = ["storefront", "sessions-v1", "orders", "catalog"];
const EVENTS = ["order-relay", "order-history"];

const since = Date.now();
const seconds = Math.floor(since / 1000).toString(16);
const rest = randomBytes(12).toString("hex");
const traceId = `1-${seconds}-${rest}`;
let requestId: string;
let refusedId: string;
let order: Order;

jest.setTimeout(120_000);

beforeAll(async () => {
  const [seller, customer] = await Promise.all([newSeller(), newCustomer()]);
  const product = await newProduct(seller);
  const traceparent = `00-${seconds}${rest}-${randomBytes(8).toString("hex")}-01`;
  const placed = await customer.storefront<Order>("POST", "/v1/orders", {
    headers: { ...withKey(), traceparent },
    body: orderOf({ [product.id]: 2 }),
  });
  expect(placed.status).toBe(201);
  order = placed.body;
  requestId = placed.headers.get("x-request-id") ?? "";
  const refused = await customer.storefront("POST", "/v1/orders", {
    headers: withKey(),
    body: orderOf({ [`none-${randomUUID()}`]: 1 }),
  });
  expect(refused.status).toBe(409);
  refusedId = refused.headers.get("x-request-id") ?? "";
});

/** What the command prints. */
async function trace(...args: readonly string[]): Promise<string> {
  const env = administratorVariables();
  const all = [...args, "--stack", deployedStack()];
  const { stdout } = await promisify(execFile)(join(ROOT, "scripts", "trace"), all, { cwd: ROOT, env });
  return stdout;
}

/** The path of an id, once it has been at all of these. */
function pathOf(id: string, services: readonly string[]): Promise<RequestPath> {
  return until(`${id} at ${services.join(", ")}`, LOG_SECONDS, async () => {
    const path = await trace(STACK, id, "--json").then(
      (text) => JSON.parse(text) as RequestPath,
      // Nothing is found until the first line is there.
      () => undefined,
    );
    return path && services.every((name) => path.steps.some(({ service }) => service === name)) && path;
  });
}

const stepOf = ({ steps }: RequestPath, service: string) =>
  steps.find((step) => step.service === service) as Step;

test("an order's path is one trace from the storefront to the view, in the order in which it went", async () => {
  const path = await pathOf(traceId, [...SYNCHRONOUS, ...EVENTS]);
  expect(new Set(path.steps.map((step) => step.traceId))).toEqual(new Set([traceId]));
  expect(path.traceIds).toEqual([traceId]);
  const began = (service: string) => stepOf(path, service).at;
  expect(SYNCHRONOUS.map(began)).toEqual(SYNCHRONOUS.map(began).sort());
  // The relay tells of an event once it has gone: whoever gets it may be the first to speak.
  for (const service of EVENTS) expect(began(service) > began("orders")).toBe(true);
  expect(stepOf(path, "storefront")).toMatchObject({
    ...{ source: "log", level: "INFO", message: "request", requestId, milliseconds: expect.any(Number) },
    fields: { route: "POST /v1/orders", status: 201 },
  });
  expect(stepOf(path, "order-history")).toMatchObject({
    ...{ message: "event", milliseconds: expect.any(Number) },
    fields: { type: "shop.order.placed.v1", outcome: "handled", orderId: order.id, sequence: 1 },
  });
  expect(stepOf(path, "orders").fields).toMatchObject({ orderId: order.id, sequence: 1, status: 201 });
  expect(path.unpublished).toEqual([]);
  expect(path.steps.filter(({ trouble }) => trouble !== undefined)).toEqual([]);
});

test.each([
  ["the id that the client was told", () => requestId],
  ["the order's", () => order.id],
])("it is found by %s as well", async (_, id) => {
  const path = await pathOf(id(), [...SYNCHRONOUS, ...EVENTS]);
  expect(path.traceIds).toEqual([traceId]);
});

test("people see a table, in which what was refused is marked", async () => {
  await pathOf(refusedId, ["storefront", "orders"]);
  // The id may come before the environment.
  const text = await trace(refusedId, STACK);
  expect(text).toMatch(new RegExp(`^${refusedId}: \\d+ steps of \\d+ services, .*no errors`));
  expect(text).toMatch(/^! +\d+ +[\d.]+ +storefront +request POST \/v1\/orders 409$/m);
  expect(text).toMatch(/^! +\d+ +[\d.]+ +orders +request POST \/v1\/orders 409$/m);
});

test("what is nowhere is told, with where it was searched", async () => {
  const id = randomUUID();
  const call = trace(STACK, id);
  await expect(call).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      new RegExp(
        `^error: envs/local: nothing of ${id} in \\d+ log groups from .*; search further back: --hours`,
        "m",
      ),
    ),
  });
});

test.each([
  ["storefront", "service"],
  ["orders", "service"],
  ["catalog", "service"],
  ["order-relay", "service"],
  ["sessions-v1", "function"],
  ["order-history", "function"],
] as const)("the lines of %s are of the one format, api/logs/line.json", async (name, kind) => {
  const isLogLine = new Ajv2020().compile(JSON.parse(readFileSync(join(ROOT, "api/logs/line.json"), "utf8")));
  const lines = (await logLines(name, since, kind))
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    // Metrics have a format of CloudWatch's.
    .filter((line) => !("_aws" in line));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => !isLogLine(line))).toEqual([]);
  expect(new Set(lines.map(({ service }) => service))).toEqual(new Set([name]));
});
