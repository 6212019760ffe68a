import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { type RunningService, serve, userTokens } from "../internal";
import { recordingLogger } from "../internal/recording-logger";
import { TestUserPool } from "../internal/test-user-pool";
import { catalogProblem, HttpCatalog } from "./catalog";
import type { DatabaseConfig } from "./database";
import { databaseProblem } from "./database-error";
import { TestPostgres } from "./fixture";
import { PostgresOrderStore } from "./postgres-store";
import { ordersRoutes } from "./routes";

jest.setTimeout(60_000);

interface CatalogProduct {
  id: string;
  name: string;
  priceCents: number;
  currency: string;
  available: number;
}

/** Stands in for the catalog, at its HTTP API. */
class CatalogStub {
  products = new Map<string, CatalogProduct>();
  behaviour: "answer" | "fail" | "hang" | "nonsense" = "answer";
  requests: { url: string; headers: Record<string, unknown> }[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<CatalogStub> {
    const server = createServer((request, response) => {
      stub.requests.push({ url: request.url ?? "", headers: request.headers });
      if (stub.behaviour === "hang") return;
      if (stub.behaviour === "fail") return void response.writeHead(500).end();
      const ids = new URL(request.url ?? "", "http://catalog").searchParams.get("ids")?.split(",") ?? [];
      const items = ids.flatMap((id) => stub.products.get(id) ?? []);
      const body = stub.behaviour === "nonsense" ? { items: [{ id: ids[0], priceCents: -1 }] } : { items };
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    });
    const stub = new CatalogStub(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  add(change: Partial<CatalogProduct>): void {
    const product = {
      id: "teapot",
      name: "Teapot",
      priceCents: 3900,
      currency: "EUR",
      available: 100,
      ...change,
    };
    this.products.set(product.id, product);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let postgres: TestPostgres;
let pool: TestUserPool;
let catalog: CatalogStub;
let name: string;
let stop: () => Promise<void>;
let url: string;

beforeAll(async () => {
  [postgres, pool, catalog] = await Promise.all([
    TestPostgres.start(),
    TestUserPool.start(),
    CatalogStub.start(),
  ]);
});
afterAll(async () => {
  catalog.close();
  await pool.close();
  await postgres.stop();
});

async function start(change: Partial<DatabaseConfig> = {}): Promise<RunningService> {
  const database = postgres.open(name, change);
  const client = new HttpCatalog(catalog.url);
  return serve({
    settings: { host: "127.0.0.1", port: 0, drainSeconds: 0 },
    logger: recordingLogger().logger,
    authenticate: userTokens(pool.settings),
    problemOf: (error) => databaseProblem(error) ?? catalogProblem(error),
    routes: ordersRoutes({
      store: new PostgresOrderStore(database),
      catalog: client,
      now: Date.now,
      random: randomBytes,
    }),
    checks: { database: async () => void (await sql`SELECT 1`.execute(database)) },
    cacheMilliseconds: 0,
    close: () => client.close(),
  });
}

beforeEach(async () => {
  name = await postgres.createMigratedDatabase();
  catalog.products.clear();
  catalog.requests = [];
  catalog.behaviour = "answer";
  catalog.add({});
  catalog.add({ id: "cup", name: "Cup", priceCents: 650 });
  const service = await start();
  url = `http://127.0.0.1:${service.port}`;
  stop = () => service.stop();
});
afterEach(async () => {
  await stop();
  await postgres.close();
});

interface Ask {
  readonly method?: string;
  readonly user?: string;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
}

async function ask(path: string, { method = "GET", user = "user-1", headers = {}, json }: Ask = {}) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${pool.token({ sub: user })}`,
      ...(json !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

const INPUT = {
  items: [
    { productId: "teapot", quantity: 1 },
    { productId: "cup", quantity: 4 },
  ],
};

function place(change: Ask = {}, key: string | undefined = randomUUID()) {
  return ask("/v1/orders", {
    method: "POST",
    json: INPUT,
    ...change,
    headers: { ...(key !== undefined && { "idempotency-key": key }), ...change.headers },
  });
}

async function count(table: string): Promise<unknown> {
  return (await postgres.run(name, `SELECT count(*)::int AS count FROM ${table}`))[0]?.["count"];
}

describe("placing an order", () => {
  test("takes names and prices from the catalog, as the user and as they are now", async () => {
    const { status, headers, body } = await place({
      headers: { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      status: "placed",
      items: [
        { productId: "teapot", name: "Teapot", quantity: 1, unitPriceCents: 3900 },
        { productId: "cup", name: "Cup", quantity: 4, unitPriceCents: 650 },
      ],
      totalCents: 6500,
      currency: "EUR",
      version: 1,
      placedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      cancelledAt: null,
    });
    expect(headers.get("etag")).toBe('"1"');
    expect(headers.get("location")).toBe(`orders/${body.id}`);
    expect(headers.get("idempotency-replayed")).toBeNull();
    expect(catalog.requests).toHaveLength(1);
    expect(catalog.requests[0]?.url).toBe("/v1/products?ids=teapot%2Ccup");
    expect(catalog.requests[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(/^Bearer ey/),
      "cache-control": "max-age=0",
      traceparent: expect.stringMatching(new RegExp(`^00-${"a".repeat(32)}-`)),
      "x-amzn-trace-id": expect.stringContaining("Root=1-aaaaaaaa-"),
    });
  });

  test("control 9: a repeated request gives the same order without asking the catalog, though its prices have changed", async () => {
    const key = randomUUID();
    const first = await place({}, key);
    catalog.add({ priceCents: 1, available: 0 });
    const second = await place({}, key);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    expect(catalog.requests).toHaveLength(1);
    expect(await count("orders")).toBe(1);
  });

  test("control 9: 50 requests with one key at once give one order", async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => place({}, key)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get("idempotency-replayed") === null)).toHaveLength(1);
    expect(await count("orders")).toBe(1);
    expect(await count("order_items")).toBe(2);
  });

  test("the key of another body is refused, that of another user is another key", async () => {
    const key = randomUUID();
    const first = await place({}, key);
    const other = await place({ json: { items: [{ productId: "teapot", quantity: 2 }] } }, key);
    expect(other.status).toBe(422);
    expect(other.body.detail).toBe("The Idempotency-Key was used with another body.");
    const foreign = await place({ user: "user-2" }, key);
    expect(foreign.status).toBe(201);
    expect(foreign.body.id).not.toBe(first.body.id);
  });

  test("the same items in another form are the same body", async () => {
    const key = randomUUID();
    const first = await place({}, key);
    const response = await fetch(`${url}/v1/orders`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${pool.token()}`,
        "content-type": "application/json; charset=utf-8",
        "idempotency-key": key,
      },
      body: '{ "items": [ {"quantity":1,"productId":"teapot"}, {"quantity":4,"productId":"cup"} ] }',
    });
    expect(await response.json()).toEqual(first.body);
  });

  test("what the catalog does not allow is refused item by item; nothing is written and the key is free", async () => {
    const key = randomUUID();
    catalog.add({ available: 0 });
    const refused = await place(
      { json: { items: [...INPUT.items, { productId: "gone", quantity: 1 }] } },
      key,
    );
    expect(refused.status).toBe(409);
    expect(refused.body.errors).toEqual([
      { pointer: "#/items/0/quantity", detail: "must be at most 0, which are in stock" },
      { pointer: "#/items/2/productId", detail: "is not in the catalog" },
    ]);
    expect(await count("idempotency_keys")).toBe(0);
    catalog.add({});
    expect((await place({}, key)).status).toBe(201);
  });

  test.each([
    ["no item", { items: [] }, [{ pointer: "#/items", detail: "must have at least 1 entry" }]],
    [
      "a quantity of nothing",
      { items: [{ productId: "cup", quantity: 0 }] },
      [{ pointer: "#/items/0/quantity", detail: "must be at least 1" }],
    ],
    [
      "too many of one",
      { items: [{ productId: "cup", quantity: 1001 }] },
      [{ pointer: "#/items/0/quantity", detail: "must be at most 1000" }],
    ],
    [
      "a piece and a half, at a price of its own",
      { items: [{ productId: "cup", quantity: 1.5, unitPriceCents: 1 }] },
      [
        { pointer: "#/items/0/unitPriceCents", detail: "is not known" },
        { pointer: "#/items/0/quantity", detail: "must be of type integer" },
      ],
    ],
    [
      "a product twice",
      { items: [...INPUT.items, { productId: "cup", quantity: 1 }] },
      [{ pointer: "#/items/2/productId", detail: "must not name the product of item 1 again" }],
    ],
    [
      "an id that would be two",
      { items: [{ productId: "cup,teapot", quantity: 1 }] },
      [{ pointer: "#/items/0/productId", detail: "must match ^[A-Za-z0-9][A-Za-z0-9._-]*$" }],
    ],
  ])("a body with %s is refused", async (_what, json, errors) => {
    const { status, body } = await place({ json });
    expect(status).toBe(400);
    expect(body.errors).toEqual(errors);
    expect(catalog.requests).toEqual([]);
  });

  test("an order has at most 50 items", async () => {
    const items = Array.from({ length: 51 }, (_, index) => ({ productId: `p${index}`, quantity: 1 }));
    for (const { productId } of items) catalog.add({ id: productId });
    expect((await place({ json: { items } })).status).toBe(400);
    const most = await place({ json: { items: items.slice(1) } });
    expect([most.status, most.body.items.length]).toEqual([201, 50]);
  });

  test("without a key it is refused", async () => {
    const response = await ask("/v1/orders", { method: "POST", json: INPUT });
    expect([response.status, response.body.detail]).toEqual([
      428,
      "Placing an order needs an Idempotency-Key.",
    ]);
  });

  test("a key that cannot be one is refused", async () => {
    const { status, body } = await place({}, "two words");
    expect([status, body.errors]).toEqual([
      400,
      [{ parameter: "Idempotency-Key", detail: "must match ^[!-~]+$" }],
    ]);
  });
});

describe("control 16: who is not signed in", () => {
  test.each([
    ["without a token", async () => ({ authorization: "" })],
    [
      "with an access token",
      async () => ({ authorization: `Bearer ${pool.token({ token_use: "access" })}` }),
    ],
    ["with an expired token", async () => ({ authorization: `Bearer ${pool.token({ exp: 1 })}` })],
    [
      "with another client's token",
      async () => ({ authorization: `Bearer ${pool.token({ aud: "client-2" })}` }),
    ],
  ])("is refused %s", async (_how, headers) => {
    const response = await place({ headers: await headers() });
    expect(response.status).toBe(401);
    expect(await count("orders")).toBe(0);
  });
});

describe("control 17: another user's order", () => {
  test("is as one that does not exist", async () => {
    const { body: order } = await place();
    const absent = "01890a5d-ac96-774b-bcce-b302099a8057";
    for (const [path, method] of [
      ["", "GET"],
      ["/cancellation", "POST"],
    ] as const) {
      const foreign = await ask(`/v1/orders/${order.id}${path}`, { method, user: "user-2" });
      const missing = await ask(`/v1/orders/${absent}${path}`, { method });
      expect(foreign.status).toBe(404);
      expect({ ...foreign.body, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
    }
    expect((await ask("/v1/orders", { user: "user-2" })).body).toEqual({ items: [] });
    expect((await ask(`/v1/orders/${order.id}`)).body.status).toBe("placed");
  });
});

describe("reading", () => {
  test("an order has an ETag, and is not sent again to who has it", async () => {
    const { body: order } = await place();
    const read = await ask(`/v1/orders/${order.id.toUpperCase()}`);
    expect([read.status, read.body, read.headers.get("etag")]).toEqual([200, order, '"1"']);
    const again = await ask(`/v1/orders/${order.id}`, { headers: { "if-none-match": '"1"' } });
    expect([again.status, again.body]).toEqual([304, undefined]);
  });

  test("what is no id is not found", async () => {
    expect((await ask("/v1/orders/1")).status).toBe(404);
  });

  test("the list goes on by its token, which is good for its user alone", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) ids.unshift((await place()).body.id);
    const first = await ask("/v1/orders?limit=2");
    expect(first.body.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    const path = `/v1/orders?limit=2&pageToken=${first.body.nextPageToken}`;
    const second = await ask(path);
    expect(second.body.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2));
    expect(second.body).not.toHaveProperty("nextPageToken");
    const foreign = await ask(path, { user: "user-2" });
    expect([foreign.status, foreign.body.errors]).toEqual([
      400,
      [{ parameter: "pageToken", detail: "must be the nextPageToken of the page before, for the same user" }],
    ]);
  });

  test.each([
    ["limit=0", { parameter: "limit", detail: "must be at least 1" }],
    ["limit=51", { parameter: "limit", detail: "must be at most 50" }],
    ["limit=all", { parameter: "limit", detail: "must be of type integer" }],
    ["limit=1&limit=2", { parameter: "limit", detail: "must be given once" }],
  ])("a list with %s is refused", async (query, error) => {
    const { status, body } = await ask(`/v1/orders?${query}`);
    expect([status, body.errors]).toEqual([400, [error]]);
  });
});

describe("cancellation", () => {
  const cancel = (id: string, headers: Record<string, string> = {}) =>
    ask(`/v1/orders/${id}/cancellation`, { method: "POST", headers });

  test("changes the order, once", async () => {
    const { body: order } = await place();
    const first = await cancel(order.id, { "if-match": '"1"' });
    expect([first.status, first.headers.get("etag")]).toEqual([200, '"2"']);
    expect(first.body).toEqual({
      ...order,
      status: "cancelled",
      version: 2,
      cancelledAt: expect.any(String),
    });
    expect((await cancel(order.id, { "if-match": '"1"' })).body).toEqual(first.body);
    expect((await ask(`/v1/orders/${order.id}`)).body).toEqual(first.body);
  });

  test("of a version that it has not is refused with the one that it has", async () => {
    const { body: order } = await place();
    const { status, headers } = await cancel(order.id, { "if-match": '"7"' });
    expect([status, headers.get("etag")]).toEqual([412, '"1"']);
  });
});

describe("when the catalog", () => {
  test.each(["fail", "hang", "nonsense"] as const)(
    "does %s, the answer is 503 in time and nothing is written",
    async (behaviour) => {
      catalog.behaviour = behaviour;
      const key = randomUUID();
      const startedAt = Date.now();
      const { status, headers, body } = await place({}, key);
      expect([status, headers.get("retry-after"), body.detail]).toEqual([
        503,
        "1",
        "The catalog is away. No order was placed; try again.",
      ]);
      // Less than the 10 s of a request: its own limit is 3 s.
      expect(Date.now() - startedAt).toBeLessThan(8000);
      expect([await count("orders"), await count("idempotency_keys")]).toEqual([0, 0]);
      catalog.behaviour = "answer";
      expect((await ask("/v1/orders")).status).toBe(200);
      await stop();
      const service = await start();
      url = `http://127.0.0.1:${service.port}`;
      stop = () => service.stop();
      expect((await place({}, key)).status).toBe(201);
    },
  );
});

describe("when the database", () => {
  test("control 12: hangs, requests are answered 503 in time, it is not ready, and later goes on", async () => {
    const before = await place();
    await postgres.freeze(name);
    try {
      const [placed, read, ready] = await Promise.all([
        place(),
        ask(`/v1/orders/${before.body.id}`),
        ask("/health/ready"),
      ]);
      expect([placed.status, read.status, ready.status]).toEqual([503, 503, 503]);
      expect(placed.headers.get("retry-after")).toBe("1");
      expect(ready.body).toEqual({ status: "failing", failing: ["database"] });
      expect((await ask("/health/live")).status).toBe(200);
    } finally {
      postgres.thaw();
    }
    expect((await place()).status).toBe(201);
    expect((await ask("/health/ready")).status).toBe(200);
  });

  test("is gone, requests are answered 503, it is not ready, and both go on when it is back", async () => {
    const { body: order } = await place();
    await postgres.stopServer();
    const [placed, ready] = await Promise.all([place(), ask("/health/ready")]);
    expect([placed.status, placed.headers.get("retry-after"), placed.body.detail]).toEqual([
      503,
      "1",
      "The database is away. Try again.",
    ]);
    expect(ready.status).toBe(503);
    await postgres.startServer();
    expect((await ask(`/v1/orders/${order.id}`)).body).toEqual(order);
    expect((await ask("/health/ready")).status).toBe(200);
  });
});
