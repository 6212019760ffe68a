/**
 * scripts/drift: what was changed past Terraform since the last deployment.
 *
 * @module
 */
import { resolve } from "node:path";
import { environmentArgument, formatOption, jsonOption } from "../../internal/arguments";
import { EXIT, runCommand } from "../../internal/cli";
import { scriptCommand } from "../../internal/script-command";
import type { RunOptions } from "./run";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Terraform looks at all that the state knows of (terraform plan -refresh-only), without a lock: reading is enough, nothing is changed. Drift
is what is gone, and what the stack sets and is not so any more. What it leaves to others is none (ignore_changes, such as an alias that
CodeDeploy moves), nor what it does not set: the JSON lists that apart. What was merged and not deployed is no drift: scripts/diff shows it.

The JSON: { "version": 1, "environments": [{ "environment", "status": "no-drift"|"drift"|"error", "drifted": [{ "address", "type", "path",
"kind": "changed"|"gone", "stateful", "attributes": [{ "path", "before", "after" }] }], "alsoChanged": [the same], "error"?: { "summary",
"detail" } }] }. Sensitive values are masked.`;

interface Options extends RunOptions {
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command = scriptCommand("drift", {
    description: "Shows what was changed past Terraform in deployed environments.",
    notes: NOTES,
    examples: [
      "scripts/drift envs/prod",
      "scripts/drift envs/dev envs/staging envs/prod --json",
      "scripts/drift envs/prod --format markdown --out .drift",
    ],
    exitCodes:
      "0 no drift, 1 an environment could not be looked at or wrong arguments, 2 drift, 3 a tool is missing or too old",
    // 2 is taken: it says that there is drift.
    usageCode: EXIT.failed,
  })
    .addArgument(environmentArgument("<environment...>"))
    .addOption(formatOption())
    .option("--out <folder>", "write drift.json and drift.md there")
    .addOption(jsonOption())
    .parse();
  const { json, ...options } = command.opts<Options>();
  // What that loads takes longer than all before: --help and wrong arguments are answered without it.
  const { run } = await import("./run.js");
  const { text, exitCode } = run(ROOT, command.args, { ...options, ...(json && { format: "json" }) });
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCode;
}

void runCommand(main, EXIT.failed);
