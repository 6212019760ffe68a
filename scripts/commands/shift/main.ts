/**
 * scripts/shift: gives the calls of functions to their newest versions by and by.
 *
 * @module
 */
import { resolve } from "node:path";
import { dryRunOption, environmentArgument, jsonOption, timeoutOption } from "../../internal/arguments";
import { CommandError, printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import type { ShiftOptions } from "./run";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Where the specification has trafficShift, a deployment publishes a function's new version and leaves the alias "live" where it is. This
has CodeDeploy move the alias as configured, for each function whose newest version is not live; an alarm of the function meanwhile
moves it back. What is under way is joined, and what was taken back once is not begun again by itself.

Rights, on the environment's functions, applications, groups and configurations: lambda:GetAlias, lambda:ListVersionsByFunction,
codedeploy:GetDeploymentGroup, GetDeployment, GetDeploymentConfig, RegisterApplicationRevision, GetApplicationRevision and
CreateDeployment; StopDeployment for --stop; UpdateDeploymentGroup for --ignore-alarms.`;

async function main(): Promise<void> {
  const command = scriptCommand("shift", {
    description: "Shifts the traffic of an environment's functions to their newest versions.",
    notes: NOTES,
    examples: [
      "scripts/shift envs/prod --wait",
      "scripts/shift envs/prod todos-v1 --stop",
      "scripts/shift envs/prod todos-v1 --again --ignore-alarms --wait",
    ],
    exitCodes: exitCodes(["missingTool", "credentials", "unfinished"], {
      failed: "failed, or a newest version is not live and will not be",
    }),
  })
    .addArgument(environmentArgument())
    .argument("[function...]", "e.g. todos-v1; otherwise all that shift their traffic")
    .option("--wait", "until each has come to its end", false)
    .addOption(timeoutOption("how long to wait in all", 7200))
    .option("--stop", "take back what is under way", false)
    .option("--again", "try a version again that was taken back", false)
    .option(
      "--ignore-alarms",
      "go on whatever alarms say: for a version that mends what sets them off",
      false,
    )
    .addOption(dryRunOption("begin and stop nothing; say what would be done"))
    .addOption(jsonOption())
    .parse();
  const [environment = "", ...functions] = command.args;
  const options = command.opts<ShiftOptions & { readonly json: boolean }>();
  // What that loads takes longer than all before: --help and wrong arguments are answered without it.
  const { run } = await import("./run.js");
  const { describeShift, failureOf } = await import("./show.js");
  const result = await run(ROOT, environment, functions, options);
  printResult(result, options.json, describeShift);
  const failure = failureOf(result);
  if (failure !== undefined) throw new CommandError(environment, failure);
}

void runCommand(main);
