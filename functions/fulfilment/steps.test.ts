import { cancelledEvent, ORDERS, placedEvent, stepsInMemory } from "./fixture";

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

  test("what waits is listed without its token", async () => {
    const { steps } = await asked();
    const waiting = { orderId, principal: "user-1", totalCents: 200, currency: "EUR" };
    expect(await steps.approvals()).toEqual({
      ...{ outcome: "listed", more: false },
      approvals: [{ ...waiting, askedAt: "2026-01-01T00:00:01.000Z" }],
    });
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
