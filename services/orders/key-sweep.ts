import type { Database } from "./schema";

/** Removes at most `limit` keys that have expired, the oldest first; those that a request is just taking over stay. @returns how many */
export async function removeExpiredKeys(database: Database, now: Date, limit: number): Promise<number> {
  const { numDeletedRows } = await database
    .with("expired", (query) =>
      query
        .selectFrom("idempotency_keys")
        .select(["principal", "key_hash"])
        .where("expires_at", "<=", now)
        .orderBy("expires_at")
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .deleteFrom("idempotency_keys")
    .using("expired")
    .whereRef("idempotency_keys.principal", "=", "expired.principal")
    .whereRef("idempotency_keys.key_hash", "=", "expired.key_hash")
    .executeTakeFirst();
  return Number(numDeletedRows);
}
