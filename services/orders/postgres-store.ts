import type { Selectable } from "kysely";
import type { ExpectedVersion } from "../../runtime";
import { currentTraceparent } from "../internal";
import { cancelOrder } from "./cancel-order";
import { mayBecome, type Order } from "./order";
import type { CancelReason } from "./order-event";
import { placeOrder } from "./place-order";
import type { Database, OrderItemsTable, OrdersTable, OrdersTransaction } from "./schema";
import type {
  CancelResult,
  IdempotentRequest,
  OrderList,
  OrderQuery,
  OrderStore,
  PlaceResult,
  UnfulfilledResult,
} from "./store";

/** Attempts at what another transaction may have changed in the meantime. */
const ATTEMPTS = 5;

/** Orders in PostgreSQL. */
export class PostgresOrderStore implements OrderStore {
  /** @param traceparent trace of what is being done, which its events carry on. @default that of the request */
  constructor(
    private readonly database: Database,
    private readonly traceparent: () => string = currentTraceparent,
  ) {}

  find(request: IdempotentRequest): Promise<PlaceResult | undefined> {
    return findPlaced(this.database, request);
  }

  /**
   * The key and the order are written in one transaction: both are there, or neither. Of several requests with one key at once, the
   * others wait at the key's row until the first is committed, or gone.
   */
  async place(request: IdempotentRequest, order: Order): Promise<PlaceResult> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const result = await this.database.transaction().execute(async (transaction) => {
        if (!(await claimKey(transaction, request, order.id))) return findPlaced(transaction, request);
        await placeOrder(transaction, request.principal, order, this.traceparent());
        return { outcome: "placed", order } as const;
      });
      // Nothing: the key's row expired and was removed just now.
      if (result) return result;
    }
    throw new Error(`the idempotency key was taken and freed ${ATTEMPTS} times`);
  }

  async get(principal: string, id: string): Promise<Order | undefined> {
    const [order] = await readOrders(
      this.database,
      await this.database
        .selectFrom("orders")
        .selectAll()
        .where("principal", "=", principal)
        .where("id", "=", id)
        .execute(),
    );
    return order;
  }

  async list({ principal, limit, after }: OrderQuery): Promise<OrderList> {
    const rows = await this.database
      .selectFrom("orders")
      .selectAll()
      .where("principal", "=", principal)
      .$if(after !== undefined, (query) => query.where("id", "<", after as string))
      .orderBy("id", "desc")
      // One more than asked for, which tells whether there are more.
      .limit(limit + 1)
      .execute();
    return {
      orders: await readOrders(this.database, rows.slice(0, limit)),
      more: rows.length > limit,
    };
  }

  async cancel(principal: string, id: string, expected: ExpectedVersion, now: Date): Promise<CancelResult> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const order = await this.get(principal, id);
      if (!order) return { outcome: "missing" };
      const { status, version } = order;
      if (status === "cancelled") return { outcome: "unchanged", order };
      if (!mayBecome(status, "cancelled") || (expected !== "any" && !expected.includes(version))) {
        return { outcome: "conflict", version };
      }
      const cancelled = await this.cancelAsRead(principal, order, "user", now);
      if (cancelled) return { outcome: "cancelled", order: cancelled };
    }
    throw new Error(`the order was changed by others ${ATTEMPTS} times`);
  }

  /** Cancels an order that cannot be fulfilled, whoever's it is, if it may still be cancelled: a second time nothing is changed. */
  async cancelUnfulfilled(id: string, now: Date): Promise<UnfulfilledResult> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const row = await this.database
        .selectFrom("orders")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      const [order] = await readOrders(this.database, row ? [row] : []);
      if (!row || !order) return "missing";
      if (!mayBecome(order.status, "cancelled")) return "unchanged";
      if (await this.cancelAsRead(row.principal, order, "fulfilmentFailed", now)) return "cancelled";
    }
    throw new Error(`the order was changed by others ${ATTEMPTS} times`);
  }

  /** @returns nothing when the order was changed since it was read */
  private cancelAsRead(
    principal: string,
    order: Order,
    reason: CancelReason,
    now: Date,
  ): Promise<Order | undefined> {
    const cancellation = { reason, now, traceparent: this.traceparent() };
    return this.database
      .transaction()
      .execute((transaction) => cancelOrder(transaction, principal, order, cancellation));
  }
}

/** Takes the key for an order, or learns that it is taken: after the transaction that has it, if that is under way. */
async function claimKey(
  transaction: OrdersTransaction,
  { principal, keyHash, requestHash, now, expiresAt }: IdempotentRequest,
  orderId: string,
): Promise<boolean> {
  const row = { request_hash: requestHash, order_id: orderId, expires_at: expiresAt };
  const claimed = await transaction
    .insertInto("idempotency_keys")
    .values({ principal, key_hash: keyHash, ...row })
    .onConflict((conflict) =>
      conflict
        .columns(["principal", "key_hash"])
        .doUpdateSet(row)
        .where("idempotency_keys.expires_at", "<=", now),
    )
    .returning("order_id")
    .executeTakeFirst();
  return claimed !== undefined;
}

async function findPlaced(
  database: Database,
  { principal, keyHash, requestHash, now }: IdempotentRequest,
): Promise<PlaceResult | undefined> {
  const found = await database
    .selectFrom("idempotency_keys")
    .innerJoin("orders", "orders.id", "idempotency_keys.order_id")
    .selectAll("orders")
    .select("idempotency_keys.request_hash")
    .where("idempotency_keys.principal", "=", principal)
    .where("idempotency_keys.key_hash", "=", keyHash)
    .where("idempotency_keys.expires_at", ">", now)
    .executeTakeFirst();
  if (!found) return undefined;
  if (!found.request_hash.equals(requestHash)) return { outcome: "otherRequest" };
  const [order] = await readOrders(database, [found]);
  return order && { outcome: "replayed", order };
}

/** Adds the items, which never change, to the rows of orders. */
async function readOrders(database: Database, rows: readonly Selectable<OrdersTable>[]): Promise<Order[]> {
  if (rows.length === 0) return [];
  const items = await database
    .selectFrom("order_items")
    .selectAll()
    .where(
      "order_id",
      "in",
      rows.map(({ id }) => id),
    )
    .orderBy("order_id")
    .orderBy("position")
    .execute();
  const byOrder = new Map<string, Selectable<OrderItemsTable>[]>(rows.map(({ id }) => [id, []]));
  for (const item of items) byOrder.get(item.order_id)?.push(item);
  return rows.map((row) => orderOf(row, byOrder.get(row.id) ?? []));
}

function orderOf(row: Selectable<OrdersTable>, items: readonly Selectable<OrderItemsTable>[]): Order {
  return {
    ...{ id: row.id, status: row.status, currency: row.currency, version: row.version },
    totalCents: row.total_cents,
    placedAt: row.placed_at,
    ...(row.cancelled_at !== null && { cancelledAt: row.cancelled_at }),
    items: items.map(({ product_id, name, quantity, unit_price_cents }) => ({
      ...{ productId: product_id, name, quantity },
      unitPriceCents: unit_price_cents,
    })),
  };
}
