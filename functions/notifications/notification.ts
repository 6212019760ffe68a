import type { EventOf } from "../internal";
import type { events } from "./generated/events";

/** What a user is told of an order. */
export interface Notification {
  /** Whose it is. */
  readonly principal: string;
  /** Id of the event that it comes of: of one event comes one notification. Ids sort by time. */
  readonly id: string;
  readonly kind: "orderPlaced" | "orderCancelled" | "orderShipped" | "orderFailed";
  readonly orderId: string;
  /** When it happened, ISO 8601. */
  readonly at: string;
  /** Why an order has failed. */
  readonly reason?: string;
}

/**
 * What the user is told of an event. Nothing where another event says it: an order that was cancelled by its user has failed, too, and one that
 * could not be fulfilled is cancelled.
 */
export function notificationOf(event: EventOf<typeof events>): Notification | undefined {
  const { id, subject: orderId, time: at } = event;
  const { principal } = event.data;
  const said = { principal, id, orderId, at };
  switch (event.type) {
    case "shop.order.placed.v1":
      return { ...said, kind: "orderPlaced" };
    case "shop.order.cancelled.v1":
      return event.data.reason === "user" ? { ...said, kind: "orderCancelled" } : undefined;
    case "shop.fulfilment.shipped.v1":
      return { ...said, kind: "orderShipped" };
    case "shop.fulfilment.failed.v1":
      return event.data.reason === "cancelled"
        ? undefined
        : { ...said, kind: "orderFailed", reason: event.data.reason };
  }
}
