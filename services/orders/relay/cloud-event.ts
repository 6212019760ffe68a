import type { OrderEventType } from "../order-event";
import type { WaitingEvent } from "./event-outbox";

/** Schemas of the events' data: api/events. */
const SCHEMAS: Readonly<Record<OrderEventType, string>> = {
  "shop.order.placed.v1": "order-placed/v1",
  "shop.order.cancelled.v1": "order-cancelled/v1",
};

/** An event as a CloudEvent of api/events/envelope.json, in JSON. The same event gives the same text each time. */
export function cloudEventText(event: WaitingEvent): string {
  return JSON.stringify({
    specversion: "1.0",
    id: event.id,
    source: "orders",
    type: event.type,
    subject: event.orderId,
    time: event.occurredAt.toISOString(),
    datacontenttype: "application/json",
    dataschema: SCHEMAS[event.type],
    sequence: event.sequence,
    partitionkey: event.orderId,
    traceparent: event.traceparent,
    data: event.data,
  });
}
