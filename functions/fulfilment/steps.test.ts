import { cancelledEvent, ORDERS, placedEvent, stepsInMemory } from "./fixture";
import { resumptionName } from "./resumption";
import type { Steps } from "./steps";

const event = placedEvent();
const [orderId] = ORDERS;
const owed = "user-1#EUR";

test("an order is reserved, charged and shipped", async () => {
  const { steps, store } = stepsInMemory();
  expect(await steps.reserve(event, "one")).toEqual({ outcome: "reserved", needsApproval: false });
  expect(store.available.get("teapot")).toBe(8);
  expect(await steps.charge(event)).toEqual({ outcome: "charged" });
  expect(store.owed.get(owed)).toBe(200);
  expect(await steps.ship(event)).toEqual({
    outcome: "shipped",
    event: {
      ...{ specversion: "1.0", id: "01890a5d-ac96-774b-bcce-000000000002", source: "fulfilment" },
      ...{ type: "shop.fulfilment.shipped.v1", subject: orderId, time: "2026-01-01T00:00:03.000Z" },
      ...{ datacontenttype: "application/json", dataschema: "fulfilment-shipped/v1", sequence: 1 },
      ...{ partitionkey: orderId, traceparent: event.traceparent },
      data: {
        ...{ principal: "user-1", orderId, shipmentId: "01890a5d-ac96-774b-bcce-000000000001" },
        shippedAt: "2026-01-01T00:00:03.000Z",
      },
    },
  });
  expect(store.shipments).toEqual(new Set([orderId]));
});

test("control 9: each step done again answers the same, and changes nothing", async () => {
  const { steps, store } = stepsInMemory();
  const twice = async <Answer>(step: () => Promise<Answer>): Promise<void> => {
    const first = await step();
    const { revision } = store.records.get(orderId) ?? {};
    expect(await step()).toEqual(first);
    expect(store.records.get(orderId)?.revision).toBe(revision);
  };
  await twice(() => steps.reserve(event, "one"));
  await twice(() => steps.charge(event));
  await twice(() => steps.ship(event));
  expect([store.available.get("teapot"), store.owed.get(owed)]).toEqual([8, 200]);
});

test("control 9: a second execution for the same order leaves it to the first", async () => {
  const { steps, store } = stepsInMemory();
  await steps.reserve(event, "one");
  expect(await steps.reserve(event, "two")).toMatchObject({ outcome: "elsewhere" });
  expect(store.available.get("teapot")).toBe(8);
});

describe("an execution that is there to take over", () => {
  const first = "arn:aws:states:eu-west-1:111111111111:execution:fulfilment:one";
  const named = (from: string, own: string) =>
    `arn:aws:states:eu-west-1:111111111111:execution:fulfilment:${resumptionName(from, own)}`;
  const second = named(first, "00000001");

  test("from the one that has the order, goes on where that has come to", async () => {
    const { steps, store } = stepsInMemory();
    await steps.reserve(event, first);
    await steps.charge(event);
    expect(await steps.reserve(event, second)).toMatchObject({ outcome: "reserved" });
    expect(store.records.get(orderId)?.execution).toBe(second);
    expect(await steps.reserve(event, first)).toMatchObject({ outcome: "elsewhere" });
    await steps.charge(event);
    await steps.ship(event);
    expect([store.available.get("teapot"), store.owed.get(owed)]).toEqual([8, 200]);
  });

  test("gives back what a failed order still holds, and tells the same end", async () => {
    const { steps, store } = stepsInMemory();
    await steps.reserve(event, first);
    await steps.charge(event);
    const end = await steps.giveUp(event, "error");
    expect(await steps.reserve(event, second)).toMatchObject({ outcome: "ended" });
    expect(await steps.giveUp(event, "error")).toEqual(end);
    await steps.refund(event);
    await steps.release(event);
    expect([store.available.get("teapot"), store.owed.get(owed)]).toEqual([10, 0]);
  });

  test("of two at once one has it, and the next takes over from that one", async () => {
    const { steps, store } = stepsInMemory();
    await steps.reserve(event, first);
    const both = [second, named(first, "00000002")];
    const answers = await Promise.all(both.map((execution) => steps.reserve(event, execution)));
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(["elsewhere", "reserved"]);
    const { execution = "" } = store.records.get(orderId) ?? {};
    const third = named(execution, "00000003");
    expect(await steps.reserve(event, third)).toMatchObject({ outcome: "reserved" });
    expect(await steps.reserve(event, third)).toMatchObject({ outcome: "reserved" });
  });

  test("of an order that was cancelled before any came to it, finds that", async () => {
    const { steps } = stepsInMemory();
    await steps.giveUp(cancelledEvent(event), "cancelled");
    expect(await steps.reserve(event, second)).toMatchObject({ outcome: "ended" });
  });
});

test("units of one product in several lines are reserved as one", async () => {
  const { steps, store } = stepsInMemory();
  const [item] = event.data.order.items;
  if (!item) throw new Error("the order has an item");
  const { order } = event.data;
  const items = [item, { ...item, quantity: 5 }];
  await steps.reserve(
    { ...event, data: { ...event.data, order: { ...order, items } } } as typeof event,
    "one",
  );
  expect(store.records.get(orderId)?.items).toEqual([{ productId: "teapot", quantity: 7 }]);
  expect(store.available.get("teapot")).toBe(3);
});

test.each([
  { name: "there are too few", available: 1, productId: "teapot" },
  { name: "there is no such product", available: 10, productId: "cup" },
])("where $name, nothing is reserved and the order has failed", async ({ available, productId }) => {
  const { steps, store } = stepsInMemory({ available });
  const other = placedEvent(orderId, { productId });
  expect(await steps.reserve(other, "one")).toMatchObject({ outcome: "outOfStock" });
  expect(store.available.get("teapot")).toBe(available);
  expect(await steps.giveUp(other, "error")).toMatchObject({
    outcome: "failed",
    event: { type: "shop.fulfilment.failed.v1", data: { reason: "outOfStock" } },
  });
});

test("an order that none could reserve belongs to the execution that gives it up, and can be taken over from it", async () => {
  const { steps, store } = stepsInMemory();
  const second = `arn:aws:states:eu-west-1:111111111111:execution:fulfilment:${resumptionName("one", "a")}`;
  const end = await steps.giveUp(event, "error", "one");
  expect(store.records.get(orderId)).toMatchObject({ status: "failed", execution: "one" });
  expect(await steps.reserve(event, "two")).toMatchObject({ outcome: "elsewhere" });
  expect(await steps.reserve(event, second)).toMatchObject({ outcome: "ended" });
  expect(await steps.giveUp(event, "error", second)).toEqual(end);
});

test("an order that is cancelled before an execution came to it belongs to none", async () => {
  const { steps, store } = stepsInMemory();
  await steps.giveUp(cancelledEvent(event), "cancelled");
  expect(store.records.get(orderId)).not.toHaveProperty("execution");
});

test("what the credit does not allow is declined, then given back", async () => {
  const { steps, store } = stepsInMemory({ creditLimitCents: 300 });
  const second = placedEvent(ORDERS[1]);
  await steps.reserve(event, "one");
  await steps.charge(event);
  await steps.reserve(second, "two");
  expect(await steps.charge(second)).toEqual({ outcome: "paymentDeclined" });
  expect(await steps.giveUp(second, "error")).toMatchObject({
    event: { data: { reason: "paymentDeclined" } },
  });
  expect(await steps.refund(second)).toEqual({ outcome: "nothingCharged" });
  expect(await steps.release(second)).toEqual({ outcome: "released" });
  expect([store.available.get("teapot"), store.owed.get(owed)]).toEqual([8, 200]);
});

describe("approval", () => {
  async function asked() {
    const memory = stepsInMemory({ approvalAboveCents: 199 });
    expect(await memory.steps.reserve(event, "one")).toEqual({ outcome: "reserved", needsApproval: true });
    expect(await memory.steps.requestApproval(event, "token-1")).toEqual({ outcome: "asked" });
    return memory;
  }

  const waiting = { orderId, principal: "user-1", totalCents: 200, currency: "EUR" };

  test("what waits is listed without its token", async () => {
    const { steps } = await asked();
    expect(await steps.approvals()).toEqual({
      outcome: "listed",
      approvals: [{ ...waiting, askedAt: "2026-01-01T00:00:01.000Z" }],
    });
  });

  test("those that have waited longest come first, page by page; who asks again does not wait anew", async () => {
    const { steps } = await asked();
    const later = [ORDERS[1], "01890a5d-ac96-774b-bcce-000000000001"];
    for (const [index, id] of later.entries()) {
      const placed = placedEvent(id);
      await steps.reserve(placed, `later-${index}`);
      await steps.requestApproval(placed, `token-of-${id}`);
    }
    await steps.requestApproval(event, "token-2");
    const { approvals, next } = await steps.approvals();
    const rest = await steps.approvals(next);
    expect([...approvals, ...rest.approvals].map((it) => it.orderId)).toEqual([orderId, ...later]);
    expect(approvals[0]?.askedAt).toBe("2026-01-01T00:00:01.000Z");
    expect(rest.next).toBeUndefined();
  });

  test.each([
    { name: "decided", end: (steps: Steps) => steps.answerApproval(orderId, "approved") },
    { name: "cancelled", end: (steps: Steps) => steps.giveUp(cancelledEvent(event), "cancelled") },
    { name: "given up", end: (steps: Steps) => steps.concludeApproval(event) },
  ])("what is $name is listed no more, though its workflow can still be woken", async ({ end }) => {
    const { steps, store } = await asked();
    await end(steps);
    expect(await steps.approvals()).toEqual({ outcome: "listed", approvals: [] });
    expect(await steps.approvalAge()).toEqual({ outcome: "measured", milliseconds: 0 });
    expect(store.tokens.get(orderId)).toBe("token-1");
  });

  test("an order tells whether it waits, and which execution it waits in", async () => {
    const { steps } = await asked();
    const known = { outcome: "known", status: "open", execution: "one" };
    expect(await steps.order(orderId)).toEqual({ ...known, approval: "asked" });
    await steps.answerApproval(orderId, "rejected");
    expect(await steps.order(orderId)).toEqual({ ...known, approval: "rejected" });
    expect(await steps.order(ORDERS[1])).toEqual({ outcome: "unknown" });
  });

  test("approved, the workflow is woken, and goes on", async () => {
    const { steps, woken, store } = await asked();
    expect(await steps.answerApproval(orderId, "approved")).toEqual({ outcome: "approved", heard: true });
    expect(woken).toEqual(["token-1"]);
    expect(await steps.concludeApproval(event)).toEqual({ outcome: "approved" });
    expect(await steps.charge(event)).toEqual({ outcome: "charged" });
    expect(store.tokens.size).toBe(0);
  });

  test("rejected, the order has failed", async () => {
    const { steps, store } = await asked();
    expect(await steps.answerApproval(orderId, "rejected")).toEqual({ outcome: "rejected", heard: true });
    expect(await steps.concludeApproval(event)).toEqual({ outcome: "rejected" });
    expect(await steps.release(event)).toEqual({ outcome: "released" });
    expect([store.tokens.size, store.available.get("teapot")]).toEqual([0, 10]);
  });

  test("not decided in time, the order has failed, and a decision comes too late", async () => {
    const { steps } = await asked();
    expect(await steps.concludeApproval(event)).toEqual({ outcome: "approvalTimedOut" });
    expect(await steps.answerApproval(orderId, "approved")).toEqual({ outcome: "ended", heard: false });
  });

  test("the first decision stays; the same again wakes again", async () => {
    const { steps, woken } = await asked();
    await steps.answerApproval(orderId, "approved");
    expect(await steps.answerApproval(orderId, "rejected")).toEqual({ outcome: "decided", heard: false });
    expect(await steps.answerApproval(orderId, "approved")).toEqual({ outcome: "approved", heard: true });
    expect(woken).toEqual(["token-1", "token-1"]);
  });

  test("a request that comes after the decision is woken at once", async () => {
    const { steps, woken } = await asked();
    await steps.answerApproval(orderId, "approved");
    expect(await steps.requestApproval(event, "token-2")).toEqual({ outcome: "approved" });
    expect(woken).toEqual(["token-1", "token-2"]);
  });

  test.each([
    { name: "is unknown", order: ORDERS[1], outcome: "unknown" },
    { name: "needs none", order: ORDERS[0], outcome: "notAsked" },
  ])("an order that $name is not decided on", async ({ order, outcome }) => {
    const { steps } = stepsInMemory();
    await steps.reserve(event, "one");
    expect(await steps.answerApproval(order, "approved")).toEqual({ outcome, heard: false });
  });

  test("what is not approved is not charged", async () => {
    const { steps } = await asked();
    await expect(steps.charge(event)).rejects.toThrow(new Error("an order is charged before it is approved"));
  });
});

test("given up by an execution that came to no answer: the one that waits for approval is woken", async () => {
  const { steps, woken } = stepsInMemory({ approvalAboveCents: 100 });
  await steps.reserve(event, "one");
  await steps.requestApproval(event, "token-1");
  expect(await steps.giveUp(event, "error")).toMatchObject({ outcome: "failed" });
  expect(woken).toEqual(["token-1"]);
  expect(await steps.concludeApproval(event)).toEqual({ outcome: "ended" });
});

describe("cancelled by its user", () => {
  const cancelled = cancelledEvent(event);

  test("while it waits for approval: the workflow is woken, and finds it ended", async () => {
    const { steps, woken, store } = stepsInMemory({ approvalAboveCents: 100 });
    await steps.reserve(event, "one");
    await steps.requestApproval(event, "token-1");
    const end = await steps.giveUp(cancelled, "cancelled");
    expect(end).toMatchObject({ outcome: "failed", event: { data: { reason: "cancelled" } } });
    expect(woken).toEqual(["token-1"]);
    expect(await steps.concludeApproval(event)).toEqual({ outcome: "ended" });
    expect(await steps.giveUp(event, "error")).toEqual(end);
    expect(await steps.release(event)).toEqual({ outcome: "released" });
    expect(await steps.release(cancelled)).toEqual({ outcome: "nothingReserved" });
    expect(store.available.get("teapot")).toBe(10);
  });

  test("while it waits, and the waking fails: the step done again wakes", async () => {
    const { steps, woken, store } = stepsInMemory({ approvalAboveCents: 100 });
    await steps.reserve(event, "one");
    await steps.requestApproval(event, "token-1");
    const find = jest.spyOn(store, "approvalToken").mockRejectedValueOnce(new Error("throttled"));
    await expect(steps.giveUp(cancelled, "cancelled")).rejects.toThrow(new Error("throttled"));
    expect([store.records.get(orderId)?.status, woken]).toEqual(["failed", []]);
    await steps.giveUp(cancelled, "cancelled");
    expect(woken).toEqual(["token-1"]);
    find.mockRestore();
  });

  test("once charged: charged and reserved are given back once", async () => {
    const { steps, store } = stepsInMemory();
    await steps.reserve(event, "one");
    await steps.charge(event);
    await steps.giveUp(cancelled, "cancelled");
    expect(await steps.refund(cancelled)).toEqual({ outcome: "refunded" });
    expect(await steps.refund(event)).toEqual({ outcome: "nothingCharged" });
    await steps.release(cancelled);
    expect(await steps.ship(event)).toEqual({ outcome: "ended" });
    expect([store.available.get("teapot"), store.owed.get(owed)]).toEqual([10, 0]);
    expect([...store.entries.values()]).toEqual([200, -200]);
  });

  test("before its workflow has begun: nothing is reserved any more", async () => {
    const { steps, store } = stepsInMemory();
    await steps.giveUp(cancelled, "cancelled");
    expect(await steps.reserve(event, "one")).toMatchObject({ outcome: "ended" });
    expect(await steps.release(event)).toEqual({ outcome: "nothingReserved" });
    expect(store.available.get("teapot")).toBe(10);
  });

  test("once shipped: it stays shipped, and nothing is given back", async () => {
    const { steps, store } = stepsInMemory();
    await steps.reserve(event, "one");
    await steps.charge(event);
    const shipped = await steps.ship(event);
    expect(await steps.giveUp(cancelled, "cancelled")).toEqual(shipped);
    await expect(steps.refund(cancelled)).rejects.toThrow(
      new Error(`order ${orderId} is shipped: what it holds is given back once it has failed`),
    );
    expect(store.owed.get(owed)).toBe(200);
  });
});
