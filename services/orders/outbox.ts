import type { OrderEvent } from "./order-event";
import type { Database, OrdersTransaction } from "./schema";

/** Writes an event, by the transaction of its change: both are there, or neither. */
export async function writeEvent(
  transaction: OrdersTransaction,
  { id, type, subject, sequence, time, traceparent, data }: OrderEvent,
): Promise<void> {
  await transaction
    .insertInto("outbox")
    .values({
      ...{ id, order_id: subject, sequence, type, occurred_at: new Date(time), traceparent },
      payload: JSON.stringify(data, wellFormed),
    })
    .execute();
}

/** Half of a surrogate pair, which `text` takes as U+FFFD, is refused in `jsonb`. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

/** How long events are kept. */
export interface EventRetention {
  /** Days that an event is kept which nobody publishes. @default until it is published, however long that takes */
  readonly unpublishedDays?: number;
}

const DAY = 24 * 60 * 60 * 1000;

/** Which events are old: of those that were published, what was published a day ago. @param now milliseconds since 1970 */
export function oldEvents({ unpublishedDays }: EventRetention, now: number): OldEvents {
  return {
    publishedBefore: new Date(now - DAY),
    ...(unpublishedDays !== undefined && { unpublishedBefore: new Date(now - unpublishedDays * DAY) }),
  };
}

/** Which events are removed. */
export interface OldEvents {
  /** Those that were published by then. */
  readonly publishedBefore: Date;
  /** Those that happened by then, and that nobody has published. @default none: they are kept until they are published */
  readonly unpublishedBefore?: Date;
}

/** Removes at most so many events, the oldest first; those that are being published stay. @returns how many */
export async function removeOldEvents(
  database: Database,
  { publishedBefore, unpublishedBefore }: OldEvents,
  limit: number,
): Promise<number> {
  const published = await database
    .with("old", (query) =>
      query
        .selectFrom("outbox")
        .select("id")
        .where("published_at", "<=", publishedBefore)
        .orderBy("published_at")
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .deleteFrom("outbox")
    .using("old")
    .whereRef("outbox.id", "=", "old.id")
    .executeTakeFirst();
  const removed = Number(published.numDeletedRows);
  if (unpublishedBefore === undefined || removed >= limit) return removed;
  const { numDeletedRows } = await database
    .with("old", (query) =>
      query
        .selectFrom("outbox")
        .select("id")
        .where("published_at", "is", null)
        .where("occurred_at", "<=", unpublishedBefore)
        .orderBy("occurred_at")
        .limit(limit - removed)
        .forUpdate()
        .skipLocked(),
    )
    .deleteFrom("outbox")
    .using("old")
    .whereRef("outbox.id", "=", "old.id")
    .executeTakeFirst();
  return removed + Number(numDeletedRows);
}
