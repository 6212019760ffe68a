import { type CloudEvent, newEvent } from "../../runtime";
import { events, type OrderCancelledV1, type OrderPlacedV1 } from "./generated/events";
import { type Order, orderAnswer } from "./order";

/** Contracts of the events that the orders tell others: api/events. */
export const ORDER_EVENTS = {
  "shop.order.placed.v1": events["shop.order.placed.v1"],
  "shop.order.cancelled.v1": events["shop.order.cancelled.v1"],
};

/** Types of these events. */
export type OrderEventType = keyof typeof ORDER_EVENTS;

/** What such an event says: the whole order after the change, as the API gives it, so that no reader has to ask for more. */
export type OrderEventData = OrderPlacedV1 | OrderCancelledV1;

/** That an order was changed. Its sequence is the order's version after the change. */
export type OrderEvent = CloudEvent<OrderEventData, OrderEventType>;

/** Why an order was cancelled: its user wanted it, or it could not be fulfilled. */
export type CancelReason = OrderCancelledV1["reason"];

/**
 * An order was placed.
 *
 * @param principal whose order it is: subject of the user's token
 * @param traceparent trace of the request
 */
export function placedEvent(principal: string, order: Order, traceparent: string): OrderEvent {
  return newEvent(ORDER_EVENTS["shop.order.placed.v1"], {
    ...{ subject: order.id, sequence: order.version, time: order.placedAt, traceparent },
    data: { principal, order: orderAnswer(order) },
  });
}

/**
 * An order was cancelled.
 *
 * @param principal whose order it is: subject of the user's token
 * @param traceparent trace of what asked for it
 */
export function cancelledEvent(
  principal: string,
  order: Order & { readonly cancelledAt: Date },
  reason: CancelReason,
  traceparent: string,
): OrderEvent {
  return newEvent(ORDER_EVENTS["shop.order.cancelled.v1"], {
    ...{ subject: order.id, sequence: order.version, time: order.cancelledAt, traceparent },
    data: { principal, order: orderAnswer(order), reason },
  });
}
