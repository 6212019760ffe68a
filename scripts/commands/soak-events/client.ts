import { setTimeout as wait } from "node:timers/promises";
import type { OrderStore } from "../../../services/orders/store";
import { newOrder, newRequest } from "../bench-events/orders";
import type { KnownOrder } from "./check";

/** One of so many orders is cancelled. */
const CANCELLED = 10;
/** Attempts of a request: on a busy machine the database may answer too late. */
const ATTEMPTS = 5;

/** What a client works with. */
export interface ClientConfig {
  readonly store: OrderStore;
  readonly principal: string;
  readonly random: () => number;
  /** Between two requests, on average. */
  readonly pauseMilliseconds: number;
}

/**
 * Places orders one after another, and cancels some of them.
 *
 * @param orders how many
 * @param onOrder told of each with all that the client knows of it
 */
export async function placeOrders(
  { store, principal, random, pauseMilliseconds }: ClientConfig,
  orders: number,
  onOrder: (id: string, order: KnownOrder) => void,
): Promise<void> {
  const pause = () => wait(2 * random() * pauseMilliseconds);
  for (let count = 0; count < orders; count++) {
    const order = newOrder();
    const request = { ...newRequest(), principal };
    // Asked again it is the same request: it places no other order.
    const placed = await attempts(() => store.place(request, order));
    if (placed.outcome === "otherRequest") throw new Error(`${order.id} was taken for another request`);
    const { status, version } = placed.order;
    onOrder(order.id, { principal, status, version });
    await pause();
    if (random() * CANCELLED >= 1) continue;
    const cancelled = await attempts(() => store.cancel(principal, order.id, "any", new Date()));
    if (cancelled.outcome !== "cancelled") throw new Error(`${order.id} could not be cancelled`);
    onOrder(order.id, { principal, status: cancelled.order.status, version: cancelled.order.version });
  }
}

async function attempts<T>(request: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    try {
      return await request();
    } catch {
      await wait(200 * attempt);
    }
  }
  return request();
}
