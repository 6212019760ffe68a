import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "./schema";

/** What removes expired idempotency keys. */
export interface KeySweepConfig {
  readonly database: Database;
  readonly now: () => Date;
  /** Called after a sweep that removed some. */
  readonly onSwept: (keys: number) => void;
  /** Called with the error that ended a sweep; the next one goes on. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds between sweeps, on average. @default one minute */
  readonly everyMilliseconds?: number;
  /** Most keys of one statement. @default 500 */
  readonly batch?: number;
  /** Most statements of one sweep. @default 20 */
  readonly batches?: number;
  /** A number from 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** Milliseconds between two statements of a sweep: others come in between. */
const BREATH = 50;

/**
 * Removes expired idempotency keys from time to time, a few with each statement: none holds locks for long, and those of requests under
 * way are gone past. Every process of the service sweeps; they do not wait for one another.
 */
export class KeySweep {
  private readonly stopping = new AbortController();
  private done: Promise<void> | undefined;

  constructor(private readonly config: KeySweepConfig) {}

  start(): void {
    this.done ??= this.loop();
  }

  /** Ends after the statement that is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  private async loop(): Promise<void> {
    const { everyMilliseconds = 60_000, random = Math.random, onSwept, onError } = this.config;
    // At random, so that processes that were started together do not sweep together.
    while (await this.pause(everyMilliseconds * (0.5 + random()))) {
      try {
        const keys = await this.sweep();
        if (keys > 0) onSwept(keys);
      } catch (error) {
        onError(error);
      }
    }
  }

  private async sweep(): Promise<number> {
    const { database, now, batch = 500, batches = 20 } = this.config;
    let all = 0;
    for (let count = 0; count < batches; count++) {
      const removed = await removeExpiredKeys(database, now(), batch);
      all += removed;
      if (removed < batch || !(await this.pause(BREATH))) break;
    }
    return all;
  }

  /** @returns false when it is time to stop */
  private async pause(milliseconds: number): Promise<boolean> {
    const { signal } = this.stopping;
    await wait(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
    return !signal.aborted;
  }
}

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
