import type { Kysely } from "kysely";
import { newOrder, newRequest, TestPostgres } from "./fixture";
import type { Order } from "./order";
import { oldEvents, removeOldEvents } from "./outbox";
import { PostgresOrderStore } from "./postgres-store";
import type { OrdersDatabase } from "./schema";

jest.setTimeout(60_000);

const TRACEPARENT = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";

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
  store = new PostgresOrderStore(database, () => TRACEPARENT);
});

async function place(change: Partial<Order> = {}): Promise<Order> {
  const order = newOrder(change);
  await store.place(newRequest(), order);
  return order;
}

function events() {
  return database.selectFrom("outbox").selectAll().orderBy("order_id").orderBy("sequence").execute();
}

test("an order that is placed has one event, which says all of it, with the trace of its request", async () => {
  const order = await place();
  expect(await events()).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      ...{ order_id: order.id, sequence: 1, type: "shop.order.placed.v1", occurred_at: order.placedAt },
      ...{ traceparent: TRACEPARENT, published_at: null },
      payload: {
        principal: "user-1",
        order: {
          ...{ id: order.id, status: "placed", totalCents: 6500, currency: "EUR", version: 1 },
          placedAt: order.placedAt.toISOString(),
          cancelledAt: null,
          items: order.items.map((item) => ({ ...item, unitPriceCents: Number(item.unitPriceCents) })),
        },
      },
    },
  ]);
});

test("without a request its trace is a new one", async () => {
  await new PostgresOrderStore(database).place(newRequest(), newOrder());
  const [event] = await events();
  expect(event?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});

test("a cancelled order has a second event, with its version and the reason", async () => {
  const { id } = await place();
  const now = new Date();
  await store.cancel("user-1", id, "any", now);
  const [, event] = await events();
  expect(event).toMatchObject({
    ...{ order_id: id, sequence: 2, type: "shop.order.cancelled.v1", occurred_at: now },
    payload: {
      principal: "user-1",
      order: { id, status: "cancelled", version: 2, cancelledAt: now.toISOString() },
      reason: "user",
    },
  });
});

test("control 9: a change that is repeated, or refused, has no event", async () => {
  const order = newOrder();
  const request = newRequest();
  await store.place(request, order);
  await store.place(request, newOrder());
  await store.cancel("user-1", order.id, [7], new Date());
  await store.cancel("user-2", order.id, "any", new Date());
  const now = new Date();
  await Promise.all(Array.from({ length: 20 }, () => store.cancel("user-1", order.id, [1], now)));
  await store.cancelUnfulfilled(order.id, now);
  expect((await events()).map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test("an order that cannot be fulfilled is cancelled once, whoever's it is, and says why", async () => {
  const { id } = await place();
  expect(await store.cancelUnfulfilled(id, new Date())).toBe("cancelled");
  expect(await store.cancelUnfulfilled(id, new Date())).toBe("unchanged");
  expect(await store.cancelUnfulfilled(newOrder().id, new Date())).toBe("missing");
  const all = await events();
  expect(all).toHaveLength(2);
  expect(all[1]?.payload).toMatchObject({ principal: "user-1", reason: "fulfilmentFailed" });
});

test.each(["place", "cancel"])("when its event cannot be written, %s changes nothing", async (what) => {
  const { id } = await place();
  await postgres.run(name, "ALTER TABLE outbox ADD CONSTRAINT no_more CHECK (false) NOT VALID");
  const change = what === "place" ? place() : store.cancel("user-1", id, "any", new Date());
  await expect(change).rejects.toMatchObject({ code: "23514" });
  expect(await store.list({ principal: "user-1", limit: 10 })).toMatchObject({
    orders: [{ id, status: "placed" }],
  });
});

test("a name with half a character is in the event as it is in the order", async () => {
  const items = [{ productId: "a", name: "A \ud800 \\ud800", quantity: 1, unitPriceCents: 1n }];
  const { id } = await place({ items });
  const [event] = await events();
  expect(event?.payload.order.items[0]?.name).toBe("A \ufffd \\ud800");
  expect((await store.get("user-1", id))?.items[0]?.name).toBe("A \ufffd \\ud800");
});

describe("old events", () => {
  const NOW = new Date("2024-06-01T00:00:00Z").getTime();
  const DAY = 24 * 60 * 60 * 1000;
  const removed = (unpublishedDays?: number, limit = 100) =>
    removeOldEvents(
      database,
      oldEvents(unpublishedDays === undefined ? {} : { unpublishedDays }, NOW),
      limit,
    );

  test("that were published go after a day, no more than the limit at once", async () => {
    for (const hours of [23, 24, 25, 26]) {
      const { id } = await place();
      await postgres.run(name, "UPDATE outbox SET published_at = $1 WHERE order_id = $2", [
        new Date(NOW - (hours / 24) * DAY),
        id,
      ]);
    }
    expect(await removed(undefined, 2)).toBe(2);
    expect(await removed(undefined, 2)).toBe(1);
    expect(await removed()).toBe(0);
    expect(await events()).toHaveLength(1);
  });

  test("that nobody published stay, unless there is a number of days", async () => {
    await place({ placedAt: new Date(NOW - 8 * DAY) });
    await place({ placedAt: new Date(NOW - 6 * DAY) });
    expect(await removed()).toBe(0);
    expect(await removed(7)).toBe(1);
    expect(await removed(7)).toBe(0);
    expect(await events()).toHaveLength(1);
  });
});
