/**
 * scripts/drift-issue: one open issue for each environment that has drifted.
 *
 * @module
 */
import { dryRunOption, jsonOption, repeated } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { httpsUrl, repositoryOption } from "../../internal/github/options";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import type { RunOptions } from "./run";

const NOTES = `
An environment that has drifted gets an issue with the label "drift"; the next run changes it, and closes it when there is no drift any
more. One that could not be looked at keeps what it has. Issues of others are left alone, whatever label they have.

GITHUB_TOKEN is the token, with the permission "issues: write"; GITHUB_API_URL the API's address, where it is not github.com's.`;

interface Options extends RunOptions {
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command = scriptCommand("drift-issue", {
    description: "Opens, changes and closes an issue for each environment that has drifted.",
    notes: NOTES,
    examples: [
      "scripts/drift-issue --report .drift --repository acme/platform",
      "scripts/drift-issue --report drift.json --repository acme/platform --dry-run",
    ],
    exitCodes: exitCodes(["credentials"]),
  })
    .requiredOption(
      "--report <path>",
      "a folder of scripts/drift --out, or a file of scripts/drift --json; may be repeated",
      repeated,
      [],
    )
    .addOption(repositoryOption().makeOptionMandatory())
    .option("--whole <url>", "where the whole reports are, e.g. the run with its artifacts", httpsUrl)
    .addOption(dryRunOption("send nothing; print the issues that there should be"))
    .addOption(jsonOption())
    .parse();
  const { json, ...options } = command.opts<Options>();
  const { describe, run } = await import("./run.js");
  printResult(await run(options), json, describe);
}

void runCommand(main);
