import { type Kysely, sql } from "kysely";
import type { OrderEventData, OrderEventType } from "../order-event";
import type { OrdersDatabase } from "../schema";

/** An event that waits to be published. */
export interface WaitingEvent {
  /** UUID version 7: the event's id. */
  readonly id: string;
  readonly orderId: string;
  readonly sequence: number;
  readonly type: OrderEventType;
  readonly occurredAt: Date;
  readonly data: OrderEventData;
  readonly traceparent: string;
}

/** What waits to be published. */
export interface Backlog {
  /** Events, as far as they were counted. */
  readonly depth: number;
  /** Seconds since the oldest of them happened, by the database's clock; 0 when there is none. */
  readonly ageSeconds: number;
}

/** Any number that nothing else locks by. */
const RELAY_LOCK = 7_164_251_002n;

/**
 * The outbox, over one connection: that which holds the lock. A relay whose connection has gone has no lock, and can neither read
 * what is to be published nor say that something was.
 */
export class EventOutbox {
  constructor(private readonly connection: Kysely<OrdersDatabase>) {}

  /**
   * Lets the server end the connection when nothing is asked on it for so long: it gives the lock to another when this process hangs, or
   * the network is cut without a word.
   */
  async limitSilence(milliseconds: number): Promise<void> {
    await sql`SELECT set_config('idle_session_timeout', ${String(milliseconds)}, false)`.execute(
      this.connection,
    );
  }

  /** Takes the lock, for as long as the connection lasts, unless another has it. @returns whether it was free */
  async tryLock(): Promise<boolean> {
    const { rows } = await sql<{ locked: boolean }>`
      SELECT pg_try_advisory_lock(${sql.lit(RELAY_LOCK)}) AS locked`.execute(this.connection);
    return rows[0]?.locked ?? false;
  }

  /**
   * The oldest events that can be published now: of each order the one that comes next, however late it was committed.
   *
   * @param limit most events
   * @param leaveOut ids of events that are tried again later
   */
  async next(limit: number, leaveOut: readonly string[]): Promise<WaitingEvent[]> {
    const rows = await this.connection
      .selectFrom("outbox as event")
      .selectAll()
      .where("event.published_at", "is", null)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom("outbox as earlier")
              .whereRef("earlier.order_id", "=", "event.order_id")
              .whereRef("earlier.sequence", "<", "event.sequence")
              .where("earlier.published_at", "is", null)
              .select("earlier.id"),
          ),
        ),
      )
      .$if(leaveOut.length > 0, (query) => query.where("event.id", "not in", leaveOut))
      .orderBy("event.occurred_at")
      .orderBy("event.id")
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      ...{ id: row.id, orderId: row.order_id, sequence: row.sequence, type: row.type },
      ...{ occurredAt: row.occurred_at, data: row.payload, traceparent: row.traceparent },
    }));
  }

  /** Says that events were published. */
  async markPublished(ids: readonly string[], now: Date): Promise<void> {
    if (ids.length === 0) return;
    await this.connection
      .updateTable("outbox")
      .set({ published_at: now })
      .where("id", "in", ids)
      .where("published_at", "is", null)
      .execute();
  }

  /** How much waits, at most so many events of it counted: a count of millions would take longer than a statement may. */
  async backlog(mostCounted: number): Promise<Backlog> {
    const { rows } = await sql<{ depth: number; age: number }>`
      SELECT count(*)::int AS depth,
        greatest(0, coalesce(extract(epoch FROM now() - min(occurred_at)), 0))::float8 AS age
      FROM (
        SELECT occurred_at FROM outbox WHERE published_at IS NULL
        ORDER BY occurred_at, id LIMIT ${mostCounted}
      ) AS oldest`.execute(this.connection);
    const [{ depth, age } = { depth: 0, age: 0 }] = rows;
    return { depth, ageSeconds: age };
  }
}
