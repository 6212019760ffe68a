/**
 * scripts/cost: what environments cost in a month, module by module.
 *
 * @module
 */
import { resolve } from "node:path";
import { Option } from "commander";
import { environmentArgument, jsonOption, stackOption } from "../../internal/arguments";
import { runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import type { RunOptions } from "./run";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Fixed is what is there, whatever the traffic; usage is what assumedTraffic of the specification says, see envs/assumed-traffic-spec.ts. A
month has 730 hours. Scaled parts count with their minimum, on demand. Prices are AWS's list prices without tax and discounts, each with its
source and date, in scripts/internal/prices. What no source gave is named below the table and not part of the sum. Nothing is sent anywhere,
nothing has to be deployed.`;

async function main(): Promise<void> {
  const command = scriptCommand("cost", {
    description: "Says what environments cost in a month, module by module.",
    notes: NOTES,
    examples: [
      "scripts/cost envs/prod",
      "scripts/cost envs/dev envs/staging envs/prod --format markdown",
      "scripts/cost envs/prod --lines",
      "scripts/cost envs/prod --json",
    ],
    exitCodes: exitCodes(["missingTool"]),
  })
    .addArgument(environmentArgument("<environment...>"))
    .addOption(new Option("--format <format>", "of the table").choices(["text", "markdown"]).default("text"))
    .option("--lines", "show what each resource is charged for, too", false)
    .option(
      "--free-tier",
      "take off what is free each month, as if nothing else in the account used it",
      false,
    )
    .addOption(stackOption())
    .addOption(jsonOption())
    .parse();
  const environments = command.args;
  const options = command.opts<RunOptions>();
  // --help and wrong options are answered without it.
  const { run } = await import("./run.js");
  process.stdout.write(`${run(ROOT, environments, options)}\n`);
}

void runCommand(main);
