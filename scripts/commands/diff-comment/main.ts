/**
 * scripts/diff-comment: one comment on a pull request that shows its plans, kept up to date.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";
import {
  dryRunOption,
  environmentArgument,
  jsonOption,
  repeated,
  wholeNumber,
} from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { httpsUrl, repositoryOption } from "../../internal/github/options";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import type { RunOptions } from "./run";

const NOTES = `
There is one comment for each set of environments, found by a hidden mark and its author, and changed in place; what else of it is found,
as after runs that were cut off, is folded. Of two runs at once the comment that was there first stays. An environment that is named and
has no report counts as one whose plan failed.

GITHUB_TOKEN is the token, with the permission "pull-requests: write"; GITHUB_API_URL the API's address, where it is not github.com's.
A comment shows at most 65,536 characters: what does not fit is counted, and is where --whole leads.`;

interface Options extends RunOptions {
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command = scriptCommand("diff-comment", {
    description: "Shows plans in a comment on a pull request, and keeps it up to date.",
    notes: NOTES,
    examples: [
      "scripts/diff-comment --report plans --repository acme/platform --pull-request 7",
      "scripts/diff-comment envs/dev envs/prod --report plans --repository acme/platform --pull-request 7 --json",
      "scripts/diff-comment --report plan.json --repository acme/platform --pull-request 7 --dry-run",
    ],
    exitCodes: exitCodes(["credentials"]),
  })
    .addArgument(environmentArgument("[environment...]"))
    .requiredOption(
      "--report <path>",
      "a folder of scripts/diff --out, or a file of scripts/diff --json; may be repeated",
      repeated,
      [],
    )
    .addOption(repositoryOption().makeOptionMandatory())
    .requiredOption("--pull-request <number>", "its number", wholeNumber(1))
    .option("--commit <sha>", "that was planned: what is not the newest any more is not shown", commit)
    .option("--whole <url>", "where the whole reports are, e.g. the run with its artifacts", httpsUrl)
    .addOption(dryRunOption("send nothing; print the comment"))
    .addOption(jsonOption())
    .parse();
  const { json, ...options } = command.opts<Options>();
  const { describe, run } = await import("./run.js");
  printResult(await run(command.args, options), json, describe);
}

function commit(text: string): string {
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text)) return text;
  throw new InvalidArgumentError(`It must be a whole SHA, got "${text}".`);
}

void runCommand(main);
