import type { OrderEvent } from "./fulfilment";
import { MemoryStore } from "./memory-store";
import { Steps } from "./steps";

/** For tests: ids of two orders. */
export const ORDERS = [
  "01890a5d-ac96-774b-bcce-b302099a8057",
  "01890a5d-ac96-774b-bcce-b302099a8058",
] as const;

/** For tests: that an order was placed. One item: cents for each of its units are 100. */
export function placedEvent(
  orderId: string = ORDERS[0],
  { productId = "teapot", quantity = 2, principal = "user-1" } = {},
): OrderEvent {
  const order = {
    ...{ id: orderId, status: "placed" as const, totalCents: quantity * 100, currency: "EUR", version: 1 },
    items: [{ productId, name: "Teapot", quantity, unitPriceCents: 100 }],
    ...{ placedAt: "2026-01-01T00:00:00.000Z", cancelledAt: null },
  };
  return {
    ...{ specversion: "1.0", id: "01890a5d-ac96-774b-bcce-0000000000a1", source: "orders" },
    ...{ type: "shop.order.placed.v1", subject: orderId, time: "2026-01-01T00:00:00.000Z" },
    ...{ datacontenttype: "application/json", dataschema: "order-placed/v1", sequence: 1 },
    ...{ partitionkey: orderId, traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` },
    data: { principal, order },
  };
}

/** For tests: that the same order was cancelled by its user. */
export function cancelledEvent(placed: OrderEvent): OrderEvent {
  const { principal, order } = placed.data;
  const cancelledAt = "2026-01-01T00:01:00.000Z";
  return {
    ...placed,
    ...{ id: "01890a5d-ac96-774b-bcce-0000000000a2", type: "shop.order.cancelled.v1", sequence: 2 },
    ...{ dataschema: "order-cancelled/v1", time: cancelledAt },
    data: {
      ...{ principal, reason: "user" },
      order: { ...order, status: "cancelled", version: 2, cancelledAt },
    },
  };
}

/** For tests: steps in memory, with a clock that goes on by a second each time, and ids that count. */
export function stepsInMemory({ available = 10, creditLimitCents = 10_000, approvalAboveCents = 1000 } = {}) {
  const store = new MemoryStore(new Map([["teapot", available]]), creditLimitCents);
  const woken: string[] = [];
  let seconds = 0;
  let ids = 0;
  const steps = new Steps({
    store,
    callbacks: {
      wake: async (token) => {
        woken.push(token);
        return true;
      },
    },
    approvalAboveCents,
    now: () => new Date(Date.parse("2026-01-01T00:00:00.000Z") + 1000 * seconds++),
    newId: () => `01890a5d-ac96-774b-bcce-${String(++ids).padStart(12, "0")}`,
  });
  return { store, steps, woken };
}
