import { TestStorefront } from "./fixture";

jest.setTimeout(60_000);

let storefront: TestStorefront;

beforeAll(async () => {
  storefront = await TestStorefront.start();
});
afterAll(() => storefront.stop());
beforeEach(() => storefront.renew());
afterEach(() => storefront.close());

const IDS = ["57", "58", "59"].map((end) => `01890a5d-ac96-774b-bcce-b302099a80${end}`) as [
  string,
  string,
  string,
];
const [OLDEST, MIDDLE, NEWEST] = IDS;
const FRESH = { headers: { "cache-control": "max-age=0" } };

const orderPart = (id: string, change: object = {}) => ({
  ...{ id, status: "placed", totalCents: 3900, currency: "EUR", version: 1 },
  items: [{ productId: "teapot", name: "Old teapot", quantity: 1, unitPriceCents: 3900 }],
  ...{ placedAt: "2026-01-01T00:00:00.000Z", cancelledAt: null },
  ...change,
});

interface Given {
  readonly generation?: number;
  readonly user?: string;
  readonly order?: object;
  readonly fulfilment?: object;
}

function put(id: string, { generation = 1, user = "user-1", order = {}, fulfilment }: Given = {}): void {
  storefront.history.put(`${generation}#${user}`, id, {
    ...{ order: JSON.stringify(orderPart(id, order)), orderSequence: 1 },
    ...(fulfilment && { fulfilment: JSON.stringify(fulfilment), fulfilmentSequence: 1 }),
  });
}

const SHIPPED = { status: "shipped", at: "2026-01-01T00:03:00.000Z", shipmentId: "shipment-1" };
const FAILED = { status: "failed", at: "2026-01-01T00:03:00.000Z", reason: "outOfStock" };
const CANCELLED = { status: "cancelled", cancelledAt: "2026-01-01T00:04:00.000Z" };

describe("an order of the history", () => {
  test.each<[string, Given, object]>([
    ["placed", {}, { status: "placed" }],
    ["shipped", { fulfilment: SHIPPED }, { status: "shipped", fulfilment: SHIPPED }],
    ["that failed", { fulfilment: FAILED }, { status: "failed", fulfilment: FAILED }],
    [
      "that failed and was cancelled for it",
      { order: { ...CANCELLED, cancelledBy: "fulfilmentFailed" }, fulfilment: FAILED },
      { ...CANCELLED, cancelledBy: "fulfilmentFailed", fulfilment: FAILED },
    ],
    [
      "of which more is known than is shown",
      { order: { note: "x" }, fulfilment: SHIPPED },
      { status: "shipped", fulfilment: SHIPPED },
    ],
  ])("%s is shown as it is", async (_what, given, expected) => {
    put(OLDEST, given);
    const { status, body } = await storefront.ask(`/v1/order-history/${OLDEST}`);
    expect([status, body]).toEqual([200, { ...orderPart(OLDEST), ...expected }]);
  });

  test("comes from the view, and then from the cache", async () => {
    put(OLDEST);
    const first = await storefront.ask(`/v1/order-history/${OLDEST}`);
    const second = await storefront.ask(`/v1/order-history/${OLDEST}`);
    expect([first, second].map(({ headers }) => headers.get("cache-status"))).toEqual([
      "storefront; fwd=miss",
      "storefront; hit",
    ]);
    expect(second.body).toEqual(first.body);
    expect(storefront.history.calls).toHaveLength(1);
  });

  test("is read as it is now when asked to be, past the cache", async () => {
    put(OLDEST);
    await storefront.ask(`/v1/order-history/${OLDEST}`);
    put(OLDEST, { fulfilment: SHIPPED });
    const { body } = await storefront.ask(`/v1/order-history/${OLDEST}`, FRESH);
    expect(body.status).toBe("shipped");
    expect(storefront.history.calls.at(-1)?.body.ConsistentRead).toBe(true);
  });

  test.each([
    ["that there is not", OLDEST],
    ["whose id is none", "teapot"],
  ])("%s is not found", async (_what, id) => {
    const { status, body } = await storefront.ask(`/v1/order-history/${id}`);
    expect([status, body.detail]).toEqual([404, "The history has no such order."]);
  });

  test("of which only the fulfilment has been heard of is not found yet, nor listed", async () => {
    storefront.history.put("1#user-1", OLDEST, {
      fulfilment: JSON.stringify(SHIPPED),
      fulfilmentSequence: 1,
    });
    expect((await storefront.ask(`/v1/order-history/${OLDEST}`)).status).toBe(404);
    expect((await storefront.ask("/v1/order-history")).body).toEqual({ items: [] });
  });
});

describe("control 17: of another user", () => {
  beforeEach(() => {
    storefront.backends.sessions.set("session-2", "user-2");
    put(OLDEST);
    put(NEWEST, { user: "user-2" });
  });
  const asOther = { user: "user-2", session: "session-2" };

  test("no order is found, though the cache has it", async () => {
    expect((await storefront.ask(`/v1/order-history/${OLDEST}`)).status).toBe(200);
    expect((await storefront.ask(`/v1/order-history/${OLDEST}`, asOther)).status).toBe(404);
  });

  test("control 20: no order is listed, though the cache has the page", async () => {
    const [own, others] = [
      await storefront.ask("/v1/order-history"),
      await storefront.ask("/v1/order-history", asOther),
    ];
    expect(own.body.items.map(({ id }: { id: string }) => id)).toEqual([OLDEST]);
    expect(others.body.items.map(({ id }: { id: string }) => id)).toEqual([NEWEST]);
  });

  test("no order is listed by the token of their page", async () => {
    const { body } = await storefront.ask(`/v1/order-history?pageToken=${NEWEST}`);
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([OLDEST]);
  });
});

describe("a list", () => {
  const ids = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);

  test("is paged, newest first", async () => {
    for (const id of IDS) put(id);
    const first = await storefront.ask("/v1/order-history?limit=2");
    expect(ids(first.body)).toEqual([NEWEST, MIDDLE]);
    const second = await storefront.ask(`/v1/order-history?limit=2&pageToken=${first.body.nextPageToken}`);
    expect([ids(second.body), second.body.nextPageToken]).toEqual([[OLDEST], undefined]);
  });

  test("goes on where it was when another generation comes to serve", async () => {
    for (const generation of [1, 2]) for (const id of IDS) put(id, { generation });
    const { body } = await storefront.ask("/v1/order-history?limit=1");
    storefront.history.put("control", "control", { serving: 2 });
    const next = await storefront.ask(`/v1/order-history?limit=1&pageToken=${body.nextPageToken}`);
    expect(ids(next.body)).toEqual([MIDDLE]);
  });

  test.each([
    ["a token that is none", "pageToken=x"],
    ["too much", "limit=51"],
  ])("of %s is refused", async (_what, query) => {
    expect((await storefront.ask(`/v1/order-history?${query}`)).status).toBe(400);
    expect(storefront.history.calls).toEqual([]);
  });
});

test("the generation that serves is read, and no other", async () => {
  storefront.history.put("control", "control", { serving: 3, building: 4 });
  put(OLDEST, { generation: 1 });
  put(MIDDLE, { generation: 3 });
  put(NEWEST, { generation: 4 });
  const { body } = await storefront.ask("/v1/order-history");
  expect(body.items).toEqual([orderPart(MIDDLE)]);
});

test.each([
  ["fail", 503, "The order history is away. Try again."],
  ["hang", 504, "The order history did not answer in time."],
] as const)("a view that does %s is answered for", async (behaviour, status, detail) => {
  storefront.history.behaviour = behaviour;
  const answer = await storefront.ask("/v1/order-history");
  expect([answer.status, answer.body.detail]).toEqual([status, detail]);
});

test("control 42: without its cache the history comes from the view", async () => {
  put(OLDEST);
  await storefront.valkey.kill();
  expect((await storefront.ask("/v1/order-history")).body.items).toHaveLength(1);
  await storefront.valkey.restart();
});

test("while orders and catalog are away, the history is shown as ever", async () => {
  put(OLDEST);
  Object.assign(storefront.backends.behaviour, { orders: "fail", catalog: "fail" });
  expect((await storefront.ask("/v1/order-history")).status).toBe(200);
});

test("an environment without the view has no history", async () => {
  await storefront.close();
  await storefront.renew({ withHistory: false });
  for (const path of ["/v1/order-history", `/v1/order-history/${OLDEST}`]) {
    const { status, body } = await storefront.ask(path);
    expect([status, body.detail]).toEqual([404, "This environment has no order history."]);
  }
});
