import type { WaitingEvent } from "./event-outbox";

/** An event as it is sent. */
export interface OutgoingEvent extends Pick<WaitingEvent, "id" | "orderId" | "type"> {
  /** The CloudEvent, as JSON. */
  readonly text: string;
}

/** An event that was not taken. */
export interface Refusal {
  readonly id: string;
  /** Code of the service or the system, e.g. `ProvisionedThroughputExceededException`. */
  readonly code: string;
  /** The call failed as a whole: that says nothing of this event. @default false */
  readonly ofCall?: boolean;
}

/** Where events are published. */
export interface EventSink {
  /** Name in logs. */
  readonly name: string;
  /**
   * Publishes events, each of another order.
   *
   * @param signal aborted when the time is up
   * @returns those of which it is not known that they were taken. It never throws
   */
  publish(events: readonly OutgoingEvent[], signal: AbortSignal): Promise<readonly Refusal[]>;
}

/** All events of a call that failed. */
export function allRefused(events: readonly OutgoingEvent[], error: unknown): Refusal[] {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  const said = [code, name].find((text) => typeof text === "string" && /^[\w.]+$/.test(text));
  return events.map(({ id }) => ({ id, code: typeof said === "string" ? said : "Error", ofCall: true }));
}

/**
 * Splits events into calls that a service takes, in their order.
 *
 * @param most events and bytes of one call
 * @param bytesOf size of an event there
 */
export function calls<Event>(
  events: readonly Event[],
  most: { readonly events: number; readonly bytes: number },
  bytesOf: (event: Event) => number,
): Event[][] {
  const all: Event[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = bytesOf(event);
    const last = all.at(-1);
    if (last === undefined || last.length === most.events || bytes + size > most.bytes) {
      all.push([event]);
      bytes = size;
    } else {
      last.push(event);
      bytes += size;
    }
  }
  return all;
}
