import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const LOCAL = resolve(__dirname, "../local");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs scripts/local from another folder, with a `node` of that version before any other on PATH. */
function runWithNode(version: string) {
  const node = join(folder, "node");
  writeFileSync(
    node,
    `#!/bin/sh\nif [ "$1" = --version ]; then echo "${version}"; else echo "started: $*"; fi\n`,
  );
  chmodSync(node, 0o755);
  const PATH = `${folder}:${process.env["PATH"]}`;
  return spawnSync(LOCAL, ["status"], { cwd: folder, env: { ...process.env, PATH }, encoding: "utf8" });
}

test.each([
  ["v18.20.1", "18.20.1"],
  ["v20.18.9", "20.18.9"],
])("Node.js %s is refused, with what is needed", (version, shown) => {
  const { status, stderr } = runWithNode(version);
  expect(stderr).toBe(`error: local: Node.js ${shown} is too old; install Node.js 20.19 or newer\n`);
  expect(status).toBe(3);
});

test.each(["v20.19.0", "v22.1.0", "v100.0.0"])("Node.js %s is taken", (version) => {
  const { status, stdout } = runWithNode(version);
  expect(stdout).toMatch(
    /started: --import .*tsx.*loader\.mjs .*scripts\/commands\/local\/main\.ts status\n$/,
  );
  expect(status).toBe(0);
});
