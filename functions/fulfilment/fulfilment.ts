import type { CloudEvent } from "../internal";
import type { FulfilmentFailedV1, OrderCancelledV1, OrderPlacedV1 } from "./generated/events";

/** Why an order was not fulfilled. */
export type FailureReason = FulfilmentFailedV1["reason"];

/** An event that a workflow of fulfilment begins with. */
export type OrderEvent =
  | CloudEvent<OrderPlacedV1, "shop.order.placed.v1">
  | CloudEvent<OrderCancelledV1, "shop.order.cancelled.v1">;

/** Units of a product. */
export interface Units {
  readonly productId: string;
  readonly quantity: number;
}

/** What has become of an order's fulfilment: one record per order, and the one truth of it. */
export interface Fulfilment {
  readonly orderId: string;
  /** Whose order it is. */
  readonly principal: string;
  /** Each product once. */
  readonly items: readonly Units[];
  readonly totalCents: number;
  /** ISO 4217. */
  readonly currency: string;
  /** Of the request that set it off. */
  readonly traceparent: string;
  /** Counts the changes, from 1. */
  readonly revision: number;
  /** What is `shipped` or `failed` stays so. */
  readonly status: "open" | "shipped" | "failed";
  readonly stock: "none" | "reserved" | "released" | "shipped";
  readonly charge: "none" | "charged" | "refunded";
  readonly approval: "notNeeded" | "needed" | "asked" | "approved" | "rejected";
  /** Since when it waits for approval, or has waited: ISO 8601. Absent where none was asked for. */
  readonly askedAt?: string;
  /** ARN of the execution that fulfils the order; others leave it to that one. Absent where none has come to it. */
  readonly execution?: string;
  /** Once it has ended: when, ISO 8601. */
  readonly endedAt?: string;
  /** Once it has ended: id of the event that says so. */
  readonly eventId?: string;
  /** Why it failed. */
  readonly reason?: FailureReason;
  /** Of what was shipped. */
  readonly shipmentId?: string;
}

/** A record as it is before anything was done. */
export function newFulfilment(
  { subject, traceparent, data: { principal, order } }: OrderEvent,
  approvalAboveCents: number,
): Fulfilment {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of order.items) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  const { totalCents, currency } = order;
  return {
    ...{ orderId: subject, principal, totalCents, currency, traceparent },
    items: [...quantities].map(([productId, quantity]) => ({ productId, quantity })),
    revision: 0,
    ...{ status: "open", stock: "none", charge: "none" },
    approval: totalCents > approvalAboveCents ? "needed" : "notNeeded",
  };
}
