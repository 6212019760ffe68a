import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "./lock";

const TSX = join(__dirname, "../../node_modules/tsx/dist/loader.mjs");
const UUID = "00000000-0000-4000-8000-000000000000";
const children: ChildProcess[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
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
  expect(readdirSync(join(folder, "below"))).toEqual([]);
});

/** Another process, which runs `body` with `withLock` and `config` at hand. */
function start(body: string): ChildProcess {
  const script = join(folder, `${children.length}.ts`);
  writeFileSync(
    script,
    `import { withLock } from ${JSON.stringify(join(__dirname, "lock"))};
     import { closeSync, openSync, rmSync } from "node:fs";
     import { setTimeout as sleep } from "node:timers/promises";
     const config = ${JSON.stringify(config())};
     async function main() { ${body} }
     main();`,
  );
  const child = spawn(process.execPath, ["--import", TSX, script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

test("one at a time is inside, of several processes", async () => {
  // Opening a file that is there fails, and with it the process.
  const inside = JSON.stringify(join(folder, "inside"));
  const work = `closeSync(openSync(${inside}, "wx")); await sleep(2); rmSync(${inside});`;
  const processes = [1, 2, 3].map(() =>
    start(`for (let turn = 0; turn < 10; turn++) await withLock(config, async () => { ${work} });`),
  );
  const ends = await Promise.all(processes.map((child) => once(child, "exit")));
  expect(ends.map(([code]) => code)).toEqual([0, 0, 0]);
  expect(readdirSync(join(folder, "below"))).toEqual([]);
}, 60_000);

test("a lock of a process that was killed is taken over, by one alone", async () => {
  const child = start(`await withLock(config, async () => { console.log("inside"); await sleep(60_000); });`);
  if (child.stdout) await once(child.stdout, "data");
  const waiting = withLock(config(300), async () => {});
  await expect(waiting).rejects.toThrow(`scripts/local: process ${child.pid} has been at work`);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(readdirSync(join(folder, "below"))).toHaveLength(1);
  expect(await crowd(10)).toBe(1);
  expect(readdirSync(join(folder, "below"))).toEqual([]);
}, 60_000);

test("a lock of another process that had this one's id is taken over", async () => {
  mkdirSync(join(folder, "below"));
  writeFileSync(`${config().path}.${process.pid}.${Buffer.from("once").toString("base64url")}.${UUID}`, "");
  expect(await withLock(config(0), async () => readdirSync(join(folder, "below")))).toHaveLength(1);
});

test.each(["lock", "lock.", "lock.1", "lock.1.x", `lock.x.x.${UUID}`, `lock2.1.x.${UUID}`])(
  "a file that names no holder holds nothing: %s",
  async (name) => {
    mkdirSync(join(folder, "below"));
    writeFileSync(join(folder, "below", name), "");
    expect(await withLock(config(0), async () => 42)).toBe(42);
    expect(readdirSync(join(folder, "below"))).toEqual([name]);
  },
);

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
