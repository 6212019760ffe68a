/**
 * The stacks of the environments, as they are synthesised now: nothing has to be deployed for them.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError, EXIT } from "./cli";
import { readJson } from "./json-file";

/**
 * Checks how an environment is named, before anything is synthesised.
 *
 * @throws CommandError of wrong usage
 */
export function checkEnvironmentName(name: string): void {
  if (/^envs\/[a-z0-9-]+$/.test(name)) return;
  throw new CommandError(
    "environment",
    `"${name}" is none`,
    "write it as envs/<name>, e.g. envs/prod",
    EXIT.usage,
  );
}

/**
 * Synthesises all environments into a folder of their own, which is gone when this returns.
 *
 * @param root folder of the project
 * @param use what is done with it; `<folder>/envs/<name>/cdk.tf.json` are the stacks
 * @param refused whether stacks will do that must not be deployed, as something would be lost. @default false
 * @returns what `use` returns
 * @throws CommandError when the project does not synthesise, and what `use` throws
 */
export function withSynthesised<T>(
  root: string,
  use: (folder: string) => T,
  { refused = false }: { readonly refused?: boolean } = {},
): T {
  const folder = mkdtempSync(join(tmpdir(), "synthesised-"));
  try {
    const { status, stderr } = spawnSynth(root, folder, refused ? "pipe" : 2);
    // Written at the end, when every stack is.
    const whole = refused && existsSync(join(folder, "manifest.json"));
    if (status !== 0 && !whole) {
      process.stderr.write(stderr ?? "");
      throw synthFailed();
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Synthesises all environments into a folder that stays, as cdktf does: its local state and its artifacts are found from there.
 *
 * @param root folder of the project
 * @param folder where `envs/<name>/cdk.tf.json` and `bootstrap/<name>/cdk.tf.json` come to be
 * @throws CommandError when the project does not synthesise
 */
export function synthesiseInto(root: string, folder: string): void {
  const { status } = spawnSynth(root, folder, 2);
  if (status !== 0) throw synthFailed();
}

/** What it says belongs to the user, not to a command's result. */
function spawnSynth(root: string, folder: string, errors: 2 | "pipe") {
  return spawnSync(process.execPath, ["scripts/internal/synth.js"], {
    cwd: root,
    stdio: ["ignore", 2, errors],
    env: { ...process.env, CDKTF_OUTDIR: folder },
  });
}

function synthFailed(): CommandError {
  return new CommandError("synth", "failed", "see its messages above");
}

/**
 * File of an environment's stack.
 *
 * @param folder where all are synthesised
 * @param environment name of the stack, e.g. `envs/prod`
 * @throws CommandError naming those that there are, when it is none of them
 */
export function stackFile(folder: string, environment: string): string {
  const file = join(folder, environment, "cdk.tf.json");
  if (existsSync(file)) return file;
  const known = readdirSync(join(folder, "envs")).map((name) => `envs/${name}`);
  throw new CommandError(
    environment,
    "is not among the environments of envs/index.ts",
    `these are: ${known.sort().join(", ")}`,
    EXIT.usage,
  );
}

/**
 * Synthesises the environments and reads the stacks of some.
 *
 * @param root folder of the project
 * @param environments names of stacks, e.g. `envs/prod`
 * @returns their Terraform JSON, in the same order
 * @throws CommandError when a name is none, or the project does not synthesise
 */
export function synthesiseStacks<T>(root: string, environments: readonly string[]): readonly T[] {
  for (const name of environments) checkEnvironmentName(name);
  return withSynthesised(root, (folder) =>
    environments.map((environment) => readJson<T>(stackFile(folder, environment)) as T),
  );
}
