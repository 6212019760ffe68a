import type { HistoryFulfilment, HistoryPart } from "../../runtime";
import type { EventOf } from "../internal";
import type { events } from "./generated/events";

/** An event that the view is built from. */
export type HistoryEvent = EventOf<typeof events>;

/** What an event makes of one part of an order's row. */
export interface Change {
  /** Whose order it is. */
  readonly principal: string;
  readonly orderId: string;
  /** Each source of events has its own: what one says never touches what another has said. */
  readonly part: HistoryPart;
  /** Of the event. The part is replaced only by one that is greater. */
  readonly sequence: number;
  /** The whole part, in JSON. */
  readonly content: string;
}

/** What an event says of its order: always all that its source knows, so that the newest alone counts. */
export function changeOf(event: HistoryEvent): Change {
  const { subject: orderId, sequence } = event;
  const { principal } = event.data;
  const common = { principal, orderId, sequence };
  switch (event.type) {
    case "shop.order.placed.v1":
      return { ...common, part: "order", content: JSON.stringify(event.data.order) };
    case "shop.order.cancelled.v1": {
      const { order, reason: cancelledBy } = event.data;
      return { ...common, part: "order", content: JSON.stringify({ ...order, cancelledBy }) };
    }
    case "shop.fulfilment.shipped.v1": {
      const { shipmentId, shippedAt: at } = event.data;
      return { ...common, part: "fulfilment", content: fulfilment({ status: "shipped", at, shipmentId }) };
    }
    case "shop.fulfilment.failed.v1": {
      const { reason, failedAt: at } = event.data;
      return { ...common, part: "fulfilment", content: fulfilment({ status: "failed", at, reason }) };
    }
  }
}

function fulfilment(ended: HistoryFulfilment): string {
  return JSON.stringify(ended);
}
