/**
 * scripts/rollback: leads callers of a function back to an earlier version of it.
 *
 * @module
 */
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { dryRunOption, environmentArgument, jsonOption } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Every deployment of changed code or configuration publishes a version, and callers use the alias "live" of one. This moves the alias
back at once; nothing is built or deployed. What is deployed next moves it forward again: revert the source, too. Tables, queues and
the API's routes are not moved: what the earlier version needs of them must still be there.

A function is named as a person says it (upload-guard), with its version where there are several (todos-v1), or as in AWS (acme-prod-todos-v1).

Rights: lambda:GetAlias, lambda:ListVersionsByFunction and lambda:UpdateAlias on the function.`;

interface Options {
  readonly to?: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command = scriptCommand("rollback", {
    description: "Moves the alias live of a function back to the version before, or to a named one.",
    notes: NOTES,
    examples: [
      "scripts/rollback envs/prod todos-v1 --dry-run",
      "scripts/rollback envs/prod todos-v1",
      "scripts/rollback envs/prod sessions --to 12 --json",
    ],
    exitCodes: exitCodes(["missingTool", "credentials"]),
  })
    .addArgument(environmentArgument())
    .argument("<function>", "e.g. todos-v1")
    .option("--to <version>", "the version to go to; otherwise the one before the newest", version)
    .addOption(dryRunOption("move nothing; show the versions and what would be done"))
    .addOption(jsonOption())
    .parse();
  const [environment = "", asked = ""] = command.args;
  const options = command.opts<Options>();
  // What that loads takes longer than all before: --help and wrong arguments are answered without it.
  const { run } = await import("./run.js");
  const { describeRollback } = await import("./show.js");
  printResult(await run(ROOT, environment, asked, options), options.json, describeRollback);
}

function version(text: string): string {
  if (/^[1-9]\d*$/.test(text)) return text;
  throw new InvalidArgumentError(`It must be the number of a published version, got "${text}".`);
}

void runCommand(main);
