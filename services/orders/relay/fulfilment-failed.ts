import { isUuid } from "../../../runtime";

/** Type of the event that an order could not be fulfilled: api/events/fulfilment-failed/v1.json. */
const TYPE = "shop.fulfilment.failed.v1";

/** What of the event the relay goes by. */
export interface FulfilmentFailed {
  readonly id: string;
  readonly orderId: string;
  readonly reason: string;
  readonly traceparent?: string;
}

/** Reads a message of the queue. @returns what is wrong with it, without its content */
export function readFulfilmentFailed(text: string): FulfilmentFailed | string {
  let event: Partial<Record<string, unknown>>;
  try {
    event = Object(JSON.parse(text));
  } catch {
    return "the message is no JSON";
  }
  const { id, type, traceparent } = event;
  if (type !== TYPE) return `type must be ${TYPE}`;
  if (typeof id !== "string") return "id must be a text";
  const { orderId, reason } = Object(event["data"]) as Record<string, unknown>;
  if (typeof orderId !== "string" || !isUuid(orderId)) return "data.orderId must be a UUID";
  if (typeof reason !== "string") return "data.reason must be a text";
  return { id, orderId, reason, ...(typeof traceparent === "string" && { traceparent }) };
}
