import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { newOrder, newRequest, TestPostgres } from "./fixture";
import { removeExpiredKeys } from "./key-sweep";
import { PostgresOrderStore } from "./postgres-store";
import type { OrdersDatabase } from "./schema";
import { Sweep } from "./sweep";

jest.setTimeout(60_000);

let postgres: TestPostgres;
let name: string;
let database: Kysely<OrdersDatabase>;

beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(() => postgres.stop());
afterEach(() => postgres.close());

beforeEach(async () => {
  name = await postgres.createMigratedDatabase();
  database = postgres.open(name);
});

const NOW = new Date("2024-06-01T00:00:00Z");

/** Adds keys of one order that expire a second after one another, the last of them at `last`. */
async function addKeys(keys: number, last: Date): Promise<void> {
  const order = newOrder();
  await new PostgresOrderStore(database).place(newRequest(), order);
  const rows = Array.from({ length: keys }, (_, index) => ({
    ...{ principal: "user-1", key_hash: randomBytes(32), request_hash: randomBytes(32), order_id: order.id },
    expires_at: new Date(last.getTime() - index * 1000),
  }));
  await database.insertInto("idempotency_keys").values(rows).execute();
}

async function keysLeft(): Promise<number> {
  const [row] = await postgres.run(name, "SELECT count(*)::int AS count FROM idempotency_keys");
  return row?.["count"] as number;
}

test("removes what has expired and nothing else, no more than the limit at once", async () => {
  await addKeys(7, NOW);
  await addKeys(2, new Date(NOW.getTime() + 2000));
  // Two more are those of the orders that were placed.
  expect(await keysLeft()).toBe(11);
  expect(await removeExpiredKeys(database, NOW, 4)).toBe(4);
  expect(await removeExpiredKeys(database, NOW, 4)).toBe(3);
  expect(await removeExpiredKeys(database, NOW, 4)).toBe(0);
  expect(await keysLeft()).toBe(4);
  const [{ count }] = (await postgres.run(name, "SELECT count(*)::int AS count FROM orders")) as [
    { count: number },
  ];
  expect(count).toBe(2);
});

test("a key that a request is taking over is gone past, without waiting", async () => {
  await addKeys(3, NOW);
  const transaction = await database.startTransaction().execute();
  await transaction
    .selectFrom("idempotency_keys")
    .select("key_hash")
    .where("expires_at", "=", NOW)
    .forUpdate()
    .execute();
  expect(await removeExpiredKeys(database, NOW, 100)).toBe(2);
  await transaction.rollback().execute();
  expect(await removeExpiredKeys(database, NOW, 100)).toBe(1);
});

test("several that sweep at once remove each key once", async () => {
  await addKeys(100, NOW);
  const removed = await Promise.all(Array.from({ length: 5 }, () => removeExpiredKeys(database, NOW, 100)));
  expect(removed.reduce((sum, keys) => sum + keys, 0)).toBe(100);
});

test("finds the oldest by the index, whatever the number of keys", async () => {
  await addKeys(5000, new Date(NOW.getTime() + 4_000_000));
  await postgres.run(name, "ANALYZE idempotency_keys");
  const plan = await postgres.run(
    name,
    `EXPLAIN SELECT principal, key_hash FROM idempotency_keys WHERE expires_at <= $1
     ORDER BY expires_at LIMIT 500 FOR UPDATE SKIP LOCKED`,
    [NOW],
  );
  const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
  expect(text).toContain("Index Scan using idempotency_keys_by_expiry");
  expect(text).not.toContain("Sort");
});

describe("the sweep", () => {
  async function until(condition: () => boolean): Promise<void> {
    for (const deadline = Date.now() + 10_000; !condition(); ) {
      if (Date.now() > deadline) throw new Error("did not come about within 10 s");
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  test("goes on batch by batch, and goes on after an error", async () => {
    await addKeys(25, NOW);
    const swept: number[] = [];
    const errors: unknown[] = [];
    let fails = true;
    const sweep = new Sweep({
      remove: (limit) => {
        if (fails) {
          fails = false;
          throw new Error("no time");
        }
        return removeExpiredKeys(database, NOW, limit);
      },
      onSwept: (keys) => swept.push(keys),
      onError: (error) => errors.push(error),
      everyMilliseconds: 10,
      batch: 10,
    });
    sweep.start();
    await until(() => swept.length > 0);
    await sweep.stop();
    expect(swept).toEqual([25]);
    expect(errors).toEqual([new Error("no time")]);
    expect(await keysLeft()).toBe(1);
  });

  test("does no more than its batches at one time", async () => {
    await addKeys(25, NOW);
    const swept: number[] = [];
    const sweep = new Sweep({
      remove: (limit) => removeExpiredKeys(database, NOW, limit),
      ...{ onSwept: (keys) => swept.push(keys), onError: () => undefined },
      ...{ everyMilliseconds: 10, batch: 5, batches: 2 },
    });
    sweep.start();
    await until(() => swept.length >= 3);
    await sweep.stop();
    expect(swept.slice(0, 3)).toEqual([10, 10, 5]);
  });

  test("ends when it is stopped while it waits for the next minute", async () => {
    const sweep = new Sweep({
      ...{ remove: async () => 0, onSwept: () => undefined, onError: () => undefined },
    });
    sweep.start();
    await expect(sweep.stop()).resolves.toBeUndefined();
  });
});
