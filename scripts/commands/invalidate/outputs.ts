import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CommandError } from "../../internal/cli";
import { readJson } from "../../internal/json-file";

/** Output of an environment's stack that names its distribution. */
export const OUTPUT = "distribution_id";

const MEND = "name the distribution with --distribution";

/** How cdktf ended, and what it printed. */
export type RunCdktf = (
  args: readonly string[],
) => Promise<{ readonly code: number | null; readonly text: string }>;

/**
 * Asks cdktf for the environment's distribution: it reads the outputs from Terraform's state, wherever that is kept.
 *
 * @param environment name of the stack, e.g. `envs/prod`
 * @param runCdktf runs cdktf in the project's folder
 * @returns id of the distribution, e.g. `EDFDVBD6EXAMPLE`
 * @throws CommandError with cdktf's last words, or when the stack has no such output
 */
export async function findDistribution(environment: string, runCdktf: RunCdktf): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "invalidate-"));
  const file = join(folder, "outputs.json");
  try {
    const { code, text } = await runCdktf(["output", environment, "--outputs-file", file]);
    if (code !== 0) {
      const lines = stripVTControlCharacters(text)
        .split("\n")
        .map((line) => line.trimEnd());
      const last = lines
        .filter((line) => line !== "")
        .slice(-12)
        .join("\n  ");
      throw new CommandError(environment, `cdktf output ended with code ${code}:\n  ${last}\n`, MEND);
    }
    const outputs = readJson<Record<string, Record<string, unknown>>>(file)?.[environment];
    const id = outputs?.[OUTPUT];
    if (typeof id === "string" && id !== "") return id;
    throw new CommandError(
      environment,
      `the deployed stack has no output ${OUTPUT}`,
      `deploy it with a distribution, or ${MEND}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** cdktf of the project. Progress and warnings are not shown; Terraform's state may take long to reach. */
export function cdktfOf(root: string): RunCdktf {
  return async (args) => {
    const cli = join(root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf");
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: root,
      // It then prints lines and asks nothing.
      env: { ...process.env, CI: "1", DISABLE_VERSION_CHECK: "1", CHECKPOINT_DISABLE: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        text = (text + chunk).slice(-8000);
      });
    }
    const code = await new Promise<number | null>((done, failed) => {
      child.once("error", failed);
      child.once("close", done);
    });
    return { code, text };
  };
}
