/**
 * scripts/release-rehearsal: what a release will do to the origin, and what it will cost, before it comes.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { environmentArgument, jsonOption, stackOption } from "../../internal/arguments";
import { runCommand } from "../../internal/cli";
import { exitCodes, type ScriptCommand, scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Every request of a plan's clients goes through a model of the environment's distribution as it is synthesised now: edge locations,
regional edge caches, Origin Shield, and the origin behind them. Nothing is sent anywhere, nothing has to be deployed. The same plan
gives the same figures.

The figures: requests and bytes at viewers and origin, hit ratios, the busiest second and the Auto Scaling group that it needs, without
CloudFront and behind it; a month's costs of both, line by line, with the date of each price; which is cheaper, why, and where that turns.
A price that is not known is called so, and never counted as nothing.

A plan is JSON; --example prints one, docs/releases.md tells its fields.`;

interface Options {
  readonly stack?: string;
  readonly chart?: string;
  readonly freeTier: boolean;
  readonly example: boolean;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command: ScriptCommand = scriptCommand("release-rehearsal", {
    description: "Rehearses a release: its load on the origin and its costs, without CloudFront and with it.",
    notes: NOTES,
    examples: [
      "scripts/release-rehearsal --example > plan.json",
      "scripts/release-rehearsal envs/prod plan.json",
      "scripts/release-rehearsal envs/prod plan.json --chart load.svg",
      "scripts/release-rehearsal envs/prod plan.json --free-tier --json",
    ],
    exitCodes: exitCodes(["missingTool", "interrupted"], { usage: "wrong arguments or plan" }),
  })
    .addArgument(environmentArgument("[environment]"))
    .argument("[plan]", "file with the plan, e.g. plan.json")
    .option("--chart <file>", "write the origin's load over time as an SVG")
    .option(
      "--free-tier",
      "take off what AWS does not charge for each month, as if nothing else used it",
      false,
    )
    .addOption(stackOption())
    .option("--example", "print a plan to begin with", false)
    .addOption(jsonOption())
    .parse();
  const options = command.opts<Options>();
  if (options.example) {
    process.stdout.write(readFileSync(join(__dirname, "example-plan.json"), "utf8"));
    return;
  }
  const [environment, plan] = command.args;
  if (environment === undefined || plan === undefined) {
    command.error(`error: missing required argument '${environment === undefined ? "environment" : "plan"}'`);
  }
  // --help and wrong options are answered without it.
  const { run } = await import("./run.js");
  process.stdout.write(`${await run(ROOT, environment, plan, options)}\n`);
}

void runCommand(main);
