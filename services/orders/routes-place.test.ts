import { randomUUID } from "node:crypto";
import { INPUT, TestOrders } from "./fixture";

jest.setTimeout(60_000);

let service: TestOrders;

beforeAll(async () => {
  service = await TestOrders.start();
});
afterAll(() => service.stop());
beforeEach(() => service.renew());
afterEach(() => service.close());

describe("placing an order", () => {
  test("takes names and prices from the catalog, as the user and as they are now", async () => {
    const { status, headers, body } = await service.place({
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
    expect(service.catalog.requests).toHaveLength(1);
    expect(service.catalog.requests[0]?.url).toBe("/v1/products?ids=teapot%2Ccup");
    expect(service.catalog.requests[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(/^Bearer ey/),
      "cache-control": "max-age=0",
      traceparent: expect.stringMatching(new RegExp(`^00-${"a".repeat(32)}-`)),
      "x-amzn-trace-id": expect.stringContaining("Root=1-aaaaaaaa-"),
    });
  });

  test("control 9: a repeated request gives the same order without asking the catalog, though its prices have changed", async () => {
    const key = randomUUID();
    const first = await service.place({}, key);
    service.catalog.add({ priceCents: 1, available: 0 });
    const second = await service.place({}, key);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    expect(service.catalog.requests).toHaveLength(1);
    expect(await service.count("orders")).toBe(1);
  });

  test("is told in the log with the order's id, and the sequence of its event where there is one", async () => {
    const key = randomUUID();
    const { body: order } = await service.place({}, key);
    await service.place({}, key);
    await service.place({ json: { items: [] } });
    const placed = { route: "POST /v1/orders", status: 201, orderId: order.id };
    const [first, second, refused] = service.requestLines();
    expect(first).toMatchObject({ ...placed, sequence: 1 });
    expect(second).toMatchObject(placed);
    expect(second).not.toHaveProperty("sequence");
    expect(refused).not.toHaveProperty("orderId");
  });

  test("control 9: 50 requests with one key at once give one order", async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => service.place({}, key)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get("idempotency-replayed") === null)).toHaveLength(1);
    expect(await service.count("orders")).toBe(1);
    expect(await service.count("order_items")).toBe(2);
  });

  test("the key of another body is refused, that of another user is another key", async () => {
    const key = randomUUID();
    const first = await service.place({}, key);
    const other = await service.place({ json: { items: [{ productId: "teapot", quantity: 2 }] } }, key);
    expect(other.status).toBe(422);
    expect(other.body.detail).toBe("The Idempotency-Key was used with another body.");
    const foreign = await service.place({ user: "user-2" }, key);
    expect(foreign.status).toBe(201);
    expect(foreign.body.id).not.toBe(first.body.id);
  });

  test("the same items in another form are the same body", async () => {
    const key = randomUUID();
    const first = await service.place({}, key);
    const json = '{ "items": [ {"quantity":1,"productId":"teapot"}, {"quantity":4,"productId":"cup"} ] }';
    const second = await service.place(
      { json, headers: { "content-type": "application/json; charset=utf-8" } },
      key,
    );
    expect([second.status, second.body]).toEqual([201, first.body]);
  });

  test("what the catalog does not allow is refused item by item; nothing is written and the key is free", async () => {
    const key = randomUUID();
    service.catalog.add({ available: 0 });
    const refused = await service.place(
      { json: { items: [...INPUT.items, { productId: "gone", quantity: 1 }] } },
      key,
    );
    expect(refused.status).toBe(409);
    expect(refused.body.errors).toEqual([
      { pointer: "#/items/0/quantity", detail: "must be at most 0, which are in stock" },
      { pointer: "#/items/2/productId", detail: "is not in the catalog" },
    ]);
    expect(await service.count("idempotency_keys")).toBe(0);
    service.catalog.add({});
    expect((await service.place({}, key)).status).toBe(201);
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
    const { status, body } = await service.place({ json });
    expect(status).toBe(400);
    expect(body.errors).toEqual(errors);
    expect(service.catalog.requests).toEqual([]);
  });

  test("an order has at most 50 items", async () => {
    const items = Array.from({ length: 51 }, (_, index) => ({ productId: `p${index}`, quantity: 1 }));
    for (const { productId } of items) service.catalog.add({ id: productId });
    expect((await service.place({ json: { items } })).status).toBe(400);
    const most = await service.place({ json: { items: items.slice(1) } });
    expect([most.status, most.body.items.length]).toEqual([201, 50]);
  });

  test("a name that the database cannot hold does not keep its product from being ordered", async () => {
    service.catalog.add({ name: "Tea\u0000pot" });
    const { status, body } = await service.place();
    expect([status, body.items?.[0].name]).toEqual([201, "Tea\ufffdpot"]);
  });

  test("without a key it is refused", async () => {
    const response = await service.ask("/v1/orders", { method: "POST", json: INPUT });
    expect([response.status, response.body.detail]).toEqual([
      428,
      "Placing an order needs an Idempotency-Key.",
    ]);
  });

  test("a key that cannot be one is refused", async () => {
    const { status, body } = await service.place({}, "two words");
    expect([status, body.errors]).toEqual([
      400,
      [{ parameter: "Idempotency-Key", detail: "must match ^[!-~]+$" }],
    ]);
  });
});
