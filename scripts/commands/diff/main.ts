/**
 * scripts/diff: what a deployment would change, as its reviewer wants to read it.
 *
 * @module
 */
import { resolve } from "node:path";
import { environmentArgument, formatOption, jsonOption, wholeNumber } from "../../internal/arguments";
import { EXIT, runCommand } from "../../internal/cli";
import { scriptCommand } from "../../internal/script-command";
import type { RunOptions } from "./run";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Runs the real cdktf diff on each environment, one after the other, and reads the plan that Terraform has kept: nothing is taken from what it
prints but its errors. Nothing is changed. First comes what cannot be made again, then each module with what is destroyed and replaced on
top, then code of functions, permissions, reachability, cost, outputs. Sensitive values are masked, also where only their name says so.

--out keeps <folder>/envs/<name>/plan.tfplan, stack.json, plan.json (the report) and report.md. A plan file holds values in the clear, also
the sensitive ones: it is for scripts/deploy <environment> --plan <folder>, its owner alone can read it, and it goes nowhere unencrypted.`;

interface Options extends RunOptions {
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command = scriptCommand("diff", {
    description: "Shows what deployments of environments would change.",
    notes: NOTES,
    examples: [
      "scripts/diff envs/prod",
      "scripts/diff envs/dev envs/staging envs/prod --format markdown > comment.md",
      "scripts/diff envs/prod --json | jq '.environments[].warnings'",
      "scripts/diff envs/prod --out .plans && scripts/deploy envs/prod --plan .plans",
    ],
    exitCodes:
      "0 no change, 1 an environment could not be planned or wrong arguments, 2 changes, 3 a tool is missing, 130 interrupted",
    // 2 is taken: it says that there are changes.
    usageCode: EXIT.failed,
  })
    .addArgument(environmentArgument("<environment...>"))
    .addOption(formatOption())
    .option("--out <folder>", "keep plans and whole reports there")
    .option(
      "--max-bytes <bytes>",
      "most bytes of the Markdown that is printed; GitHub takes 65536 characters",
      wholeNumber(1000),
      65_000,
    )
    .option("--full <file>", "write the whole Markdown there")
    .addOption(jsonOption())
    .parse();
  const { json, ...options } = command.opts<Options>();
  // --help and wrong options are answered without it.
  const { run } = await import("./run.js");
  const { text, exitCode } = await run(ROOT, command.args, { ...options, ...(json && { format: "json" }) });
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCode;
}

void runCommand(main, EXIT.failed);
