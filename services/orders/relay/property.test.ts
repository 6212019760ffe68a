import fc from "fast-check";
import { newOrder, newRequest, TestPostgres } from "../fixture";
import { PostgresOrderStore } from "../postgres-store";
import { MemorySink, SHORT_TIMES, until } from "./fixture";
import { Relay } from "./relay";

jest.setTimeout(180_000);

/** More by hand: OUTBOX_RUNS=300 npx jest services/orders/relay/property */
const RUNS = Number(process.env["OUTBOX_RUNS"] ?? 20);

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(() => postgres.stop());

/** An event that is always refused rests for longer than looks at the others take. */
const times = { ...SHORT_TIMES, event: { first: 5, most: 300 } };

/** What happens to one batch at one sink: nothing; some are refused; some answers are lost; the call fails; the active relay's connection is cut before or after. */
const trouble = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "none" } as const) },
  fc.record({ kind: fc.constantFrom("refuse", "lose"), each: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constantFrom("fail", "cutBefore", "cutAfter") }),
);
const step = fc.oneof(
  fc.record({ kind: fc.constant("place" as const) }),
  fc.record({ kind: fc.constant("placeRefused" as const) }),
  fc.record({ kind: fc.constantFrom("cancel", "fail"), order: fc.nat({ max: 20 }) }),
  fc.record({ kind: fc.constant("pause" as const), milliseconds: fc.nat({ max: 30 }) }),
  fc.record({ kind: fc.constant("restart" as const), relay: fc.nat({ max: 1 }) }),
);

test("control 9: whatever fails in between, each sink gets every event but those that it always refuses, and a reader that leaves out repetitions sees each order's in order", async () => {
  const name = await postgres.createMigratedDatabase();
  const database = postgres.open(name);
  const store = new PostgresOrderStore(database);
  /** Orders whose events are refused, each by itself, for good. */
  const refused = new Set<string>();

  async function cut(): Promise<void> {
    await postgres.run(
      "postgres",
      "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory' AND d.datname = $1",
      [name],
    );
  }

  function newSink(
    sinkName: string,
    troubles: readonly (typeof trouble extends fc.Arbitrary<infer Value> ? Value : never)[],
  ): MemorySink {
    const sink = new MemorySink(sinkName);
    // Troubles end, or nothing would ever be published.
    const left = [...troubles];
    let present: (typeof left)[number] | undefined;
    sink.before = async (events) => {
      present = left.shift();
      if (present?.kind === "cutBefore") await cut();
      if (present?.kind === "fail") throw new Error("no answer");
      const each = present?.kind === "refuse" ? present.each : Number.POSITIVE_INFINITY;
      return events
        .filter(({ orderId }, index) => refused.has(orderId) || (index + 1) % each === 0)
        .map(({ id }) => id);
    };
    sink.after = async (events) => {
      if (present?.kind === "cutAfter") await cut();
      if (present?.kind !== "lose") return [];
      const { each } = present;
      return events.filter((_, index) => index % each === 0).map(({ id }) => id);
    };
    return sink;
  }

  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 25 }),
      fc.array(trouble, { maxLength: 10 }),
      fc.array(trouble, { maxLength: 10 }),
      async (steps, streamTroubles, busTroubles) => {
        await postgres.run(name, "TRUNCATE orders, order_items, idempotency_keys, outbox");
        refused.clear();
        const sinks = [newSink("stream", streamTroubles), newSink("bus", busTroubles)];
        const start = () => {
          const relay = new Relay({
            open: () => postgres.open(name, { poolSize: 1 }),
            ...{ sinks, times, batch: 3 },
            reports: {
              ...{ onActive: () => undefined, onBatch: () => undefined },
              ...{ onProgress: () => undefined, onError: () => undefined },
            },
          });
          relay.start();
          return relay;
        };
        const relays = [start(), start()];
        const orders: string[] = [];
        try {
          for (const what of steps) {
            if (what.kind === "place" || what.kind === "placeRefused") {
              const order = newOrder();
              if (what.kind === "placeRefused") refused.add(order.id);
              await store.place(newRequest(), order);
              orders.push(order.id);
            } else if (what.kind === "pause") {
              await new Promise((done) => setTimeout(done, what.milliseconds));
            } else if (what.kind === "restart") {
              await relays[what.relay]?.stop();
              relays[what.relay] = start();
            } else {
              const id = orders[what.order % Math.max(1, orders.length)];
              if (id === undefined) continue;
              if (what.kind === "cancel") await store.cancel("user-1", id, "any", new Date());
              else await store.cancelUnfulfilled(id, new Date());
            }
          }
          await until(
            async () =>
              (
                await postgres.run(
                  name,
                  "SELECT FROM outbox WHERE published_at IS NULL AND order_id <> ALL($1) LIMIT 1",
                  [[...refused]],
                )
              ).length === 0,
          );
        } finally {
          await Promise.all(relays.map((relay) => relay.stop()));
        }
        const rows = await postgres.run(name, "SELECT id, version FROM orders");
        const expected = new Map(
          rows.flatMap(({ id, version }) =>
            refused.has(id as string)
              ? []
              : [[id, Array.from({ length: version as number }, (_, index) => index + 1)]],
          ),
        );
        for (const sink of sinks) expect(sink.read()).toEqual(expected);
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
});
