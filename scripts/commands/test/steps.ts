import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../../internal/cli";

/** One check or test run. */
export interface Step {
  /** Said while it runs. */
  readonly name: string;
  /** Program of node_modules/.bin, or `node` for the one that runs this, and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** File that jest writes its result to; only for steps that are jest runs. */
  readonly jestResult?: string;
}

/** How a step ended. */
export interface Outcome {
  readonly step: Step;
  readonly ok: boolean;
  readonly seconds: number;
  /** File that holds all it printed. */
  readonly log: string;
  /** Tests counted by jest; zero for other steps. */
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs a step, everything it prints kept in a file, and shown as it comes where asked.
 *
 * @param root folder of the project
 * @param folder where logs and results go
 * @param live shows the output
 */
export async function runStep(root: string, folder: string, step: Step, live: boolean): Promise<Outcome> {
  mkdirSync(folder, { recursive: true });
  const log = join(folder, `${step.name.replaceAll(/[^a-z0-9]+/gi, "-")}.log`);
  const started = performance.now();
  const [program, ...args] = step.command;
  const status = await new Promise<number | null>((done, fail) => {
    const file = program === "node" ? process.execPath : join(root, "node_modules", ".bin", program);
    const child = spawn(file, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" },
    });
    // Opened at once, so that a log that cannot be written fails here.
    const kept = createWriteStream(log, { fd: openSync(log, "w") });
    for (const stream of [child.stdout, child.stderr]) {
      stream.pipe(kept, { end: false });
      if (live) stream.pipe(process.stdout, { end: false });
    }
    child.on("error", () =>
      fail(new CommandError(program, "was not found in node_modules/.bin", "run npm ci")),
    );
    child.on("close", (code) => kept.end(() => done(code)));
  });
  const seconds = (performance.now() - started) / 1000;
  const counts = step.jestResult === undefined ? { passed: 0, failed: 0 } : countTests(step.jestResult);
  return { step, log, seconds, ok: status === 0, ...counts };
}

/** Reads jest's own counts; a suite that could not even start counts as one failure. */
export function countTests(file: string): { passed: number; failed: number } {
  try {
    const result = JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
    return {
      passed: result["numPassedTests"] ?? 0,
      failed: (result["numFailedTests"] ?? 0) + (result["numRuntimeErrorTestSuites"] ?? 0),
    };
  } catch {
    return { passed: 0, failed: 1 }; // jest died before it wrote any.
  }
}
