import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { plainText } from "../../scripts/commands/local/terraform-log";

/** Folder of this project. */
export const ROOT = resolve(__dirname, "..", "..");

const SOURCES = [
  "main.ts",
  "envs",
  "modules",
  "functions",
  "services",
  "runtime",
  "api",
  "scripts",
  "tsconfig.json",
  "cdktf.json",
  "package.json",
  "package-lock.json",
];

/** How a program ended, and what it printed. */
export interface Outcome {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  /** Standard output and standard error, without colours. */
  readonly output: string;
}

/** A copy of the project that a test may change. Its node_modules is a link to the original's. */
export interface ProjectCopy {
  /** Its folder, as the file system names it. */
  readonly root: string;
  /** Removes it. */
  remove(): void;
}

/** Copies the project into a new temporary folder. */
export function copyProject(): ProjectCopy {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "project-copy-")));
  const root = join(parent, "project");
  mkdirSync(root);
  for (const source of SOURCES) cpSync(join(ROOT, source), join(root, source), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  return { root, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

/**
 * Runs a program to its end, with nothing on standard input.
 *
 * @param command program and arguments
 * @param cwd folder it runs in
 * @param env its whole environment
 */
export async function run(
  command: readonly [string, ...string[]],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  return { code, output: plainText(output) };
}
