/**
 * scripts/deploy: applies a plan that was reviewed, and nothing else.
 *
 * @module
 */
import { resolve } from "node:path";
import { dryRunOption, environmentArgument, jsonOption } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
The plan is what scripts/diff --out <folder> has made: <folder>/envs/<name>/plan.tfplan. It is refused when the source is another now, when the
environment was changed since, or when it would replace or destroy what holds data without an acknowledgement in the specification. A plan file holds
values in the clear: it is deleted once it is applied.

Interrupted once (Ctrl-C), Terraform ends what it has begun and writes its state.`;

async function main(): Promise<void> {
  const command = scriptCommand("deploy", {
    description: "Applies a plan that was reviewed, and nothing else.",
    notes: NOTES,
    examples: [
      "scripts/deploy envs/prod --plan plans",
      "scripts/deploy envs/prod --plan plans --dry-run",
      "scripts/deploy envs/staging --plan plans --json",
    ],
    exitCodes: exitCodes(["missingTool", "credentials", "interrupted"]),
  })
    .addArgument(environmentArgument())
    .requiredOption("--plan <folder>", "what scripts/diff --out has made")
    .addOption(dryRunOption("check all of it, apply nothing"))
    .addOption(jsonOption())
    .parse();
  const [environment = ""] = command.args;
  const options = command.opts<{ readonly plan: string; readonly dryRun: boolean; readonly json: boolean }>();
  const [{ deploy }, { show }] = await Promise.all([import("./run.js"), import("./show.js")]);
  printResult(await deploy(ROOT, environment, options.plan, options.dryRun), options.json, show);
}

void runCommand(main);
