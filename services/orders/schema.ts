import type { ColumnType, Generated, Kysely, Transaction } from "kysely";
import type { OrderStatus } from "./order";
import type { OrderEventData, OrderEventType } from "./order-event";

/** The tables as the newest migration leaves them. */
export interface OrdersDatabase {
  readonly orders: OrdersTable;
  readonly order_items: OrderItemsTable;
  readonly idempotency_keys: IdempotencyKeysTable;
  readonly outbox: OutboxTable;
}

/** One row for each order. */
export interface OrdersTable {
  /** UUID version 7. */
  readonly id: string;
  /** Subject of the user's token. */
  readonly principal: string;
  readonly status: OrderStatus;
  readonly currency: string;
  readonly total_cents: bigint;
  readonly version: Generated<number>;
  readonly placed_at: Date;
  readonly cancelled_at: ColumnType<Date | null, never, Date>;
}

/** One row for each item, in the order in which they were asked for. */
export interface OrderItemsTable {
  readonly order_id: string;
  readonly position: number;
  readonly product_id: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price_cents: bigint;
}

/** One row for each key under which an order was placed, until it expires. */
export interface IdempotencyKeysTable {
  readonly principal: string;
  /** SHA-256 of the client's key. */
  readonly key_hash: Buffer;
  /** SHA-256 of what the request says. */
  readonly request_hash: Buffer;
  readonly order_id: string;
  readonly expires_at: Date;
}

/** One row for each event, until some time after it was published. */
export interface OutboxTable {
  /** UUID version 7: the event's id, the same each time that it is delivered. */
  readonly id: string;
  readonly order_id: string;
  /** The order's version after the change: events of an order are published one after another by it. */
  readonly sequence: number;
  readonly type: OrderEventType;
  readonly occurred_at: Date;
  /** The event's `data`. Written as text: the driver would take an array for one of PostgreSQL's. */
  readonly payload: ColumnType<OrderEventData, string, never>;
  /** Trace of the request that made the change. */
  readonly traceparent: string;
  readonly published_at: ColumnType<Date | null, never, Date>;
}

/** The database, outside of a transaction. */
export type Database = Kysely<OrdersDatabase>;
/** One transaction of it. */
export type OrdersTransaction = Transaction<OrdersDatabase>;
