import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Answer, expectProblem, send } from "../internal/http";
import { logLines } from "../internal/logs";
import { healthyTasks, serviceClient, serviceUrl, until } from "../internal/services";
import {
  type Customer,
  newCustomer,
  newProduct,
  newSeller,
  type Order,
  orderOf,
  withKey,
} from "../internal/shop";

type Entry = Readonly<Record<string, unknown>>;

const SERVICES = ["catalog", "orders", "storefront"] as const;
/** Seconds within which everything must be in the logs. */
const LOG_SECONDS = 15;

/** What must not be in the logs, by what it is. */
let personal: Readonly<Record<string, string>>;
/** Requests whose answers name them. */
const asked: {
  readonly service: string;
  readonly route: string;
  readonly status: number;
  readonly requestId: string;
}[] = [];
/** Of one order that was placed through the storefront. */
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
let lines: Readonly<Record<(typeof SERVICES)[number] | "sessions", readonly string[]>>;

beforeAll(async () => {
  const since = Date.now();
  const secret = randomUUID();
  const [customer, seller] = await Promise.all([newCustomer(), newSeller()]);
  personal = {
    "key, and what a user wrote": secret,
    "e-mail address": customer.email,
    "user's id": customer.sub,
    "seller's id": seller.sub,
    password: customer.password,
    "ID token": customer.idToken.split(".")[1] ?? "",
    "ID token's signature": customer.idToken.split(".")[2] ?? "",
    "seller's ID token": seller.idToken.split(".")[1] ?? "",
    "access token": customer.accessToken.split(".")[1] ?? "",
    "session's secret": customer.sessionToken.split(".")[2] ?? "",
    "session's id": customer.sessionToken.split(".")[1] ?? "",
  };
  await useServices(customer, seller, secret);
  await until("all requests in the logs", LOG_SECONDS, async () => {
    const [catalog, orders, storefront, sessions] = await Promise.all([
      ...SERVICES.map((name) => logLines(name, since, "service")),
      logLines("sessions-v1", since),
    ]);
    lines = { catalog, orders, storefront, sessions } as typeof lines;
    return asked.every(({ service, requestId }) =>
      lines[service as "orders"].some((line) => line.includes(requestId)),
    );
  });
}, 60_000);

function note(service: string, route: string, answer: Answer<unknown>): void {
  const requestId = answer.headers.get("x-request-id") ?? expectProblem(answer, answer.status).requestId;
  asked.push({ service, route, status: answer.status, requestId });
}

/** Every operation, answered well and with errors that can be had, each text recognisable. */
async function useServices(customer: Customer, seller: Customer, secret: string): Promise<void> {
  const product = await newProduct(seller, { name: `name ${secret}`, description: `description ${secret}` });
  const { storefront, orders, catalog, sessions } = customer;
  const headers = { ...withKey(secret), traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
  const body = orderOf({ [product.id]: 1 });
  const placed = await storefront<Order>("POST", "/v1/orders", { headers, body });
  expect(placed.status).toBe(201);
  note("storefront", "POST /v1/orders", placed);
  note(
    "storefront",
    "POST /v1/orders",
    await storefront("POST", "/v1/orders", { headers, body: orderOf({ [secret]: 1 }) }),
  );
  note("storefront", "GET /v1/orders", await storefront("GET", "/v1/orders"));
  note("storefront", "GET /v1/orders", await storefront("GET", `/v1/orders?pageToken=${secret}`));
  note("storefront", "GET /v1/products/{id}", await storefront("GET", `/v1/products/${secret}`));
  note(
    "storefront",
    "GET /v1/products",
    await storefront("GET", "/v1/products", { headers: { "X-Session-Token": secret } }),
  );
  note("storefront", "GET *", await storefront("GET", `/v1/${secret}`));
  note("orders", "GET /v1/orders/{id}", await orders("GET", `/v1/orders/${placed.body.id}`));
  note("orders", "GET /v1/orders/{id}", await orders("GET", `/v1/orders/${secret}`));
  note(
    "orders",
    "POST /v1/orders",
    await orders("POST", "/v1/orders", { headers: withKey(secret), body: secret }),
  );
  note(
    "orders",
    "GET /v1/orders",
    await orders("GET", "/v1/orders", { headers: { Authorization: `Bearer ${customer.idToken}x` } }),
  );
  note("catalog", "GET /v1/products/{id}", await catalog("GET", `/v1/products/${product.id}?q=${secret}`));
  note(
    "catalog",
    "PUT /v1/products/{id}",
    await catalog("PUT", `/v1/products/${secret}`, { body: { name: secret } }),
  );
  note(
    "catalog",
    "PUT /v1/products/{id}",
    await seller.catalog("PUT", `/v1/products/${product.id}`, {
      headers: { "If-Match": '"9"' },
      body: { name: secret, priceCents: 1, currency: "EUR", available: 1 },
    }),
  );
  const session = { "X-Session-Token": customer.sessionToken };
  expect((await sessions("GET", "/sessions/current", { headers: session })).status).toBe(200);
  expect((await sessions("POST", "/sessions/current/refresh", { headers: session })).status).toBe(200);
  expect(
    (await sessions("GET", "/sessions/current", { headers: { "X-Session-Token": secret } })).status,
  ).toBe(404);
  expect((await sessions("DELETE", "/sessions/current", { headers: session })).status).toBe(204);
}

function entries(name: keyof typeof lines): Entry[] {
  return lines[name].filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Entry);
}

describe("control 28: no log holds personal data or a token", () => {
  test.each([...SERVICES, "sessions"] as const)("of %s", (name) => {
    const text = lines[name].join("\n");
    expect(text).not.toBe("");
    const found = Object.entries(personal).filter(([, value]) => text.includes(value));
    expect(found.map(([what]) => what)).toEqual([]);
  });

  test("in the files of the stand-in for ECS, which have every line of every container", () => {
    const folders = SERVICES.flatMap((name) => healthyTasks(name).map(({ log }) => dirname(log)));
    const files = [...new Set(folders)].flatMap((folder) =>
      readdirSync(folder).map((file) => join(folder, file)),
    );
    expect(files.length).toBeGreaterThanOrEqual(SERVICES.length);
    const found = files.flatMap((file) => {
      const text = readFileSync(file, "utf8");
      return Object.entries(personal).flatMap(([what, value]) =>
        text.includes(value) ? [`${file}: ${what}`] : [],
      );
    });
    expect(found).toEqual([]);
  });
});

test("each request has one line, with its route, its status, its time and the id that the client was told", () => {
  expect(asked.map(({ status }) => status)).toEqual([
    201, 422, 200, 400, 404, 401, 404, 200, 404, 400, 401, 200, 403, 412,
  ]);
  for (const { service, ...request } of asked) {
    const found = entries(service as "orders").filter(
      ({ message, requestId }) => message === "request" && requestId === request.requestId,
    );
    expect(found).toEqual([
      expect.objectContaining({
        ...request,
        level: "INFO",
        service,
        traceId: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        milliseconds: expect.any(Number),
      }),
    ]);
  }
});

test("every line is JSON with level, message and service", () => {
  for (const name of SERVICES) {
    for (const line of lines[name]) {
      expect(JSON.parse(line)).toEqual(
        expect.objectContaining({ level: expect.any(String), message: expect.any(String), service: name }),
      );
    }
  }
});

test("one trace goes from hop to hop: storefront, orders, catalog", () => {
  const traceId = `1-${TRACE.slice(0, 8)}-${TRACE.slice(8)}`;
  const routes = SERVICES.map((name) =>
    entries(name)
      .filter((entry) => entry["traceId"] === traceId && entry["message"] === "request")
      .map(({ route }) => route),
  );
  const [catalog = [], orders = [], storefront = []] = routes;
  expect(new Set(storefront)).toEqual(new Set(["POST /v1/orders"]));
  expect(new Set(orders)).toEqual(new Set(["POST /v1/orders"]));
  expect(new Set(catalog)).toEqual(new Set(["GET /v1/products"]));
});

test("a request without a trace gets one, which the load balancer began", async () => {
  const answer = await send("GET", `${serviceUrl("catalog")}/v1/products`);
  const { requestId } = expectProblem(answer, 401);
  const entry = await until("the line of the request", LOG_SECONDS, async () => {
    const found = await logLines("catalog", Date.now() - LOG_SECONDS * 2000, "service");
    return found.find((line) => line.includes(requestId));
  });
  expect(JSON.parse(entry)).toMatchObject({
    traceId: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    status: 401,
  });
  expect((await serviceClient("catalog")("GET", "/v1/products")).status).toBe(401);
});
