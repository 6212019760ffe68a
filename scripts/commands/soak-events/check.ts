import { historyPartition } from "../../../runtime";
import type { OrderStatus } from "../../../services/orders/order";

/** An order as the client that placed it knows it at the end. */
export interface KnownOrder {
  readonly principal: string;
  readonly status: OrderStatus;
  readonly version: number;
}

/** An event: of the outbox, or as it came out of the stream. */
export interface SeenEvent {
  readonly id: string;
  readonly orderId: string;
  readonly type: string;
  readonly sequence: number;
}

/** A row of the view. */
export interface ViewRow {
  readonly partition: string;
  readonly orderId: string;
  /** Of the last event that was applied to it. */
  readonly sequence: number;
  readonly status: string;
  readonly version: number;
}

/** What is there at the end. */
export interface Evidence {
  /** By id. */
  readonly orders: ReadonlyMap<string, KnownOrder>;
  /** All that was committed. */
  readonly outbox: readonly SeenEvent[];
  /** All that came out of the stream, shard after shard, each in its order. */
  readonly stream: readonly SeenEvent[];
  readonly view: readonly ViewRow[];
}

/** Something that must not be, and where it is so. */
export interface Violation {
  readonly what: string;
  /** Of orders or events. At least one. */
  readonly ids: readonly string[];
}

/**
 * Checks that every order is in the view once, as it is, and nothing else; that the stream has every event that was committed, and no other;
 * and that the first arrivals of each order's events are in their order.
 *
 * @returns what is wrong; nothing when all is well
 */
export function violationsOf({ orders, outbox, stream, view }: Evidence): Violation[] {
  const rows = new Map<string, ViewRow[]>();
  for (const row of view) rows.set(row.orderId, [...(rows.get(row.orderId) ?? []), row]);
  const rowOf = (id: string) => rows.get(id)?.[0];
  const placed = [...orders];
  const committed = new Map(outbox.map((event) => [event.id, event]));
  const arrived = new Set(stream.map(({ id }) => id));
  const found = {
    "placed, and not in the view": placed.filter(([id]) => !rows.has(id)).map(([id]) => id),
    "in the view more than once": [...rows].filter(([, { length }]) => length > 1).map(([id]) => id),
    "in the view otherwise than it is": placed
      .filter(([id, order]) => {
        const row = rowOf(id);
        return row !== undefined && !isRowOf(row, order);
      })
      .map(([id]) => id),
    "in the view, and never placed": [...rows.keys()].filter((id) => !orders.has(id)),
    "committed, and not in the stream": outbox.filter(({ id }) => !arrived.has(id)).map(({ id }) => id),
    "in the stream, and not committed so": stream
      .filter((event) => !isSame(event, committed.get(event.id)))
      .map(({ id }) => id),
    "in the stream first in another order than committed": ordersOutOfOrder(stream),
  };
  return Object.entries(found)
    .filter(([, ids]) => ids.length > 0)
    .map(([what, ids]) => ({ what, ids: [...new Set(ids)] }));
}

function isRowOf(row: ViewRow, { principal, status, version }: KnownOrder): boolean {
  return (
    row.partition === historyPartition(1, principal) &&
    row.status === status &&
    row.version === version &&
    row.sequence === version
  );
}

function isSame(event: SeenEvent, committed: SeenEvent | undefined): boolean {
  return (
    event.orderId === committed?.orderId &&
    event.type === committed.type &&
    event.sequence === committed.sequence
  );
}

/** Orders of which an event arrived for the first time after one that follows it. */
function ordersOutOfOrder(stream: readonly SeenEvent[]): string[] {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  const wrong: string[] = [];
  for (const { id, orderId, sequence } of stream) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (sequence <= (last.get(orderId) ?? 0)) wrong.push(orderId);
    last.set(orderId, sequence);
  }
  return wrong;
}
