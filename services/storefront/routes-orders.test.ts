import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ORDER } from "./backends";
import { TestStorefront } from "./fixture";

jest.setTimeout(60_000);

let storefront: TestStorefront;

beforeAll(async () => {
  storefront = await TestStorefront.start();
});
afterAll(() => storefront.stop());
beforeEach(() => storefront.renew());
afterEach(() => storefront.close());

describe("placing an order", () => {
  const INPUT = { items: [{ productId: "teapot", quantity: 1 }] };
  const place = (headers: Record<string, string> = { "idempotency-key": "key-1" }, json: unknown = INPUT) =>
    storefront.ask("/v1/orders", { method: "POST", headers, json });

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
    const [sent] = storefront.backends.to("/v1/orders");
    expect(sent?.body).toEqual(INPUT);
    expect(sent?.headers).toMatchObject({
      authorization: expect.stringMatching(/^Bearer ey/),
      "idempotency-key": "key-1",
      traceparent: expect.stringMatching(new RegExp(`^00-${"a".repeat(32)}-`)),
    });
    for (const { headers: all } of storefront.backends.received) {
      expect(all["traceparent"]).toMatch(new RegExp(`^00-${"a".repeat(32)}-`));
    }
  });

  test("tells that an earlier request had placed it", async () => {
    storefront.backends.order = { status: 201, headers: { "Idempotency-Replayed": "true" }, body: ORDER };
    expect((await place()).headers.get("idempotency-replayed")).toBe("true");
  });

  test("control 9: is tried again with the same key when the answer is lost", async () => {
    storefront.backends.order = { status: 503, headers: { "Retry-After": "1" }, body: {} };
    const placing = place();
    while (storefront.backends.to("/v1/orders").length === 0) await wait(5);
    storefront.backends.order = { status: 201, body: ORDER };
    expect((await placing).status).toBe(201);
    const keys = storefront.backends.to("/v1/orders").map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual(["key-1", "key-1"]);
  });

  test.each([409, 422])(
    "relays what the orders service refuses by %i, under its own request id",
    async (status) => {
      const errors = [{ pointer: "#/items/0/quantity", detail: "must be at most 0, which are in stock" }];
      storefront.backends.order = {
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
    expect(storefront.backends.to("/v1/orders")).toEqual([]);
  });

  test.each([
    ["fail", 502],
    ["hang", 504],
    ["nonsense", 502],
  ] as const)("is answered %s of the orders service by %i", async (behaviour, status) => {
    storefront.backends.behaviour.orders = behaviour;
    expect((await place()).status).toBe(status);
  });
});

describe("the list of orders", () => {
  test("has the names of today and of then, by one call for all of them", async () => {
    const other = { ...ORDER, id: randomUUID() };
    storefront.backends.orders = { status: 200, body: { items: [ORDER, other], nextPageToken: "next" } };
    const { status, body } = await storefront.ask("/v1/orders?limit=2&pageToken=t1");
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
    expect(storefront.backends.to("/v1/orders")[0]?.url.search).toBe("?limit=2&pageToken=t1");
    expect(storefront.backends.to("/v1/products").map(({ url }) => url.search)).toEqual([
      "?ids=teapot%2Cgone",
    ]);
  });

  test("of nobody's orders asks for no name", async () => {
    storefront.backends.orders = { status: 200, body: { items: [] } };
    expect((await storefront.ask("/v1/orders")).body).toEqual({ items: [], namesMissing: false });
    expect(storefront.backends.to("/v1/products")).toEqual([]);
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
    storefront.backends.orders = { status: 200, body: { items: orders } };
    expect((await storefront.ask("/v1/orders")).body.namesMissing).toBe(false);
    const asked = storefront.backends
      .to("/v1/products")
      .map(({ url }) => url.searchParams.get("ids")?.split(",").length);
    expect(asked.sort()).toEqual([100, 50]);
  });

  test.each(["fail", "hang", "nonsense"] as const)(
    "is there without names, and says so, when the catalog does %s",
    async (behaviour) => {
      storefront.backends.behaviour.catalog = behaviour;
      const { status, body } = await storefront.ask("/v1/orders");
      expect([status, body.namesMissing]).toEqual([200, true]);
      expect(body.items[0].items.map(({ name }: { name: unknown }) => name)).toEqual([null, null]);
      expect(body.items[0].items[0].orderedName).toBe("Old teapot");
      expect(storefront.lines.filter(({ message }) => message === "names missing")).toHaveLength(1);
    },
  );

  test.each([
    ["fail", 502],
    ["hang", 504],
    ["nonsense", 502],
  ] as const)("is answered %s of the orders service by %i", async (behaviour, status) => {
    storefront.backends.behaviour.orders = behaviour;
    expect((await storefront.ask("/v1/orders")).status).toBe(status);
  });

  test("with a token that is none is refused as the orders service does", async () => {
    const errors = [{ parameter: "pageToken", detail: "must be the nextPageToken of the page before" }];
    storefront.backends.orders = { status: 400, body: { detail: "The request has 1 error.", errors } };
    const { status, body } = await storefront.ask("/v1/orders?pageToken=x");
    expect([status, body.errors]).toEqual([400, errors]);
  });
});
