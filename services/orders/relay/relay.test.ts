import { newOrder, newRequest, TestPostgres } from "../fixture";
import type { Order } from "../order";
import { placeOrder } from "../place-order";
import { PostgresOrderStore } from "../postgres-store";
import { MemorySink, SHORT_TIMES, until } from "./fixture";
import { type Batch, type Progress, Relay, type RelayConfig, type RelayTimes } from "./relay";

jest.setTimeout(60_000);

let postgres: TestPostgres;
let name: string;
let store: PostgresOrderStore;
let stream: MemorySink;
let bus: MemorySink;
let relays: Relay[];
let batches: Batch[];
let errors: unknown[];
/** Relays that have become active, by their number, in order. */
let active: number[];
let progress: Progress[];

beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(() => postgres.stop());

beforeEach(async () => {
  name = await postgres.createMigratedDatabase();
  store = new PostgresOrderStore(postgres.open(name));
  stream = new MemorySink("stream");
  bus = new MemorySink("bus");
  [relays, batches, errors, active, progress] = [[], [], [], [], []];
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  await postgres.close();
});

function startRelay(times: Partial<RelayTimes> = {}, change: Partial<RelayConfig> = {}): Relay {
  const number = relays.length;
  const relay = new Relay({
    open: () => postgres.open(name, { poolSize: 1 }),
    sinks: [stream, bus],
    reports: {
      onActive: () => active.push(number),
      onBatch: (batch) => batches.push(batch),
      onProgress: (each) => progress.push(each),
      onError: (error) => errors.push(error),
    },
    times: { ...SHORT_TIMES, ...times },
    ...change,
  });
  relays.push(relay);
  relay.start();
  return relay;
}

async function place(change: Partial<Order> = {}): Promise<string> {
  const order = newOrder(change);
  await store.place(newRequest(), order);
  return order.id;
}

const cancel = (id: string) => store.cancel("user-1", id, "any", new Date());

async function unpublished(): Promise<number> {
  const rows = await postgres.run(name, "SELECT FROM outbox WHERE published_at IS NULL");
  return rows.length;
}

const untilPublished = () => until(async () => (await unpublished()) === 0);

/** Backends of relays at the database. */
async function backends(): Promise<number[]> {
  const rows = await postgres.run(
    name,
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = $1)",
    [name],
  );
  return rows.map(({ pid }) => pid as number);
}

test("both sinks get each event once, those of an order one after another, and they are marked", async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => place()));
  await cancel(ids[0] as string);
  startRelay();
  await untilPublished();
  const expected = new Map(ids.map((id, index) => [id, index === 0 ? [1, 2] : [1]]));
  expect(stream.read()).toEqual(expected);
  expect(bus.read()).toEqual(expected);
  expect(stream.taken).toHaveLength(6);
  // One of an order in flight at a time.
  expect(batches.map(({ published }) => published.length)).toEqual([5, 1]);
});

test("an event is a CloudEvent with the order as it was then, the same text each time", async () => {
  const texts: string[] = [];
  stream.before = async (events) => {
    texts.push(...events.map(({ text }) => text));
    return texts.length === 1 ? events.map(({ id }) => id) : [];
  };
  const id = await place();
  startRelay();
  await untilPublished();
  expect(texts).toHaveLength(2);
  expect(texts[0]).toBe(texts[1]);
  expect(JSON.parse(texts[0] ?? "")).toEqual({
    ...{ specversion: "1.0", id: expect.any(String), source: "orders", type: "shop.order.placed.v1" },
    ...{ subject: id, time: expect.stringMatching(/^\d{4}-.*Z$/), datacontenttype: "application/json" },
    ...{ dataschema: "order-placed/v1", sequence: 1, partitionkey: id },
    traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
    data: { principal: "user-1", order: expect.objectContaining({ id, status: "placed", version: 1 }) },
  });
});

test("an event that is committed late is published, though younger ones were before it", async () => {
  const slow = newOrder({ placedAt: new Date(Date.now() - 60_000) });
  const database = postgres.open(name);
  const transaction = await database.startTransaction().execute();
  await placeOrder(transaction, "user-1", slow, "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01");
  startRelay();
  const young = await place();
  await untilPublished();
  expect([...stream.read().keys()]).toEqual([young]);
  await transaction.commit().execute();
  await until(() => stream.read().has(slow.id));
});

test("what one sink has is not sent there again while the other is away", async () => {
  let away = 3;
  bus.before = async (events) => (away-- > 0 ? events.map(({ id }) => id) : []);
  await place();
  startRelay();
  await untilPublished();
  expect(stream.batches).toHaveLength(1);
  expect(bus.batches).toHaveLength(4);
  expect(batches.map(({ refused }) => refused)).toEqual([...Array(3).fill({ "bus.Spoilt": 1 }), {}]);
});

test("an event that is refused rests, is overtaken by other orders, and never by its own", async () => {
  const [stuck = ""] = [await place()];
  await cancel(stuck);
  let refusals = 0;
  stream.before = async (events) => {
    const own = events.filter(({ orderId, text }) => orderId === stuck && JSON.parse(text).sequence === 1);
    if (refusals >= 5) return [];
    refusals += own.length;
    return own.map(({ id }) => id);
  };
  startRelay();
  const others = [];
  for (let count = 0; count < 10; count++) others.push(await place());
  await untilPublished();
  expect(stream.read()).toEqual(
    new Map([[stuck, [1, 2]], ...others.map((id): [string, number[]] => [id, [1]])]),
  );
});

test("events that are refused for good, each by itself, hold up none behind them: not even a batch of them, after a restart", async () => {
  const stuck = new Set(await Promise.all(Array.from({ length: 7 }, () => place())));
  const young = await place();
  bus.before = async (events) => events.filter(({ orderId }) => stuck.has(orderId)).map(({ id }) => id);
  // Only by going on behind them at once does it come to the last.
  const slow = { retry: { first: 60_000, most: 60_000 }, event: { first: 60_000, most: 60_000 } };
  startRelay(slow, { batch: 3, random: () => 0.5 });
  await until(() => bus.read().has(young));
  expect(bus.batches.map(({ length }) => length)).toEqual([3, 3, 2]);
  expect(await unpublished()).toBe(7);
});

test("while calls fail nothing rests: what waited comes in its order once they succeed", async () => {
  let away = 3;
  bus.before = async () => {
    if (away-- > 0) throw new Error("no answer");
    return [];
  };
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) ids.push(await place());
  startRelay({ event: { first: 60_000, most: 60_000 } }, { batch: 2, random: () => 0.5 });
  await untilPublished();
  expect(bus.taken.map(({ orderId }) => orderId)).toEqual(ids);
  expect(batches.map(({ refused }) => refused)).toEqual([
    ...Array(3).fill({ "bus.Error": 2 }),
    ...[{}, {}, {}],
  ]);
});

test("tells how much waits and since when, what was published, and how late", async () => {
  let refuse = true;
  bus.before = async (events) => (refuse ? events.map(({ id }) => id) : []);
  await place({ placedAt: new Date(Date.now() - 90_000) });
  await place();
  startRelay({ progress: 1 });
  await until(() => progress.length > 1);
  expect(progress[0]).toEqual({ depth: 2, ageSeconds: expect.any(Number), published: 0 });
  expect(progress[0]?.ageSeconds).toBeGreaterThanOrEqual(90);
  refuse = false;
  await untilPublished();
  const before = progress.length;
  await until(() => progress.length > before + 1);
  expect(progress.at(-1)).toEqual({ depth: 0, ageSeconds: 0, published: 0 });
  const told = progress.filter(({ published }) => published > 0);
  expect(told.reduce((sum, { published }) => sum + published, 0)).toBe(2);
  expect(
    Math.max(...told.map(({ longestLagMilliseconds }) => longestLagMilliseconds ?? 0)),
  ).toBeGreaterThanOrEqual(90_000);
});

describe("of several relays", () => {
  test("one is active, and when it is stopped another goes on", async () => {
    const all = [startRelay(), startRelay(), startRelay()];
    await until(() => active.length === 1);
    const first = await place();
    await untilPublished();
    expect(active).toHaveLength(1);
    await all[active[0] as number]?.stop();
    await until(() => active.length === 2);
    const second = await place();
    await untilPublished();
    expect(stream.taken.map(({ orderId }) => orderId)).toEqual([first, second]);
  });

  test("one whose connection is ended can mark nothing any more; what it published is published again", async () => {
    let ended = false;
    stream.after = async () => {
      if (ended) return [];
      ended = true;
      for (const pid of await backends())
        await postgres.run("postgres", "SELECT pg_terminate_backend($1)", [pid]);
      return [];
    };
    const id = await place();
    await cancel(id);
    startRelay();
    startRelay();
    await untilPublished();
    expect(stream.taken.map(({ sequence }) => sequence)).toEqual([1, 1, 2]);
    expect(stream.read()).toEqual(new Map([[id, [1, 2]]]));
    expect(errors).not.toEqual([]);
  });

  test("one that hangs loses the lock, and when it goes on it marks nothing", async () => {
    let goOn: () => void = () => undefined;
    let hung = false;
    stream.before = async () => {
      if (!hung) {
        hung = true;
        await new Promise<void>((done) => {
          goOn = done;
        });
      }
      return [];
    };
    const id = await place();
    startRelay({ silence: 200 });
    await until(() => hung);
    startRelay({ silence: 200 });
    await untilPublished();
    expect(active).toEqual([0, 1]);
    await cancel(id);
    await untilPublished();
    goOn();
    await until(() => errors.length > 0);
    // The reader knows the event by its id, however late it comes again.
    expect(stream.taken.map(({ sequence }) => sequence)).toEqual([1, 2, 1]);
    expect(stream.read()).toEqual(new Map([[id, [1, 2]]]));
  });
});

test("control 36: a relay that is stopped marks the batch that it has published", async () => {
  let publishing = false;
  stream.after = async () => {
    publishing = true;
    await new Promise((done) => setTimeout(done, 100));
    return [];
  };
  await place();
  const relay = startRelay();
  await until(() => publishing);
  await relay.stop();
  expect(await unpublished()).toBe(0);
  expect(await backends()).toEqual([]);
});

test("finds the oldest by the index, whatever the number of events", async () => {
  await place();
  await postgres.run(
    name,
    `INSERT INTO orders (id, principal, status, currency, total_cents, placed_at)
       SELECT gen_random_uuid(), 'user-1', 'placed', 'EUR', 1, now() FROM generate_series(1, 5000);
     INSERT INTO outbox (id, order_id, sequence, type, occurred_at, payload, traceparent, published_at)
       SELECT gen_random_uuid(), id, 1, 'shop.order.placed.v1', now(), '{}', repeat('0', 55), now() FROM orders
       WHERE total_cents = 1;
     ANALYZE outbox`,
  );
  const plan = await postgres.run(
    name,
    "EXPLAIN SELECT * FROM outbox WHERE published_at IS NULL ORDER BY occurred_at, id LIMIT 100",
  );
  expect(plan.map((row) => row["QUERY PLAN"]).join("\n")).toContain("outbox_unpublished");
});
