/**
 * scripts/diff: what a deployment would change, as its reviewer wants to read it.
 *
 * @module
 */
import { resolve } from "node:path";
import { Option } from "commander";
import { environmentArgument, jsonOption, wholeNumber } from "../../internal/arguments";
import { CommandError, EXIT, runCommand } from "../../internal/cli";
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
  })
    .addArgument(environmentArgument("<environment...>"))
    .addOption(
      new Option("--format <format>", "of what is printed")
        .choices(["text", "markdown", "json"])
        .default("text"),
    )
    .option("--out <folder>", "keep plans and whole reports there")
    .option(
      "--max-bytes <bytes>",
      "most bytes of the Markdown that is printed; GitHub takes 65536 characters",
      wholeNumber(1000),
      65_000,
    )
    .option("--full <file>", "write the whole Markdown there")
    .addOption(jsonOption())
    // 2 is taken: it says that there are changes.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.failed))
    .parse();
  const { json, ...options } = command.opts<Options>();
  // --help and wrong options are answered without it.
  const { run } = await import("./run.js");
  const { text, exitCode } = await run(ROOT, command.args, { ...options, ...(json && { format: "json" }) });
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCode;
}

/** Wrong arguments end it with 1, as 2 says that there are changes. */
async function withoutUsageCode(): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== EXIT.usage) throw error;
    throw new CommandError(error.place, error.what, error.mend, EXIT.failed);
  }
}

void runCommand(withoutUsageCode);
