import fc from "fast-check";
import { recordingObservability } from "../internal/recording-observability";
import type { HistoryEvent } from "./change";
import { eventsOf, ORDERS } from "./fixture";
import { MemoryView } from "./memory-view";
import { projector } from "./projector";

const STREAM = "arn:aws:kinesis:eu-west-1:111111111111:stream/order-events";
const REBUILD = "arn:aws:sqs:eu-west-1:111111111111:order-history-rebuild";

function setUp() {
  const view = new MemoryView();
  const { observability, counted, measured } = recordingObservability();
  const logged: unknown[] = [];
  const project = projector({
    view,
    generations: { get: () => view.generations() },
    rebuildQueueArn: REBUILD,
    observability,
    now: () => Date.parse("2026-01-01T00:00:02.500Z"),
  });
  const logger = {
    info: (message: string, fields?: object) => logged.push([message, fields]),
    warn: () => undefined,
    error: () => undefined,
  };
  const take = (event: HistoryEvent, sourceArn = STREAM) =>
    project(event, { signal: new AbortController().signal, sourceArn, logger });
  return { view, take, counted, measured, logged };
}

const [FIRST, SECOND] = ORDERS;
const first = eventsOf(FIRST);

test("an order is seen as its newest event has it, beside what became of its fulfilment", async () => {
  const { view, take } = setUp();
  await take(first.placed);
  await take(first.failed);
  await take(first.cancelled);
  const row = view.of(1)[`user-1/${FIRST}`] ?? {};
  expect(JSON.parse(String(row["order"]))).toEqual({
    ...{ id: FIRST, status: "cancelled", version: 2, totalCents: 3900, currency: "EUR" },
    items: [{ productId: "teapot", name: "Teapot", quantity: 1, unitPriceCents: 3900 }],
    ...{ placedAt: "2026-01-01T00:00:00.000Z", cancelledAt: "2026-01-01T00:01:00.000Z", cancelledBy: "user" },
  });
  expect(JSON.parse(String(row["fulfilment"]))).toEqual({
    ...{ status: "failed", at: "2026-01-01T00:02:00.000Z", reason: "outOfStock" },
  });
});

test("what was shipped says how", async () => {
  const { view, take } = setUp();
  await take(first.shipped);
  expect(JSON.parse(String(view.of(1)[`user-1/${FIRST}`]?.["fulfilment"]))).toEqual({
    ...{ status: "shipped", at: "2026-01-01T00:03:00.000Z", shipmentId: "shipment-1" },
  });
});

test("control 9: the same event again changes nothing, and only the first is counted as applied", async () => {
  const { view, take, counted, measured } = setUp();
  await take(first.placed);
  const before = view.of(1);
  await take(first.placed);
  expect(view.of(1)).toEqual(before);
  expect(counted).toEqual(["HistoryApplied", "HistoryKnown"]);
  expect(measured).toEqual([{ name: "HistoryLag", milliseconds: 2500 }]);
});

test("while a generation is built, what happens goes to both, and what is replayed to that one alone", async () => {
  const { view, take, measured } = setUp();
  view.generationsNow = { serving: 1, building: 2 };
  await take(first.placed);
  await take(eventsOf(SECOND, "user-2").placed, REBUILD);
  expect(Object.keys(view.of(1))).toEqual([`user-1/${FIRST}`]);
  expect(Object.keys(view.of(2))).toEqual([`user-1/${FIRST}`, `user-2/${SECOND}`]);
  expect(measured).toHaveLength(1);
});

test("what is replayed when nothing is built is left out", async () => {
  const { view, take, counted, logged } = setUp();
  await take(first.placed, REBUILD);
  expect(view.rows.size).toBe(0);
  expect(counted).toEqual(["HistoryLeftOut"]);
  expect(logged).toEqual([["left out", { reason: "no generation is built" }]]);
});

describe("whatever the order and however often", () => {
  const all = ORDERS.flatMap((id, index) => Object.values(eventsOf(id, `user-${index}`)));
  const happened = fc.shuffledSubarray(all, { minLength: 1 });
  /** Each of them at least once, some again, in any order. */
  function delivered<T>(what: readonly T[]): fc.Arbitrary<readonly T[]> {
    if (what.length === 0) return fc.constant([]);
    return fc.array(fc.constantFrom(...what), { maxLength: 12 }).chain((again) => {
      const each = [...what, ...again];
      return fc.shuffledSubarray(each, { minLength: each.length });
    });
  }

  test("control 9: the rows come to be those of events that came once and in order", async () => {
    const runs = happened.chain((events) => fc.tuple(fc.constant(events), delivered(events)));
    await fc.assert(
      fc.asyncProperty(runs, async ([events, deliveries]) => {
        const [expected, actual] = [setUp(), setUp()];
        const inOrder = [...events].sort((left, right) => left.sequence - right.sequence);
        for (const event of inOrder) await expected.take(event);
        for (const event of deliveries) await actual.take(event);
        expect(actual.view.of(1)).toEqual(expected.view.of(1));
      }),
      { numRuns: 300 },
    );
  });

  test("a generation that is built under way comes to be that which serves", async () => {
    const runs = happened.chain((events) =>
      fc.tuple(fc.nat(events.length), fc.nat(events.length)).chain((cuts) => {
        const [begun, known] = [Math.min(...cuts), Math.max(...cuts)];
        const replayed = events.slice(0, known).map((event) => ({ event, sourceArn: REBUILD }));
        const live = events.slice(known).map((event) => ({ event, sourceArn: STREAM }));
        return fc.record({
          before: fc.constant(events.slice(0, begun)),
          // It is built, but not every projector knows so yet.
          meanwhile: fc.constant(events.slice(begun, known)),
          knows: fc.array(fc.boolean(), { minLength: known - begun, maxLength: known - begun }),
          after: delivered([...replayed, ...live]),
        });
      }),
    );
    await fc.assert(
      fc.asyncProperty(runs, async ({ before, meanwhile, knows, after }) => {
        const { view, take } = setUp();
        for (const event of before) await take(event);
        for (const [index, event] of meanwhile.entries()) {
          view.generationsNow = { serving: 1, ...(knows[index] && { building: 2 }) };
          await take(event);
        }
        view.generationsNow = { serving: 1, building: 2 };
        for (const { event, sourceArn } of after) await take(event, sourceArn);
        expect(view.of(2)).toEqual(view.of(1));
      }),
      { numRuns: 300 },
    );
  });
});
