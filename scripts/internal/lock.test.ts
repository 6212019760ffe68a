import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "./lock";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function config(waitMilliseconds = 10_000) {
  return { path: join(folder, "below", "lock"), place: "scripts/local", waitMilliseconds };
}

/** Many that want the lock at once; the largest number that were inside together. */
async function crowd(count: number): Promise<number> {
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: count }, () =>
      withLock(config(), async () => {
        most = Math.max(most, ++inside);
        await sleep(1);
        inside--;
      }),
    ),
  );
  return most;
}

test("one at a time is inside", async () => {
  expect(await crowd(10)).toBe(1);
});

test("gives back what the work gives back, and leaves no file", async () => {
  expect(await withLock(config(), async () => 42)).toBe(42);
  expect(readdirSync(join(folder, "below"))).toEqual([]);
});

test("is released when the work fails", async () => {
  const failing = withLock(config(), async () => {
    throw new Error("the work failed");
  });
  await expect(failing).rejects.toThrow("the work failed");
  expect(existsSync(config().path)).toBe(false);
});

test.each([
  ["of a process that is gone", { pid: 2 ** 30, startedAt: "once" }],
  ["of another process that had this one's id", { pid: process.pid, startedAt: "once" }],
])("a lock %s is taken over, by one alone", async (_, holder) => {
  await withLock(config(), async () => {}); // Makes the folder.
  writeFileSync(config().path, JSON.stringify(holder));
  expect(await crowd(10)).toBe(1);
});

test("who waits too long is told who holds it", async () => {
  const told: number[] = [];
  await withLock(config(), async () => {
    const second = withLock({ ...config(1000), onWait: ({ pid }) => told.push(pid) }, async () => {});
    await expect(second).rejects.toThrow(
      `scripts/local: process ${process.pid} has been at work for more than 1 s; wait for it or end it, then run the command again`,
    );
  });
  expect(told).toEqual([process.pid]);
});
