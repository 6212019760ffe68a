import { CommandError } from "../../internal/cli";
import type { Lock } from "./bucket";
import type { StateOfEnvironment } from "./state";

/** What was found of a state's lock, and done. */
export interface Unlocked {
  readonly environment: string;
  /** The lock that was removed. Absent when nobody held the state. */
  readonly lock?: Lock;
}

/** Minutes for which a lock may well be of a deployment that goes on. */
export const FRESH_MINUTES = 60;

/**
 * Removes a lock that its holder has left behind.
 *
 * @param approved also one that may be in use
 * @param confirm is shown the lock, and throws to leave it
 * @throws CommandError naming the holder of one that may be in use
 */
export async function unlock(
  { environment, state, bucket }: StateOfEnvironment,
  approved: boolean,
  confirm: (lock: Lock) => Promise<void>,
  now: Date,
): Promise<Unlocked> {
  const lock = await bucket?.lock();
  if (!lock) return { environment };
  const minutes = Math.floor((now.getTime() - Date.parse(lock.since)) / 60_000);
  // Of a lock that does not say since when, nobody can tell.
  if (!(minutes >= FRESH_MINUTES) && !approved) {
    throw new CommandError(
      environment,
      `${describeLock(lock, now)}: it may be at work`,
      "wait for its end; when that process is surely gone, add --auto-approve",
    );
  }
  await confirm(lock);
  state.unlock(lock.id);
  return { environment, lock };
}

/** E.g. `is locked since 3 min by ann@laptop (apply)`. */
export function describeLock({ operation, since, who }: Lock, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 60_000));
  const hours = Math.floor(minutes / 60);
  const known = hours > 0 ? `since ${hours} h ${minutes % 60} min` : `since ${minutes} min`;
  const time = Number.isNaN(minutes) ? "since nobody knows when" : known;
  return `is locked ${time} by ${who} (${operation.replace(/^OperationType/, "").toLowerCase()})`;
}
