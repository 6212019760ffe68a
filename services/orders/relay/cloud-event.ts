import { newEvent } from "../../../runtime";
import { ORDER_EVENTS } from "../order-event";
import type { WaitingEvent } from "./event-outbox";

/** An event as it is published, in JSON. The same event gives the same text each time. */
export function cloudEventText({
  id,
  type,
  orderId,
  sequence,
  traceparent,
  occurredAt,
  data,
}: WaitingEvent): string {
  return JSON.stringify(
    newEvent(ORDER_EVENTS[type], { id, subject: orderId, sequence, traceparent, time: occurredAt, data }),
  );
}
