import type { Order } from "./order";
import { placedEvent } from "./order-event";
import { writeEvent } from "./outbox";
import type { OrdersTransaction } from "./schema";

/**
 * Writes a new order: the one place that does. All that must be true together with the order is written here, by the caller's
 * transaction, and so is the event that tells others of it.
 *
 * @param principal whose order it is
 * @param traceparent trace of the request
 */
export async function placeOrder(
  transaction: OrdersTransaction,
  principal: string,
  order: Order,
  traceparent: string,
): Promise<void> {
  const { id, status, currency, totalCents, version, placedAt, items } = order;
  await transaction
    .insertInto("orders")
    .values({ id, principal, status, currency, total_cents: totalCents, version, placed_at: placedAt })
    .execute();
  await transaction
    .insertInto("order_items")
    .values(
      items.map(({ productId, name, quantity, unitPriceCents }, position) => ({
        ...{ order_id: id, position, product_id: productId, name, quantity },
        unit_price_cents: unitPriceCents,
      })),
    )
    .execute();
  await writeEvent(transaction, placedEvent(principal, order, traceparent));
}
