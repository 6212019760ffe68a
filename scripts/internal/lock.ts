/**
 * A lock between commands that run at the same time on one machine, released by itself when its holder dies.
 *
 * Who wants the lock first looks for a holder, then puts down a file of its own and looks again: of two that come at once, at
 * least the later sees the other, and takes its file back. A file is never changed and never anybody else's, and its name says
 * all, so none is ever half-written, and that of a dead holder can be removed by anybody at any time.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "./cli";
import { identifyProcess, isRunning, type ProcessIdentity } from "./process-identity";

/** How to take a lock. */
export interface LockConfig {
  /** What the lock's files begin with: `<path>.<holder>`. Their folder is made. */
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
  const own = await acquire(config);
  try {
    return await work();
  } finally {
    rmSync(own, { force: true });
  }
}

/** @returns the holder's file */
async function acquire({ path, place, waitMilliseconds, onWait }: LockConfig): Promise<string> {
  const deadline = Date.now() + waitMilliseconds;
  // At random, so that two that have got in each other's way do not do so again.
  for (let waited = false; ; await sleep(50 + Math.random() * 100)) {
    mkdirSync(dirname(path), { recursive: true });
    let holder = findHolder(path);
    if (!holder) {
      const own = `${path}.${nameOf(identifyProcess(process.pid))}`;
      writeFileSync(own, "", { flag: "wx" });
      holder = findHolder(path, own);
      if (!holder) return own;
      rmSync(own, { force: true });
    }
    if (!waited) onWait?.(holder);
    waited = true;
    if (Date.now() < deadline) continue;
    throw new CommandError(
      place,
      `process ${holder.pid} has been at work for more than ${Math.round(waitMilliseconds / 1000)} s`,
      "wait for it or end it, then run the command again",
    );
  }
}

/** A running holder of the lock besides `own`. The files of those that run no more are removed. */
function findHolder(path: string, own?: string): ProcessIdentity | undefined {
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    const file = join(dirname(path), name);
    const holder = name.startsWith(prefix) ? parseName(name.slice(prefix.length)) : undefined;
    if (!holder || file === own) continue;
    if (isRunning(holder)) return holder;
    rmSync(file, { force: true });
  }
  return undefined;
}

/** The random end tells the holders of one process apart. */
function nameOf(identity: ProcessIdentity | undefined): string {
  if (!identity) throw new Error("this process was not found among those that run");
  return `${identity.pid}.${Buffer.from(identity.startedAt).toString("base64url")}.${randomUUID()}`;
}

function parseName(name: string): ProcessIdentity | undefined {
  const [, pid, startedAt] = /^(\d+)\.([\w-]+)\.[\da-f-]{36}$/.exec(name) ?? [];
  return pid === undefined || startedAt === undefined
    ? undefined
    : { pid: Number(pid), startedAt: Buffer.from(startedAt, "base64url").toString() };
}
