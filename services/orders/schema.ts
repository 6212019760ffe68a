import type { ColumnType, Generated, Kysely, Transaction } from "kysely";
import type { OrderStatus } from "./order";

/** The tables as the newest migration leaves them. */
export interface OrdersDatabase {
  readonly orders: OrdersTable;
  readonly order_items: OrderItemsTable;
  readonly idempotency_keys: IdempotencyKeysTable;
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

/** The database, outside of a transaction. */
export type Database = Kysely<OrdersDatabase>;
/** One transaction of it. */
export type OrdersTransaction = Transaction<OrdersDatabase>;
