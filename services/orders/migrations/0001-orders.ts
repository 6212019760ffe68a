import { type Kysely, type Migration, sql } from "kysely";

/** The orders and their items. Amounts are whole cents; the totals of the rows cannot contradict their bounds. */
export const orders: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`
      CREATE TABLE orders (
        id uuid PRIMARY KEY,
        principal text NOT NULL CHECK (length(principal) BETWEEN 1 AND 255),
        status text NOT NULL CHECK (status IN ('placed', 'cancelled')),
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        total_cents bigint NOT NULL CHECK (total_cents BETWEEN 0 AND 9007199254740991),
        version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
        placed_at timestamptz NOT NULL,
        cancelled_at timestamptz,
        CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL))
      )`.execute(database);
    // A page is read from the index in its order: ids sort by time.
    await sql`CREATE INDEX orders_of_principal ON orders (principal, id DESC)`.execute(database);
    await sql`
      CREATE TABLE order_items (
        order_id uuid NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
        position smallint NOT NULL CHECK (position >= 0),
        product_id text NOT NULL,
        name text NOT NULL,
        quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
        unit_price_cents bigint NOT NULL CHECK (unit_price_cents BETWEEN 0 AND 9007199254740991),
        PRIMARY KEY (order_id, position),
        UNIQUE (order_id, product_id)
      )`.execute(database);
  },
};
