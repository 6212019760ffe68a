import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalDirectory, localDirectory } from "./directory";
import { down, reset } from "./down";
import { MARKS } from "./settings";

let directory: LocalDirectory;
let child: ChildProcess;

/** A process of the environment whose record was lost. */
beforeEach(async () => {
  directory = localDirectory("/project", mkdtempSync(join(tmpdir(), "down-")));
  const env = { [MARKS.environment]: directory.path };
  child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { env, stdio: "ignore" });
  await once(child, "spawn");
});

afterEach(async () => {
  child.kill("SIGKILL");
  rmSync(directory.path, { recursive: true, force: true });
});

test("what was ended is told, after a deployment that was cut off too", async () => {
  mkdirSync(directory.checkpoint);
  writeFileSync(directory.deploying, "");
  expect(await down(directory)).toEqual([child.pid]);
  expect(existsSync(directory.deploying)).toBe(false);
  expect(await down(directory)).toEqual([]);
});

test("reset leaves nothing behind that a killed command has half-written", async () => {
  mkdirSync(`${directory.checkpoint}.partial`);
  for (const path of [`${directory.names}.12.partial`, directory.emulatorRecord]) writeFileSync(path, "");
  expect(await reset(directory)).toEqual([
    "1 process",
    `the checkpoint that was being made (${directory.checkpoint}.partial)`,
    `the emulator's record (${directory.emulatorRecord})`,
    `a file half-written (${directory.names}.12.partial)`,
  ]);
  expect(existsSync(directory.path)).toBe(false);
});

test("reset leaves what is none of the environment's", async () => {
  writeFileSync(join(directory.path, "mine.txt"), "");
  await reset(directory);
  expect(existsSync(join(directory.path, "mine.txt"))).toBe(true);
});
