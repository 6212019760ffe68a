import type { HistoryEvent } from "./change";

/** For tests: ids of two orders, the second of another user. */
export const ORDERS = [
  "01890a5d-ac96-774b-bcce-b302099a8057",
  "01890a5d-ac96-774b-bcce-b302099a8058",
] as const;

/** For tests: the events that one order can meet with, by short names. */
export function eventsOf(id: string, principal = "user-1") {
  const order = {
    id,
    status: "placed" as const,
    items: [{ productId: "teapot", name: "Teapot", quantity: 1, unitPriceCents: 3900 }],
    totalCents: 3900,
    currency: "EUR",
    version: 1,
    placedAt: "2026-01-01T00:00:00.000Z",
    cancelledAt: null,
  };
  const cancelledOrder = {
    ...order,
    status: "cancelled" as const,
    version: 2,
    cancelledAt: "2026-01-01T00:01:00.000Z",
  };
  const envelope = (source: string, type: string, sequence: number) => ({
    ...{
      specversion: "1.0",
      id: `01890a5d-ac96-774b-bcce-0000000000${source === "orders" ? "a" : "f"}${sequence}`,
      source,
      type,
    },
    ...{ subject: id, time: "2026-01-01T00:00:00.000Z", datacontenttype: "application/json" },
    ...{ dataschema: `${type.split(".").slice(1, 3).join("-")}/v1`, sequence, partitionkey: id },
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
  });
  const made = {
    placed: { ...envelope("orders", "shop.order.placed.v1", 1), data: { principal, order } },
    cancelled: {
      ...envelope("orders", "shop.order.cancelled.v1", 2),
      data: { principal, order: cancelledOrder, reason: "user" },
    },
    failed: {
      ...envelope("fulfilment", "shop.fulfilment.failed.v1", 1),
      data: { principal, orderId: id, reason: "outOfStock", failedAt: "2026-01-01T00:02:00.000Z" },
    },
    shipped: {
      ...envelope("fulfilment", "shop.fulfilment.shipped.v1", 2),
      data: { principal, orderId: id, shipmentId: "shipment-1", shippedAt: "2026-01-01T00:03:00.000Z" },
    },
  };
  return made as unknown as Readonly<Record<keyof typeof made, HistoryEvent>>;
}
