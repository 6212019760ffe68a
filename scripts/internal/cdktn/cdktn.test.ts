import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { readJson } from "../json-file";

/**
 * The portability of what is under main.ts, envs/ and modules/: synthesised as it stands with cdktn, the community's fork of cdktf,
 * it gives the same stacks. The AWS provider's bindings are the same package in both: their `cdktf` is the fork, too.
 */
const root = resolve(__dirname, "../../..");

interface Manifest {
  readonly version: string;
  readonly stacks: Readonly<Record<string, { readonly synthesizedStackPath: string }>>;
}

let folder: string;
let forked: string;
let usual: string;

function run(command: readonly [string, ...string[]], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const [program, ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  expect({ status, ...(status !== 0 && { stdout, stderr }) }).toEqual({ status: 0 });
}

/** The fork and its constructs, as this folder's lock file says. @returns the folder of the packages */
function install(): string {
  const packages = join(folder, "packages");
  mkdirSync(packages);
  for (const file of ["package.json", "package-lock.json"]) {
    copyFileSync(join(__dirname, file), join(packages, file));
  }
  run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], packages);
  return join(packages, "node_modules");
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cdktn-"));
  const packages = install();
  const outfile = join(folder, "main.js");
  buildSync({
    absWorkingDir: root,
    entryPoints: ["main.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    alias: { cdktf: join(packages, "cdktf"), constructs: join(packages, "constructs") },
    external: ["esbuild"], // It finds its binary beside itself.
    logLevel: "silent",
  });
  forked = join(folder, "forked");
  usual = join(folder, "usual");
  run([process.execPath, outfile], root, { CDKTF_OUTDIR: forked, NODE_PATH: join(root, "node_modules") });
  run([process.execPath, "scripts/internal/synth.js"], root, { CDKTF_OUTDIR: usual });
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function manifest(output: string): Manifest {
  return readJson<Manifest>(join(output, "manifest.json")) as Manifest;
}

/** A stack's JSON, keys in their order, without the version in its comment. Empty lists are laid out differently by the two. */
function stackJson(output: string, path: string, version: string): string {
  const text = readFileSync(join(output, path), "utf8");
  expect(text.split(`"version": "${version}"`)).toHaveLength(2);
  return JSON.stringify(JSON.parse(text.replace(`"version": "${version}"`, '"version": ""')), null, 1);
}

test("each stack is made by cdktn, and is cdktf's but for the version in its comment", () => {
  const [by, from] = [manifest(forked), manifest(usual)];
  expect([by.version, from.version]).toEqual(["0.24.0", "0.21.0"]);
  expect(Object.keys(by.stacks)).toEqual(Object.keys(from.stacks));
  expect(Object.keys(by.stacks)).toEqual(
    expect.arrayContaining(["envs/local", "envs/prod", "bootstrap/prod"]),
  );
  for (const { synthesizedStackPath } of Object.values(from.stacks)) {
    expect(stackJson(forked, synthesizedStackPath, by.version)).toBe(
      stackJson(usual, synthesizedStackPath, from.version),
    );
  }
});

test("what the stacks refer to, such as the functions' artifacts, is there under the same names", () => {
  for (const [name, { synthesizedStackPath }] of Object.entries(manifest(usual).stacks)) {
    const paths = readFileSync(join(usual, synthesizedStackPath), "utf8").match(/assets\/[^"]+/g) ?? [];
    for (const path of new Set(paths)) {
      expect({ name, path, exists: existsSync(join(forked, name, path)) }).toEqual({
        name,
        path,
        exists: true,
      });
    }
  }
});
