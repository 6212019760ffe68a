import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { CircuitBreaker } from "../../runtime";
import { startTemporaryValkey, type TemporaryValkey } from "../../scripts/internal/temporary-valkey";
import { type RunningService, serve, userTokens } from "../internal";
import { recordingLogger } from "../internal/recording-logger";
import { TestUserPool } from "../internal/test-user-pool";
import { HttpCatalog } from "./catalog";
import { Backends, ORDER, TEAPOT } from "./fixture";
import { HttpOrders } from "./orders";
import { Products } from "./products";
import { storefrontRoutes } from "./routes";
import { HttpSessions } from "./sessions";
import { ValkeyCache } from "./valkey-cache";

jest.setTimeout(60_000);

let pool: TestUserPool;
let backends: Backends;
let valkey: TemporaryValkey;
let cache: ValkeyCache;
let service: RunningService;
let lines: Record<string, unknown>[];

beforeAll(async () => {
  [pool, valkey] = await Promise.all([TestUserPool.start(), startTemporaryValkey()]);
});
afterAll(async () => {
  await pool.close();
  await valkey.stop();
});

beforeEach(async () => {
  backends = await Backends.start();
  const recording = recordingLogger();
  lines = recording.lines;
  cache = new ValkeyCache({
    ...{ host: "127.0.0.1", port: valkey.port, tls: false, sharded: false },
    breaker: new CircuitBreaker({ failures: 5, openMilliseconds: 200, now: Date.now }),
    onFailing: () => undefined,
  });
  const catalog = new HttpCatalog(backends.url);
  const orders = new HttpOrders(backends.url);
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const sessions = new HttpSessions({ baseUrl: backends.url, region: "eu-west-1", credentials });
  service = await serve({
    settings: { host: "127.0.0.1", port: 0, drainSeconds: 0 },
    logger: recording.logger,
    authenticate: userTokens(pool.settings),
    routes: storefrontRoutes({
      products: new Products({ catalog, cache }),
      ...{ orders, sessions, logger: recording.logger },
    }),
    close: async () => {
      cache.close();
      await Promise.all([catalog.close(), orders.close(), sessions.close()]);
    },
  });
  await cacheFlushed();
});
afterEach(async () => {
  backends.close();
  await service.stop();
});

/** Everything that was kept is gone, and the cache is in use. */
async function cacheFlushed(): Promise<void> {
  await valkey.kill();
  await valkey.restart();
  for (const deadline = Date.now() + 15_000; (await cache.get("probe")) !== "probe"; await wait(5)) {
    if (Date.now() > deadline) throw new Error("the cache did not come back within 15 s");
    await cache.set("probe", "probe", 60_000);
  }
}

interface Ask {
  readonly method?: string;
  readonly user?: string;
  readonly session?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
}

async function ask(path: string, { method = "GET", user = "user-1", headers = {}, json, ...rest }: Ask = {}) {
  const session = "session" in rest ? rest.session : "session-1";
  const response = await fetch(`http://127.0.0.1:${service.port}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${pool.token({ sub: user })}`,
      ...(session !== undefined && { "x-session-token": session }),
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

const SHOWN = (({ id, name, description, priceCents, currency, available }) => ({
  ...{ id, name, description, priceCents, currency, available },
}))(TEAPOT);

describe("control 16: a request", () => {
  test.each([
    ["without an ID token", { headers: { authorization: "" } }],
    ["without a session", { session: undefined }],
    ["with a session that has ended", { session: "session-2" }],
    ["with another user's session", { user: "user-2" }],
  ])("%s is refused on every route", async (_what, change) => {
    for (const [method, path] of [
      ["GET", "/v1/products"],
      ["GET", "/v1/products/teapot"],
      ["GET", "/v1/orders"],
      ["POST", "/v1/orders"],
    ] as const) {
      expect((await ask(path, { method, ...change })).status).toBe(401);
    }
    expect(backends.to("/v1/products")).toEqual([]);
    expect(backends.to("/v1/orders")).toEqual([]);
  });

  test("is refused as soon as its session is revoked, though its products are in the cache", async () => {
    await ask("/v1/products/teapot");
    backends.sessions.clear();
    expect((await ask("/v1/products/teapot")).status).toBe(401);
  });

  test.each([
    ["fail", 502],
    ["hang", 504],
    ["nonsense", 502],
  ] as const)("is not let in while the sessions API does %s", async (behaviour, status) => {
    backends.behaviour.sessions = behaviour;
    expect((await ask("/v1/products/teapot")).status).toBe(status);
    expect(backends.to("/v1/products")).toEqual([]);
  });
});

describe("a product", () => {
  test("comes from the catalog, as the user, and then from the cache", async () => {
    const first = await ask("/v1/products/teapot");
    expect([first.status, first.body, first.headers.get("cache-status")]).toEqual([
      200,
      SHOWN,
      "storefront; fwd=miss",
    ]);
    const second = await ask("/v1/products/teapot");
    expect([second.status, second.body, second.headers.get("cache-status")]).toEqual([
      200,
      SHOWN,
      "storefront; hit",
    ]);
    expect(backends.to("/v1/products")).toHaveLength(1);
    expect(backends.to("/v1/products")[0]?.headers["authorization"]).toMatch(/^Bearer ey/);
    expect(backends.to("/v1/products")[0]?.headers).not.toHaveProperty("x-session-token");
  });

  test("is read as it is now with max-age=0, and kept so", async () => {
    await ask("/v1/products/teapot");
    backends.products.set("teapot", { ...TEAPOT, name: "New teapot" });
    expect((await ask("/v1/products/teapot")).body.name).toBe("Teapot");
    const fresh = await ask("/v1/products/teapot", { headers: { "cache-control": "max-age=0" } });
    expect(fresh.body.name).toBe("New teapot");
    expect(backends.to("/v1/products").at(-1)?.headers["cache-control"]).toBe("max-age=0");
    expect((await ask("/v1/products/teapot")).body.name).toBe("New teapot");
  });

  test("that does not exist is looked for once", async () => {
    expect((await ask("/v1/products/unknown")).status).toBe(404);
    expect((await ask("/v1/products/unknown")).status).toBe(404);
    expect(backends.to("/v1/products")).toHaveLength(1);
  });

  test("whose id can be none is not looked for", async () => {
    expect((await ask("/v1/products/a%2Cb")).status).toBe(404);
    expect(backends.to("/v1/products")).toEqual([]);
  });

  test("that a hundred want at once is asked for once", async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask("/v1/products/teapot")));
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect(backends.to("/v1/products")).toHaveLength(1);
  });

  test("that one no more waits for is still given to the others", async () => {
    backends.behaviour.catalog = "hang";
    const gone = new AbortController();
    const first = fetch(`http://127.0.0.1:${service.port}/v1/products/teapot`, {
      headers: { authorization: `Bearer ${pool.token()}`, "x-session-token": "session-1" },
      signal: gone.signal,
    }).catch(() => undefined);
    while (backends.to("/v1/products").length === 0) await wait(5);
    const others = [1, 2, 3].map(() => ask("/v1/products/teapot"));
    await wait(100);
    backends.behaviour.catalog = "answer";
    gone.abort();
    await first;
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(backends.to("/v1/products")).toHaveLength(2);
  });

  test.each([
    ["fail", 502],
    ["hang", 504],
    ["nonsense", 502],
  ] as const)(
    "is answered %s of the catalog by %i when it is not in the cache, and from the cache when it is",
    async (behaviour, status) => {
      await ask("/v1/products/teapot");
      backends.behaviour.catalog = behaviour;
      expect((await ask("/v1/products/teapot")).status).toBe(200);
      expect((await ask("/v1/products/other")).status).toBe(status);
    },
  );
});

describe("when the cache", () => {
  test("control 42: is killed, the catalog answers every request, and once it is back the cache does", async () => {
    await ask("/v1/products/teapot");
    await valkey.kill();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask("/v1/products/teapot")));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect((await ask("/v1/products")).status).toBe(200);
    expect((await ask("/health/ready")).status).toBe(200);
    await cacheFlushed();
    await ask("/v1/products/teapot");
    expect((await ask("/v1/products/teapot")).headers.get("cache-status")).toBe("storefront; hit");
  });

  test("control 42: is flushed, the catalog is asked once more", async () => {
    await ask("/v1/products/teapot");
    await cacheFlushed();
    backends.received = [];
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask("/v1/products/teapot")));
    expect(answers.map(({ body }) => body)).toEqual(Array(20).fill(SHOWN));
    expect(backends.to("/v1/products")).toHaveLength(1);
  });

  test("holds what is damaged, the catalog is asked", async () => {
    await cache.set("storefront:1:product:teapot", '[{"id":"teapot"}]', 60_000);
    const { status, body, headers } = await ask("/v1/products/teapot");
    expect([status, body, headers.get("cache-status")]).toEqual([200, SHOWN, "storefront; fwd=miss"]);
  });
});

describe("the list of products", () => {
  test("comes page by page, from the catalog and then from the cache", async () => {
    const first = await ask("/v1/products?limit=2&pageToken=t1");
    expect([first.status, first.body]).toEqual([200, { items: [SHOWN], nextPageToken: "more" }]);
    expect(backends.to("/v1/products")[0]?.url.search).toBe("?limit=2&pageToken=t1");
    expect((await ask("/v1/products?limit=2&pageToken=t1")).headers.get("cache-status")).toBe(
      "storefront; hit",
    );
    expect((await ask("/v1/products?limit=3&pageToken=t1")).headers.get("cache-status")).toBe(
      "storefront; fwd=miss",
    );
  });

  test.each([
    ["pageToken=bad", { parameter: "pageToken", detail: "must be the nextPageToken of the page before" }],
    ["limit=101", { parameter: "limit", detail: "must be at most 100" }],
  ])("with %s is refused", async (query, error) => {
    const { status, body } = await ask(`/v1/products?${query}`);
    expect([status, body.errors]).toEqual([400, [error]]);
  });
});

describe("placing an order", () => {
  const INPUT = { items: [{ productId: "teapot", quantity: 1 }] };
  const place = (headers: Record<string, string> = { "idempotency-key": "key-1" }, json: unknown = INPUT) =>
    ask("/v1/orders", { method: "POST", headers, json });

  test("relays key, user and trace, and the order that came of it", async () => {
    const { status, body, headers } = await place({
      "idempotency-key": "key-1",
      traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    });
    expect([status, body, headers.get("etag"), headers.get("idempotency-replayed")]).toEqual([
      201,
      ORDER,
      '"3"',
      null,
    ]);
    const [sent] = backends.to("/v1/orders");
    expect(sent?.body).toEqual(INPUT);
    expect(sent?.headers).toMatchObject({
      authorization: expect.stringMatching(/^Bearer ey/),
      "idempotency-key": "key-1",
      traceparent: expect.stringMatching(new RegExp(`^00-${"a".repeat(32)}-`)),
    });
    for (const { headers: all } of backends.received) {
      expect(all["traceparent"]).toMatch(new RegExp(`^00-${"a".repeat(32)}-`));
    }
  });

  test("tells that an earlier request had placed it", async () => {
    backends.order = { status: 201, headers: { "Idempotency-Replayed": "true" }, body: ORDER };
    expect((await place()).headers.get("idempotency-replayed")).toBe("true");
  });

  test("control 9: is tried again with the same key when the answer is lost", async () => {
    backends.order = { status: 503, headers: { "Retry-After": "1" }, body: {} };
    const placing = place();
    while (backends.to("/v1/orders").length === 0) await wait(5);
    backends.order = { status: 201, body: ORDER };
    expect((await placing).status).toBe(201);
    const keys = backends.to("/v1/orders").map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual(["key-1", "key-1"]);
  });

  test.each([409, 422])(
    "relays what the orders service refuses by %i, under its own request id",
    async (status) => {
      const errors = [{ pointer: "#/items/0/quantity", detail: "must be at most 0, which are in stock" }];
      backends.order = {
        status,
        body: { status, detail: "Not so.", errors, requestId: "theirs", title: "x", type: "y" },
      };
      const { status: answered, body } = await place();
      expect([answered, body.detail, body.errors]).toEqual([status, "Not so.", errors]);
      expect(body.requestId).not.toBe("theirs");
    },
  );

  test.each([
    ["without a key", {}, INPUT, 428],
    ["without an item", { "idempotency-key": "k" }, { items: [] }, 400],
    ["of too many", { "idempotency-key": "k" }, { items: [{ productId: "a", quantity: 1001 }] }, 400],
  ])("%s is refused here", async (_what, headers, json, status) => {
    expect((await place(headers, json)).status).toBe(status);
    expect(backends.to("/v1/orders")).toEqual([]);
  });

  test.each([
    ["fail", 502],
    ["hang", 504],
    ["nonsense", 502],
  ] as const)("is answered %s of the orders service by %i", async (behaviour, status) => {
    backends.behaviour.orders = behaviour;
    expect((await place()).status).toBe(status);
  });
});

describe("the list of orders", () => {
  test("has the names of today and of then, by one call for all of them", async () => {
    const other = { ...ORDER, id: randomUUID() };
    backends.orders = { status: 200, body: { items: [ORDER, other], nextPageToken: "next" } };
    const { status, body } = await ask("/v1/orders?limit=2&pageToken=t1");
    const items = [
      { productId: "teapot", name: "Teapot", orderedName: "Old teapot", quantity: 1, unitPriceCents: 3900 },
      { productId: "gone", name: null, orderedName: "Gone", quantity: 2, unitPriceCents: 100 },
    ];
    expect([status, body]).toEqual([
      200,
      {
        items: [
          { ...ORDER, items },
          { ...other, items },
        ],
        namesMissing: false,
        nextPageToken: "next",
      },
    ]);
    expect(backends.to("/v1/orders")[0]?.url.search).toBe("?limit=2&pageToken=t1");
    expect(backends.to("/v1/products").map(({ url }) => url.search)).toEqual(["?ids=teapot%2Cgone"]);
  });

  test("of nobody's orders asks for no name", async () => {
    backends.orders = { status: 200, body: { items: [] } };
    expect((await ask("/v1/orders")).body).toEqual({ items: [], namesMissing: false });
    expect(backends.to("/v1/products")).toEqual([]);
  });

  test("asks for names by the hundred", async () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const orders = [0, 1, 2].map((order) => ({
      ...ORDER,
      items: items.map((item) => ({
        productId: `p${order * 50 + item}`,
        name: "P",
        quantity: 1,
        unitPriceCents: 1,
      })),
    }));
    backends.orders = { status: 200, body: { items: orders } };
    expect((await ask("/v1/orders")).body.namesMissing).toBe(false);
    const asked = backends
      .to("/v1/products")
      .map(({ url }) => url.searchParams.get("ids")?.split(",").length);
    expect(asked.sort()).toEqual([100, 50]);
  });

  test.each(["fail", "hang", "nonsense"] as const)(
    "is there without names, and says so, when the catalog does %s",
    async (behaviour) => {
      backends.behaviour.catalog = behaviour;
      const { status, body } = await ask("/v1/orders");
      expect([status, body.namesMissing]).toEqual([200, true]);
      expect(body.items[0].items.map(({ name }: { name: unknown }) => name)).toEqual([null, null]);
      expect(body.items[0].items[0].orderedName).toBe("Old teapot");
      expect(lines.filter(({ message }) => message === "names missing")).toHaveLength(1);
    },
  );

  test.each([
    ["fail", 502],
    ["hang", 504],
    ["nonsense", 502],
  ] as const)("is answered %s of the orders service by %i", async (behaviour, status) => {
    backends.behaviour.orders = behaviour;
    expect((await ask("/v1/orders")).status).toBe(status);
  });

  test("with a token that is none is refused as the orders service does", async () => {
    const errors = [{ parameter: "pageToken", detail: "must be the nextPageToken of the page before" }];
    backends.orders = { status: 400, body: { detail: "The request has 1 error.", errors } };
    const { status, body } = await ask("/v1/orders?pageToken=x");
    expect([status, body.errors]).toEqual([400, errors]);
  });
});
