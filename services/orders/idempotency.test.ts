import { createHash } from "node:crypto";
import fc from "fast-check";
import { newOrder, newRequest, TestPostgres } from "./fixture";
import { removeExpiredKeys } from "./key-sweep";
import { PostgresOrderStore } from "./postgres-store";

jest.setTimeout(120_000);

const HOUR = 60 * 60 * 1000;

/** What may happen to the keys. */
type Step =
  | { readonly kind: "place"; readonly user: string; readonly key: string; readonly body: string }
  | { readonly kind: "wait"; readonly hours: number }
  | { readonly kind: "sweep"; readonly limit: number }
  | { readonly kind: "cancel"; readonly pick: number };

const place = fc.record({
  kind: fc.constant("place" as const),
  user: fc.constantFrom("ann", "bob"),
  key: fc.constantFrom("k1", "k2", "k3"),
  body: fc.constantFrom("b1", "b2"),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: place },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), hours: fc.integer({ min: 1, max: 30 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("sweep" as const), limit: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick: fc.nat() }) },
);

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** What must be true, in a few lines: a key stands for one body and one order until it expires. */
interface Model {
  now: number;
  readonly keys: Map<string, { readonly body: string; readonly id: string; readonly expiresAt: number }>;
  /** Ids of all orders, with their users and whether they are cancelled. */
  readonly orders: Map<string, { readonly user: string; cancelled: boolean }>;
}

test("control 9: whatever happens in which order, a key stands for one body and one order until it expires", async () => {
  const postgres = await TestPostgres.start();
  try {
    const name = await postgres.createMigratedDatabase();
    const database = postgres.open(name);
    const store = new PostgresOrderStore(database);

    async function run(model: Model, what: Step): Promise<void> {
      if (what.kind === "wait") {
        model.now += what.hours * HOUR;
        return;
      }
      if (what.kind === "sweep") {
        await removeExpiredKeys(database, new Date(model.now), what.limit);
        return;
      }
      if (what.kind === "cancel") {
        const [id, order] = [...model.orders][what.pick % Math.max(1, model.orders.size)] ?? [];
        if (id === undefined || !order) return;
        await store.cancel(order.user, id, "any", new Date(model.now));
        order.cancelled = true;
        return;
      }
      const { user, key, body } = what;
      const order = newOrder();
      const expiresAt = model.now + 24 * HOUR;
      const request = newRequest({
        ...{ principal: user, keyHash: sha256(key), requestHash: sha256(body) },
        ...{ now: new Date(model.now), expiresAt: new Date(expiresAt) },
      });
      const known = model.keys.get(`${user} ${key}`);
      const result = await store.place(request, order);
      if (!known || known.expiresAt <= model.now) {
        expect(result).toEqual({ outcome: "placed", order });
        model.keys.set(`${user} ${key}`, { body, id: order.id, expiresAt });
        model.orders.set(order.id, { user, cancelled: false });
      } else if (known.body !== body) {
        expect(result).toEqual({ outcome: "otherRequest" });
      } else {
        const status = model.orders.get(known.id)?.cancelled ? "cancelled" : "placed";
        expect(result).toMatchObject({ outcome: "replayed", order: { id: known.id, status } });
      }
    }

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        await postgres.run(name, "TRUNCATE orders, order_items, idempotency_keys, outbox");
        const model: Model = { now: Date.parse("2024-01-01T00:00:00Z"), keys: new Map(), orders: new Map() };
        for (const what of steps) await run(model, what);
        const rows = await postgres.run(name, "SELECT id, status = 'cancelled' AS cancelled FROM orders");
        expect(new Map(rows.map(({ id, cancelled }) => [id, cancelled]))).toEqual(
          new Map([...model.orders].map(([id, { cancelled }]) => [id, cancelled])),
        );
      }),
      { numRuns: 40 },
    );
  } finally {
    await postgres.stop();
  }
});
