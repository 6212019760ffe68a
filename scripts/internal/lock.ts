/**
 * A lock between commands that run at the same time on one machine, released by itself when its holder dies.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "./cli";
import { identifyProcess, isRunning, type ProcessIdentity } from "./process-identity";

/** How to take a lock. */
export interface LockConfig {
  /** File that stands for the lock. Its folder is made. */
  readonly path: string;
  /** What is locked, as the error's place, e.g. `scripts/local`. */
  readonly place: string;
  /** Milliseconds to wait for another holder. */
  readonly waitMilliseconds: number;
  /** Called once, when another process holds the lock. */
  readonly onWait?: (holder: ProcessIdentity) => void;
}

/**
 * Runs `work` while holding the lock.
 *
 * @throws CommandError naming the holder's process when it does not let go in time
 */
export async function withLock<T>(config: LockConfig, work: () => Promise<T>): Promise<T> {
  await acquire(config);
  try {
    return await work();
  } finally {
    release(config.path);
  }
}

async function acquire({ path, place, waitMilliseconds, onWait }: LockConfig): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const deadline = Date.now() + waitMilliseconds;
  for (let waited = false; ; ) {
    if (tryAcquire(path)) return;
    const holder = readHolder(path);
    if (!holder) continue; // Released in the meantime.
    if (!isRunning(holder)) {
      removeStale(path, holder);
      continue;
    }
    if (!waited) {
      onWait?.(holder);
      waited = true;
    }
    if (Date.now() >= deadline) {
      throw new CommandError(
        place,
        `process ${holder.pid} has been at work for more than ${Math.round(waitMilliseconds / 1000)} s`,
        "wait for it or end it, then run the command again",
      );
    }
    await sleep(100);
  }
}

/** The file appears whole, holder and all, by a hard link: no other process ever reads half of it. */
function tryAcquire(path: string): boolean {
  const own = `${path}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify(identifyProcess(process.pid)));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Moves a dead holder's file aside. If it is not that holder's any more, another process has just taken the lock over and gets
 * its file back.
 */
function removeStale(path: string, stale: ProcessIdentity): void {
  const aside = `${path}.stale.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // Another process was faster.
  }
  const moved = readHolder(aside);
  if (moved && moved.startedAt !== stale.startedAt) linkSync(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string): void {
  if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true });
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
