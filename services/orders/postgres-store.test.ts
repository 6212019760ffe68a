import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { newUuidV7 } from "../../runtime";
import { newOrder, newRequest, TestPostgres } from "./fixture";
import { MOST_CENTS, type Order } from "./order";
import { PostgresOrderStore } from "./postgres-store";
import type { OrdersDatabase } from "./schema";

jest.setTimeout(60_000);

let postgres: TestPostgres;
let name: string;
let database: Kysely<OrdersDatabase>;
let store: PostgresOrderStore;

beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(() => postgres.stop());
afterEach(() => postgres.close());

beforeEach(async () => {
  name = await postgres.createMigratedDatabase();
  database = postgres.open(name, { poolSize: 20 });
  store = new PostgresOrderStore(database);
});

async function count(table: string): Promise<number> {
  const [row] = await postgres.run(name, `SELECT count(*)::int AS count FROM ${table}`);
  return row?.["count"] as number;
}

async function place(change: Partial<Order> = {}): Promise<Order> {
  const order = newOrder(change);
  await store.place(newRequest(), order);
  return order;
}

test("an order is read as it was placed, items in their order, the largest amounts to the cent", async () => {
  const items = [
    { productId: "z", name: "Z ü €", quantity: 1000, unitPriceCents: 9_007_199_254_740n },
    { productId: "a", name: "A", quantity: 991, unitPriceCents: 1n },
  ];
  const order = await place({ items, totalCents: MOST_CENTS });
  expect(await store.get("user-1", order.id)).toEqual(order);
});

test("control 17: another user's order is not there, to read, list, cancel or replay", async () => {
  const order = newOrder();
  const request = newRequest();
  await store.place(request, order);
  expect(await store.get("user-2", order.id)).toBeUndefined();
  expect(await store.list({ principal: "user-2", limit: 10 })).toEqual({ orders: [], more: false });
  expect(await store.cancel("user-2", order.id, "any", new Date())).toEqual({ outcome: "missing" });
  const same = { ...request, principal: "user-2" };
  expect(await store.find(same)).toBeUndefined();
  const own = newOrder();
  expect(await store.place(same, own)).toEqual({ outcome: "placed", order: own });
});

describe("idempotency", () => {
  test("control 9: a request that is repeated finds the first one's order", async () => {
    const request = newRequest();
    const order = newOrder();
    expect(await store.place(request, order)).toEqual({ outcome: "placed", order });
    expect(await store.place(request, newOrder())).toEqual({ outcome: "replayed", order });
    expect(await store.find(request)).toEqual({ outcome: "replayed", order });
    expect(await count("orders")).toBe(1);
    expect(await count("order_items")).toBe(2);
  });

  test("the same key of another request is told from it", async () => {
    const request = newRequest();
    await store.place(request, newOrder());
    const other = { ...request, requestHash: Buffer.alloc(32, 2) };
    expect(await store.find(other)).toEqual({ outcome: "otherRequest" });
    expect(await store.place(other, newOrder())).toEqual({ outcome: "otherRequest" });
    expect(await count("orders")).toBe(1);
  });

  test("control 9: of 50 requests with one key at once, one places the order and all others find it", async () => {
    const request = newRequest();
    const results = await Promise.all(Array.from({ length: 50 }, () => store.place(request, newOrder())));
    const outcomes = results.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "placed")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "replayed")).toHaveLength(49);
    const ids = results.flatMap((result) => ("order" in result ? [result.order.id] : []));
    expect(new Set(ids).size).toBe(1);
    expect(await count("orders")).toBe(1);
    expect(await count("order_items")).toBe(2);
  });

  test("a replay gives the order as it is now", async () => {
    const request = newRequest();
    const order = newOrder();
    await store.place(request, order);
    const now = new Date();
    await store.cancel("user-1", order.id, "any", now);
    expect(await store.find(request)).toEqual({
      outcome: "replayed",
      order: { ...order, status: "cancelled", version: 2, cancelledAt: now },
    });
  });

  test("a key is free again once it has expired", async () => {
    const request = newRequest();
    await store.place(request, newOrder());
    const later = {
      ...request,
      now: request.expiresAt,
      expiresAt: new Date(request.expiresAt.getTime() + 1),
    };
    expect(await store.find(later)).toBeUndefined();
    const second = newOrder();
    expect(await store.place(later, second)).toEqual({ outcome: "placed", order: second });
    expect(await store.place(later, newOrder())).toEqual({ outcome: "replayed", order: second });
    expect(await count("orders")).toBe(2);
    expect(await count("idempotency_keys")).toBe(1);
  });

  test("what fails after the key was taken leaves neither key nor order", async () => {
    const request = newRequest();
    const twice = newOrder().items.slice(0, 1);
    await expect(store.place(request, newOrder({ items: [...twice, ...twice] }))).rejects.toMatchObject({
      code: "23505",
    });
    expect(await count("orders")).toBe(0);
    expect(await count("idempotency_keys")).toBe(0);
    expect(await store.place(request, newOrder())).toMatchObject({ outcome: "placed" });
  });

  test("who waits for a transaction that is rolled back places the order", async () => {
    const request = newRequest();
    const blocker = await database.startTransaction().execute();
    await blocker
      .insertInto("idempotency_keys")
      .values({
        ...{ principal: request.principal, key_hash: request.keyHash, request_hash: request.requestHash },
        ...{ order_id: newOrder().id, expires_at: request.expiresAt },
      })
      .execute();
    const order = newOrder();
    const waiting = store.place(request, order);
    await new Promise((done) => setTimeout(done, 100));
    expect(await count("orders")).toBe(0);
    await blocker.rollback().execute();
    expect(await waiting).toEqual({ outcome: "placed", order });
  });
});

describe("a list", () => {
  test("has the newest first, and each order once over all pages, while others are placed", async () => {
    const placed: string[] = [];
    for (let index = 0; index < 7; index++) {
      placed.push((await place({ id: newUuidV7(1_700_000_000_000 + index, randomBytes(10)) })).id);
    }
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.list({ principal: "user-1", limit: 3, ...(after !== undefined && { after }) });
      seen.push(...page.orders.map(({ id }) => id));
      await place();
      if (!page.more) break;
      after = page.orders.at(-1)?.id;
    }
    expect(seen).toEqual(placed.reverse());
  });

  test("of exactly the limit has no more", async () => {
    await place();
    await place();
    const page = await store.list({ principal: "user-1", limit: 2 });
    expect(page.orders.map(({ items }) => items)).toEqual([newOrder().items, newOrder().items]);
    expect(page.more).toBe(false);
  });

  test("is read from the index in its order, whatever the number of orders", async () => {
    await postgres.run(
      name,
      `INSERT INTO orders (id, principal, status, currency, total_cents, placed_at)
       SELECT gen_random_uuid(), 'user-' || n % 50, 'placed', 'EUR', 1, now() FROM generate_series(1, 20000) AS n`,
    );
    await postgres.run(name, "ANALYZE orders");
    const plan = await postgres.run(
      name,
      `EXPLAIN SELECT * FROM orders WHERE principal = 'user-7' AND id < '80000000-0000-7000-8000-000000000000'
       ORDER BY id DESC LIMIT 21`,
    );
    const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
    expect(text).toContain("Index Scan using orders_of_principal");
    expect(text).not.toContain("Sort");
  });
});

describe("cancellation", () => {
  test("counts the change and keeps its time", async () => {
    const order = await place();
    const now = new Date("2024-02-29T12:00:00.123Z");
    const cancelled = { ...order, status: "cancelled", version: 2, cancelledAt: now };
    expect(await store.cancel("user-1", order.id, [1], now)).toEqual({
      outcome: "cancelled",
      order: cancelled,
    });
    expect(await store.get("user-1", order.id)).toEqual(cancelled);
  });

  test("of a cancelled order changes nothing", async () => {
    const order = await place();
    const first = await store.cancel("user-1", order.id, "any", new Date(1000));
    expect(await store.cancel("user-1", order.id, [1], new Date(2000))).toEqual({
      ...first,
      outcome: "unchanged",
    });
    expect(first.outcome).toBe("cancelled");
  });

  test("of another version than the expected ones is refused", async () => {
    const order = await place();
    expect(await store.cancel("user-1", order.id, [2, 3], new Date())).toEqual({
      outcome: "conflict",
      version: 1,
    });
    expect(await store.get("user-1", order.id)).toEqual(order);
  });

  test("control 10: of many at once one changes the order, once", async () => {
    const order = await place();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.cancel("user-1", order.id, [1], new Date(1000 + index))),
    );
    const after = await store.get("user-1", order.id);
    expect(after?.version).toBe(2);
    expect(results.map(({ outcome }) => outcome).sort()).toEqual([
      "cancelled",
      ...Array(19).fill("unchanged"),
    ]);
    for (const result of results) expect(result).toMatchObject({ order: after });
  });

  test("of an order that does not exist finds none", async () => {
    expect(await store.cancel("user-1", newOrder().id, "any", new Date())).toEqual({ outcome: "missing" });
  });
});

test.each([
  ["a negative total", { totalCents: -1n }],
  ["a total beyond what JSON holds", { totalCents: MOST_CENTS + 1n }],
  ["a currency that is none", { currency: "euro" }],
  ["a quantity of nothing", { items: [{ productId: "a", name: "A", quantity: 0, unitPriceCents: 1n }] }],
])("the tables refuse %s", async (_name, change) => {
  await expect(store.place(newRequest(), newOrder(change))).rejects.toMatchObject({ code: "23514" });
  expect(await count("orders")).toBe(0);
});
