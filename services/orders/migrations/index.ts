import type { Migration } from "kysely";
import { orders } from "./0001-orders";
import { idempotencyKeys } from "./0002-idempotency-keys";
import { outbox } from "./0003-outbox";

/**
 * The migrations by name, in the order of their names. What was released is never changed: a later one mends it. Each is safe while
 * the code of the release before it still runs; README.md says how.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-orders": orders,
  "0002-idempotency-keys": idempotencyKeys,
  "0003-outbox": outbox,
};
