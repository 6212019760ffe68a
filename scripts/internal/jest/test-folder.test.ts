import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { enterTestFolder, leaveTestFolder } from "./test-folder";

let parent: string;
let environment: NodeJS.ProcessEnv;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "parent-"));
  environment = { ...process.env, TMPDIR: parent };
});

afterEach(() => rmSync(parent, { recursive: true }));

test("this run has a folder of its own", () => {
  expect(basename(tmpdir())).toMatch(/^jest-\d+-\w{6}$/);
});

test("what is started uses it, others pass through it, and its end takes all with it", () => {
  enterTestFolder(environment);
  const [folder = ""] = readdirSync(parent).map((name) => join(parent, name));
  const { stdout } = spawnSync(process.execPath, ["-p", "os.tmpdir()"], {
    encoding: "utf8",
    env: environment,
  });
  expect(stdout.trim()).toBe(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o711);
  mkdirSync(join(folder, "cdktf.out", "stacks"), { recursive: true });
  leaveTestFolder(environment);
  expect(existsSync(folder)).toBe(false);
});

test("a run that was killed is cleaned up after; one that runs, and what else is there, is left alone", () => {
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  for (const name of [`jest-${gone}-Abc123`, `jest-${process.pid}-Abc123`, `jest-${gone}`])
    mkdirSync(join(parent, name));
  writeFileSync(join(parent, `jest-${gone}-Abc123`, "left"), "");
  enterTestFolder(environment);
  expect(
    readdirSync(parent)
      .map((name) => name.replace(/-\w{6}$/, "-…"))
      .sort(),
  ).toEqual([`jest-${gone}`, `jest-${process.pid}-…`, `jest-${process.pid}-…`].sort());
});
