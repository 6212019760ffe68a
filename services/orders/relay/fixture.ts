import { setTimeout as wait } from "node:timers/promises";
import { readEvent } from "../../../runtime";
import { ORDER_EVENTS } from "../order-event";
import type { EventSink, OutgoingEvent, Refusal } from "./event-sink";
import type { RelayTimes } from "./relay";

/** Short, so that tests need not wait. */
export const SHORT_TIMES: RelayTimes = {
  poll: 5,
  standby: 10,
  publish: 2000,
  silence: 10_000,
  progress: 60_000,
  retry: { first: 5, most: 20 },
  event: { first: 5, most: 20 },
};

/** A sink in memory, which a test can spoil. It takes nothing that does not fit its contract. */
export class MemorySink implements EventSink {
  /** What it was given and has taken, repetitions included. */
  readonly taken: { readonly id: string; readonly orderId: string; readonly sequence: number }[] = [];
  /** Batches of ids as they came, those that were refused included. */
  readonly batches: string[][] = [];
  /** Called with each batch before anything is taken. @returns ids that are not taken */
  before: (events: readonly OutgoingEvent[]) => Promise<readonly string[]> = async () => [];
  /** Called with each batch once it is taken. @returns ids whose answer is lost */
  after: (events: readonly OutgoingEvent[]) => Promise<readonly string[]> = async () => [];

  constructor(readonly name: string) {}

  async publish(events: readonly OutgoingEvent[]): Promise<readonly Refusal[]> {
    this.batches.push(events.map(({ id }) => id));
    const refused = await this.before(events);
    for (const { id, orderId, text } of events) {
      if (!refused.includes(id))
        this.taken.push({ id, orderId, sequence: readEvent(text, ORDER_EVENTS).sequence });
    }
    const lost = await this.after(events);
    return [...refused, ...lost].map((id) => ({ id, code: "Spoilt" }));
  }

  /** Sequences that a reader sees of each order, repetitions left out, in the order of their first arrival. */
  read(): Map<string, number[]> {
    return readOnce(this.taken);
  }
}

/** What a reader that leaves out repetitions sees of each order. */
export function readOnce(
  events: readonly { readonly id: string; readonly orderId: string; readonly sequence: number }[],
): Map<string, number[]> {
  const seen = new Set<string>();
  const orders = new Map<string, number[]>();
  for (const { id, orderId, sequence } of events) {
    if (seen.has(id)) continue;
    seen.add(id);
    orders.set(orderId, [...(orders.get(orderId) ?? []), sequence]);
  }
  return orders;
}

/** Waits until something has come about. @throws Error after 20 s */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition()); await wait(5)) {
    if (Date.now() > deadline) throw new Error("did not come about within 20 s");
  }
}
