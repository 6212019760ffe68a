import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
  findMarkedProcesses,
  identifyProcess,
  isRunning,
  markPattern,
  parseStartTicks,
  sendSignal,
} from "./process-identity";

const FIELDS = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18";
const children: ChildProcess[] = [];

function start(script: string, env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, ["-e", script], { env, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
});

describe("markPattern", () => {
  const mark = "OF=/tmp/a.b";
  test.each([
    ["between others", "node x.js HOME=/root OF=/tmp/a.b LANG=C", true],
    ["at the end", "node x.js OF=/tmp/a.b", true],
    ["of a folder whose name goes on after a space", "node x.js OF=/tmp/a.b c LANG=C", false],
    ["of a longer name", "node x.js OF=/tmp/a.bc LANG=C", false],
    ["of a name that only looks alike", "node x.js OF=/tmp/axb LANG=C", false],
    ["of another variable", "node x.js XOF=/tmp/a.b LANG=C", false],
  ])("%s", (_, variables, found) => {
    expect(markPattern(mark).test(variables)).toBe(found);
  });
});

describe("parseStartTicks", () => {
  test.each([
    ["a plain name", `7 (node) S ${FIELDS} 4242 0`, "4242"],
    ["a name with spaces and parentheses", `7 (a) R (b c) S ${FIELDS} 4242 0`, "4242"],
    ["a zombie", `7 (node) Z ${FIELDS} 4242 0`, undefined],
    ["nothing", "", undefined],
  ])("%s", (_, stat, ticks) => {
    expect(parseStartTicks(stat)).toBe(ticks);
  });
});

describe("identity", () => {
  test("is the same each time it is asked for", () => {
    const identity = identifyProcess(process.pid);
    expect(identity).toEqual({ pid: process.pid, startedAt: expect.any(String) });
    expect(identifyProcess(process.pid)).toEqual(identity);
  });

  test("a process that has ended is not running", async () => {
    const child = start("setTimeout(() => {}, 60000)");
    const identity = identifyProcess(child.pid ?? 0);
    if (!identity) throw new Error("the child was not identified");
    expect(isRunning(identity)).toBe(true);
    await end(child);
    expect(isRunning(identity)).toBe(false);
  });

  test("a recycled process id is another process", () => {
    expect(isRunning({ pid: process.pid, startedAt: "at another time" })).toBe(false);
  });
});

test("a mark finds the marked process and what it started, in a session of its own too", async () => {
  const value = `test-${process.pid}-${Date.now()}`;
  const parent = start(
    `const { spawn } = require("node:child_process");
     const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { detached: true, stdio: "ignore" });
     console.log(child.pid);
     setTimeout(() => {}, 60000);`,
    { MARK_OF_TEST: value },
  );
  const [line] = parent.stdout ? await once(parent.stdout, "data") : [];
  const grandchild = Number(String(line));
  try {
    expect(findMarkedProcesses("MARK_OF_TEST", value).sort()).toEqual([parent.pid, grandchild].sort());
    expect(findMarkedProcesses("MARK_OF_TEST", value.slice(0, -1))).toEqual([]);
    await end(parent);
    expect(findMarkedProcesses("MARK_OF_TEST", value)).toEqual([grandchild]);
  } finally {
    sendSignal(grandchild, "SIGKILL");
  }
  for (let tries = 0; tries < 100 && identifyProcess(grandchild); tries++) await sleep(20);
  expect(findMarkedProcesses("MARK_OF_TEST", value)).toEqual([]);
});

test("a signal to a process that has ended does nothing", async () => {
  const child = start("");
  await once(child, "exit");
  expect(() => sendSignal(child.pid ?? 0, "SIGTERM")).not.toThrow();
});
