import type { Order } from "./order";
import { type CancelReason, cancelledEvent } from "./order-event";
import { writeEvent } from "./outbox";
import type { OrdersTransaction } from "./schema";

/** A change of an order to cancelled. */
export interface Cancellation {
  readonly reason: CancelReason;
  readonly now: Date;
  /** Trace of what asks for it. */
  readonly traceparent: string;
}

/**
 * Cancels an order, and writes the event that tells others of it, by the caller's transaction.
 *
 * @param order as it was read
 * @returns the order as it is then; nothing when it was changed since it was read
 */
export async function cancelOrder(
  transaction: OrdersTransaction,
  principal: string,
  order: Order,
  { reason, now, traceparent }: Cancellation,
): Promise<Order | undefined> {
  const cancelled = { ...order, status: "cancelled", version: order.version + 1, cancelledAt: now } as const;
  const { numUpdatedRows } = await transaction
    .updateTable("orders")
    .set({ status: cancelled.status, version: cancelled.version, cancelled_at: now })
    .where("principal", "=", principal)
    .where("id", "=", order.id)
    .where("version", "=", order.version)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return undefined;
  await writeEvent(transaction, cancelledEvent(principal, cancelled, reason, traceparent));
  return cancelled;
}
