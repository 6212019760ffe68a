import type { ExpectedVersion } from "../../runtime";
import type { Order } from "./order";

/** Identifies a request to place an order, so that repeating it places no other. */
export interface IdempotentRequest {
  /** Subject of the user's token: the same key of two users is two keys. */
  readonly principal: string;
  /** SHA-256 of the client's key. */
  readonly keyHash: Buffer;
  /** SHA-256 of what the request says. */
  readonly requestHash: Buffer;
  /** When the request came. */
  readonly now: Date;
  /** When the key is free again. */
  readonly expiresAt: Date;
}

/** What became of placing an order: placed; placed before, and now like this; or the key belongs to another request. */
export type PlaceResult =
  | { readonly outcome: "placed" | "replayed"; readonly order: Order }
  | { readonly outcome: "otherRequest" };

/** What became of cancelling an order: done now; cancelled before; not there; of another version. */
export type CancelResult =
  | { readonly outcome: "cancelled" | "unchanged"; readonly order: Order }
  | { readonly outcome: "missing" }
  | { readonly outcome: "conflict"; readonly version: number };

/** What became of cancelling an order that cannot be fulfilled: done now; cancelled before; not there. */
export type UnfulfilledResult = "cancelled" | "unchanged" | "missing";

/** Which orders a page holds. */
export interface OrderQuery {
  readonly principal: string;
  /** Most orders. */
  readonly limit: number;
  /** Only orders older than the one with this id, which need not exist. */
  readonly after?: string;
}

/** Orders, newest first. */
export interface OrderList {
  readonly orders: readonly Order[];
  /** There are older ones. */
  readonly more: boolean;
}

/** Keeps orders of one principal apart from those of others: another's are not there. */
export interface OrderStore {
  /** What became of an earlier request with this key; nothing when there was none, or it has not been committed yet. */
  find(request: IdempotentRequest): Promise<PlaceResult | undefined>;
  /** Places an order in one atomic step, or finds the one that another request with this key has placed, waiting for it. */
  place(request: IdempotentRequest, order: Order): Promise<PlaceResult>;
  get(principal: string, id: string): Promise<Order | undefined>;
  list(query: OrderQuery): Promise<OrderList>;
  cancel(principal: string, id: string, expected: ExpectedVersion, now: Date): Promise<CancelResult>;
}
