import { type Kysely, type Migration, sql } from "kysely";

/** The keys under which orders were placed. A key is claimed before its order is written, hence the deferred reference. */
export const idempotencyKeys: Migration = {
  async up(database: Kysely<unknown>) {
    await sql`
      CREATE TABLE idempotency_keys (
        principal text NOT NULL,
        key_hash bytea NOT NULL CHECK (length(key_hash) = 32),
        request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
        order_id uuid NOT NULL REFERENCES orders (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (principal, key_hash)
      )`.execute(database);
    await sql`CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at)`.execute(database);
    // An order that is deleted takes its keys along without a scan of all of them.
    await sql`CREATE INDEX idempotency_keys_of_order ON idempotency_keys (order_id)`.execute(database);
  },
};
