import { type Kysely, type Migration, sql } from "kysely";

/**
 * The events of the orders, each written along with its change and kept until it was published. What is unpublished is read by age, and
 * what was published is removed by age.
 */
export const outbox: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`
      CREATE TABLE outbox (
        id uuid PRIMARY KEY,
        order_id uuid NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
        sequence integer NOT NULL CHECK (sequence >= 1),
        type text NOT NULL CHECK (length(type) BETWEEN 1 AND 255),
        occurred_at timestamptz NOT NULL,
        payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
        traceparent text NOT NULL CHECK (length(traceparent) = 55),
        published_at timestamptz,
        UNIQUE (order_id, sequence)
      )`.execute(database);
    await sql`
      CREATE INDEX outbox_unpublished ON outbox (occurred_at, id) WHERE published_at IS NULL`.execute(
      database,
    );
    await sql`
      CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL`.execute(
      database,
    );
  },
};
