import { type Order, orderAnswer } from "./order";

/** Types of the events of orders: api/events. */
export type OrderEventType = "shop.order.placed.v1" | "shop.order.cancelled.v1";

/** Why an order was cancelled: its user wanted it, or it could not be fulfilled. */
export type CancelReason = "user" | "fulfilmentFailed";

/** What an event says: the whole order after the change, as the API gives it, so that no reader has to ask for more. */
export interface OrderEventData {
  /** Whose order it is: subject of the user's token. */
  readonly principal: string;
  readonly order: ReturnType<typeof orderAnswer>;
  /** Of a cancelled order. */
  readonly reason?: CancelReason;
}

/** That an order was changed. */
export interface OrderEvent {
  readonly type: OrderEventType;
  readonly orderId: string;
  /** The order's version after the change. */
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly data: OrderEventData;
}

/** An order was placed. */
export function placedEvent(principal: string, order: Order): OrderEvent {
  return {
    ...{ type: "shop.order.placed.v1", orderId: order.id, sequence: order.version },
    occurredAt: order.placedAt,
    data: { principal, order: orderAnswer(order) },
  };
}

/** An order was cancelled. */
export function cancelledEvent(
  principal: string,
  order: Order & { readonly cancelledAt: Date },
  reason: CancelReason,
): OrderEvent {
  return {
    ...{ type: "shop.order.cancelled.v1", orderId: order.id, sequence: order.version },
    occurredAt: order.cancelledAt,
    data: { principal, order: orderAnswer(order), reason },
  };
}
