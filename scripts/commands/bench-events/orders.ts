import { randomBytes } from "node:crypto";
import { newUuidV7 } from "../../../runtime";
import type { Order } from "../../../services/orders/order";
import { placedEvent } from "../../../services/orders/order-event";
import type { IdempotentRequest } from "../../../services/orders/store";

/** Whose orders they are. */
export const PRINCIPAL = "user-1";
/** Trace of all that is done here. */
export const TRACEPARENT = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";

const DAY = 24 * 60 * 60 * 1000;

/** An order of two products, placed now. */
export function newOrder(): Order {
  const placedAt = new Date();
  return {
    id: newUuidV7(placedAt.getTime(), randomBytes(10)),
    status: "placed",
    items: [
      { productId: "teapot-blue", name: "Blue teapot", quantity: 1, unitPriceCents: 3900n },
      { productId: "cup-white", name: "White cup", quantity: 4, unitPriceCents: 650n },
    ],
    ...{ currency: "EUR", totalCents: 6500n, version: 1, placedAt },
  };
}

/** A request that has not been made before. */
export function newRequest(): IdempotentRequest {
  const now = new Date();
  return {
    ...{ principal: PRINCIPAL, keyHash: randomBytes(32), requestHash: Buffer.alloc(32, 1), now },
    expiresAt: new Date(now.getTime() + DAY),
  };
}

/** An event as the relay sends it. */
export interface SentEvent {
  readonly id: string;
  /** Key within the stream. */
  readonly orderId: string;
  readonly type: string;
  /** The CloudEvent in JSON. */
  readonly text: string;
}

/** The event of a new order. */
export function newEventText(): SentEvent {
  const event = placedEvent(PRINCIPAL, newOrder(), TRACEPARENT);
  return { id: event.id, orderId: event.subject, type: event.type, text: JSON.stringify(event) };
}
