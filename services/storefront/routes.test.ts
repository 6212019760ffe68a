import { setTimeout as wait } from "node:timers/promises";
import { TEAPOT } from "./backends";
import { TestStorefront } from "./fixture";

jest.setTimeout(60_000);

let storefront: TestStorefront;

beforeAll(async () => {
  storefront = await TestStorefront.start();
});
afterAll(() => storefront.stop());
beforeEach(() => storefront.renew());
afterEach(() => storefront.close());

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
      ["GET", "/v1/order-history"],
      ["GET", "/v1/order-history/01890a5d-ac96-774b-bcce-b302099a8057"],
    ] as const) {
      expect((await storefront.ask(path, { method, ...change })).status).toBe(401);
    }
    expect(storefront.backends.to("/v1/products")).toEqual([]);
    expect(storefront.backends.to("/v1/orders")).toEqual([]);
    expect(storefront.history.calls).toEqual([]);
  });

  test("is refused as soon as its session is revoked, though its products are in the cache", async () => {
    await storefront.ask("/v1/products/teapot");
    storefront.backends.sessions.clear();
    expect((await storefront.ask("/v1/products/teapot")).status).toBe(401);
  });

  test.each([
    ["fail", 502],
    ["hang", 504],
    ["nonsense", 502],
  ] as const)("is not let in while the sessions API does %s", async (behaviour, status) => {
    storefront.backends.behaviour.sessions = behaviour;
    expect((await storefront.ask("/v1/products/teapot")).status).toBe(status);
    expect(storefront.backends.to("/v1/products")).toEqual([]);
  });
});

describe("a product", () => {
  test("comes from the catalog, as the user, and then from the cache", async () => {
    const first = await storefront.ask("/v1/products/teapot");
    expect([first.status, first.body, first.headers.get("cache-status")]).toEqual([
      200,
      SHOWN,
      "storefront; fwd=miss",
    ]);
    const second = await storefront.ask("/v1/products/teapot");
    expect([second.status, second.body, second.headers.get("cache-status")]).toEqual([
      200,
      SHOWN,
      "storefront; hit",
    ]);
    expect(storefront.backends.to("/v1/products")).toHaveLength(1);
    expect(storefront.backends.to("/v1/products")[0]?.headers["authorization"]).toMatch(/^Bearer ey/);
    expect(storefront.backends.to("/v1/products")[0]?.headers).not.toHaveProperty("x-session-token");
  });

  test("is read as it is now with max-age=0, and kept so", async () => {
    await storefront.ask("/v1/products/teapot");
    storefront.backends.products.set("teapot", { ...TEAPOT, name: "New teapot" });
    expect((await storefront.ask("/v1/products/teapot")).body.name).toBe("Teapot");
    const fresh = await storefront.ask("/v1/products/teapot", { headers: { "cache-control": "max-age=0" } });
    expect(fresh.body.name).toBe("New teapot");
    expect(storefront.backends.to("/v1/products").at(-1)?.headers["cache-control"]).toBe("max-age=0");
    expect((await storefront.ask("/v1/products/teapot")).body.name).toBe("New teapot");
  });

  test("that does not exist is looked for once", async () => {
    expect((await storefront.ask("/v1/products/unknown")).status).toBe(404);
    expect((await storefront.ask("/v1/products/unknown")).status).toBe(404);
    expect(storefront.backends.to("/v1/products")).toHaveLength(1);
  });

  test("whose id can be none is not looked for", async () => {
    expect((await storefront.ask("/v1/products/a%2Cb")).status).toBe(404);
    expect(storefront.backends.to("/v1/products")).toEqual([]);
  });

  test("that many want at once is asked for once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => storefront.ask("/v1/products/teapot")),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(storefront.backends.to("/v1/products")).toHaveLength(1);
  });

  test("that one no more waits for is still given to the others", async () => {
    storefront.backends.behaviour.catalog = "hang";
    const gone = new AbortController();
    const first = fetch(`${storefront.url}/v1/products/teapot`, {
      headers: { authorization: `Bearer ${storefront.pool.token()}`, "x-session-token": "session-1" },
      signal: gone.signal,
    }).catch(() => undefined);
    while (storefront.backends.to("/v1/products").length === 0) await wait(5);
    const others = [1, 2, 3].map(() => storefront.ask("/v1/products/teapot"));
    await wait(100);
    storefront.backends.behaviour.catalog = "answer";
    gone.abort();
    await first;
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(storefront.backends.to("/v1/products")).toHaveLength(2);
  });

  test.each([
    ["fail", 502],
    ["hang", 504],
    ["nonsense", 502],
  ] as const)(
    "is answered %s of the catalog by %i when it is not in the cache, and from the cache when it is",
    async (behaviour, status) => {
      await storefront.ask("/v1/products/teapot");
      storefront.backends.behaviour.catalog = behaviour;
      expect((await storefront.ask("/v1/products/teapot")).status).toBe(200);
      expect((await storefront.ask("/v1/products/other")).status).toBe(status);
    },
  );
});

describe("when the cache", () => {
  test("control 42: is killed, the catalog answers every request, and once it is back the cache does", async () => {
    await storefront.ask("/v1/products/teapot");
    await storefront.valkey.kill();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => storefront.ask("/v1/products/teapot")),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect((await storefront.ask("/v1/products")).status).toBe(200);
    expect((await storefront.ask("/health/ready")).status).toBe(200);
    await storefront.flushCache();
    await storefront.ask("/v1/products/teapot");
    expect((await storefront.ask("/v1/products/teapot")).headers.get("cache-status")).toBe("storefront; hit");
  });

  test("control 42: is flushed, the catalog is asked once more", async () => {
    await storefront.ask("/v1/products/teapot");
    await storefront.flushCache();
    storefront.backends.received = [];
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => storefront.ask("/v1/products/teapot")),
    );
    expect(answers.map(({ body }) => body)).toEqual(Array(20).fill(SHOWN));
    expect(storefront.backends.to("/v1/products")).toHaveLength(1);
  });

  test("holds what is damaged, the catalog is asked", async () => {
    await storefront.cache.set("storefront:1:product:teapot", '[{"id":"teapot"}]', 60_000);
    const { status, body, headers } = await storefront.ask("/v1/products/teapot");
    expect([status, body, headers.get("cache-status")]).toEqual([200, SHOWN, "storefront; fwd=miss"]);
  });
});

describe("the list of products", () => {
  test("comes page by page, from the catalog and then from the cache", async () => {
    const first = await storefront.ask("/v1/products?limit=2&pageToken=t1");
    expect([first.status, first.body]).toEqual([200, { items: [SHOWN], nextPageToken: "more" }]);
    expect(storefront.backends.to("/v1/products")[0]?.url.search).toBe("?limit=2&pageToken=t1");
    expect((await storefront.ask("/v1/products?limit=2&pageToken=t1")).headers.get("cache-status")).toBe(
      "storefront; hit",
    );
    expect((await storefront.ask("/v1/products?limit=3&pageToken=t1")).headers.get("cache-status")).toBe(
      "storefront; fwd=miss",
    );
  });

  test.each([
    ["pageToken=bad", { parameter: "pageToken", detail: "must be the nextPageToken of the page before" }],
    ["limit=101", { parameter: "limit", detail: "must be at most 100" }],
  ])("with %s is refused", async (query, error) => {
    const { status, body } = await storefront.ask(`/v1/products?${query}`);
    expect([status, body.errors]).toEqual([400, [error]]);
  });
});
