import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { plainText } from "../../scripts/commands/local/terraform-log";

/** Folder of this project. */
export const ROOT = resolve(__dirname, "..", "..");

/** How a program ended, and what it printed. */
export interface Outcome {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  /** Standard output and standard error, without colours. */
  readonly output: string;
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
