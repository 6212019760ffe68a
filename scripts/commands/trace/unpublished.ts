import type { Step } from "./line";

/** An event of an order that waits in the outbox. */
export interface UnpublishedEvent {
  readonly orderId: string;
  /** Counts the order's events. */
  readonly sequence: number;
}

/** Events that requests have written, by the lines of services/orders, and that the relay has not published, by its lines. */
export function unpublishedEvents(steps: readonly Step[]): UnpublishedEvent[] {
  const published = new Set(eventsOf(steps, "event published").map(keyOf));
  return eventsOf(steps, "request").filter((event) => !published.has(keyOf(event)));
}

function eventsOf(steps: readonly Step[], message: string): UnpublishedEvent[] {
  return steps.flatMap((step) => {
    const { orderId, sequence } = step.fields;
    const isOne = step.message === message && typeof orderId === "string" && typeof sequence === "number";
    return isOne ? [{ orderId, sequence }] : [];
  });
}

function keyOf({ orderId, sequence }: UnpublishedEvent): string {
  return `${orderId} ${sequence}`;
}
