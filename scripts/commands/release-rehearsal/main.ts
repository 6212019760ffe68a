/**
 * scripts/release-rehearsal: what a release will do to the origin, and what it will cost, before it comes.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { EXIT, runCommand } from "../../internal/cli";

const ROOT = resolve(__dirname, "../../..");

const HELP = `
Every request of a plan's clients goes through a model of the environment's distribution as it is synthesised now: edge locations,
regional edge caches, Origin Shield, and the origin behind them. Nothing is sent anywhere, nothing has to be deployed. The same plan
gives the same figures.

The figures: requests and bytes at viewers and origin, hit ratios, the busiest second and the Auto Scaling group that it needs, without
CloudFront and behind it; a month's costs of both, line by line, with the date of each price; which is cheaper, why, and where that turns.
A price that is not known is called so, and never counted as nothing.

A plan is JSON; --example prints one, docs/releases.md tells its fields.

Examples:
  scripts/release-rehearsal --example > plan.json
  scripts/release-rehearsal envs/prod plan.json
  scripts/release-rehearsal envs/prod plan.json --chart load.svg
  scripts/release-rehearsal envs/prod plan.json --free-tier --json

Exit codes: 0 done, 1 failed, 2 wrong arguments or plan, 3 a tool is missing or too old, 130 interrupted.`;

interface Options {
  readonly stack?: string;
  readonly chart?: string;
  readonly freeTier: boolean;
  readonly example: boolean;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const command: Command = new Command("scripts/release-rehearsal")
    .description("Rehearses a release: its load on the origin and its costs, without CloudFront and with it.")
    .argument("[environment]", "e.g. envs/prod")
    .argument("[plan]", "file with the plan, e.g. plan.json")
    .option("--chart <file>", "write the origin's load over time as an SVG")
    .option(
      "--free-tier",
      "take off what AWS does not charge for each month, as if nothing else used it",
      false,
    )
    .option("--stack <file>", "a cdk.tf.json to read in place of synthesising")
    .option("--example", "print a plan to begin with", false)
    .option("--json", "print the result as JSON, and nothing else", false)
    .addHelpText("after", HELP)
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "error: scripts/release-rehearsal: ")),
    })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage))
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
