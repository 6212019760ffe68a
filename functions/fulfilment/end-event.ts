import { type CloudEvent, newEvent } from "../internal";
import type { Fulfilment } from "./fulfilment";
import { events, type FulfilmentFailedV1, type FulfilmentShippedV1 } from "./generated/events";

/** The event that an order's fulfilment ends with. */
export type EndEvent =
  | CloudEvent<FulfilmentShippedV1, "shop.fulfilment.shipped.v1">
  | CloudEvent<FulfilmentFailedV1, "shop.fulfilment.failed.v1">;

/** There is but one event per order: it ends once. */
const SEQUENCE = 1;

/**
 * The event of an order that was shipped, or has failed. It is the same, to the byte, however often it is made.
 *
 * @throws Error when the order is still being fulfilled
 */
export function endEvent(fulfilment: Fulfilment): EndEvent {
  const { orderId, principal, traceparent, endedAt, eventId, reason, shipmentId } = fulfilment;
  if (endedAt === undefined || eventId === undefined) {
    throw new Error(`order ${orderId} is still being fulfilled`);
  }
  const said = {
    ...{ subject: orderId, sequence: SEQUENCE, traceparent },
    ...{ time: new Date(endedAt), id: eventId },
  };
  return shipmentId === undefined
    ? newEvent(events["shop.fulfilment.failed.v1"], {
        ...said,
        data: { principal, orderId, reason: reason ?? "error", failedAt: endedAt },
      })
    : newEvent(events["shop.fulfilment.shipped.v1"], {
        ...said,
        data: { principal, orderId, shipmentId, shippedAt: endedAt },
      });
}
