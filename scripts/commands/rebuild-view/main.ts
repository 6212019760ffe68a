/**
 * scripts/rebuild-view: builds the view of orders anew from the archive of events.
 *
 * @module
 */
import { resolve } from "node:path";
import { Option } from "commander";
import {
  dryRunOption,
  environmentArgument,
  jsonOption,
  timeoutOption,
  wholeNumber,
} from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import type { RebuildOptions } from "./run";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
A new generation of the view is built beside the one that serves, from every event that the archive has. What happens meanwhile goes to both.
When all is replayed, the two are compared; then readers are led to the new one, and the orders of the old one end by themselves.
Until then nothing changes for anybody, and --abort gives it up.

Stopped, by Ctrl-C too, it goes on where it was when it is run again. It switches only when the new generation has all orders, each as far:
those that were placed before the archive begins it cannot have. --lacking says what becomes of them.

On AWS it takes ten minutes more than the replay, as the archive gets events that late.

Rights: dynamodb:GetItem, BatchGetItem, PutItem, UpdateItem and Scan on the table, kms:Decrypt for it; events:DescribeArchive,
StartReplay, DescribeReplay and CancelReplay; sqs:GetQueueUrl and GetQueueAttributes on the queue of the rebuild and its dead-letter queue.`;

async function main(): Promise<void> {
  const command = scriptCommand("rebuild-view", {
    description: "Builds the view of orders anew from the archive of events, and switches to it.",
    notes: NOTES,
    examples: [
      "scripts/rebuild-view envs/prod --dry-run",
      "scripts/rebuild-view envs/prod",
      "scripts/rebuild-view envs/prod --lacking carry-over --json",
      "scripts/rebuild-view envs/prod --abort",
    ],
    exitCodes: exitCodes(["missingTool", "credentials", "unfinished", "interrupted"], {
      failed: "failed, or nothing was switched as orders are lacking",
    }),
  })
    .addArgument(environmentArgument())
    .addOption(
      new Option(
        "--lacking <what>",
        "with orders that the archive has not all events of: refuse to switch, carry over what the view has of them, or leave them out",
      )
        .choices(["refuse", "carry-over", "leave-out"])
        .default("refuse"),
    )
    .option("--keep-days <days>", "until the orders of the generation before end", wholeNumber(1, 365), 7)
    .option("--abort", "give up the generation that is being built", false)
    .addOption(timeoutOption("how long to go on in all", 14_400))
    .addOption(dryRunOption("build nothing; say what would be done"))
    .addOption(jsonOption())
    .parse();
  const [environment = ""] = command.args;
  const options = command.opts<RebuildOptions & { readonly json: boolean }>();
  // What that loads takes longer than all before: --help and wrong arguments are answered without it.
  const { run } = await import("./run.js");
  const { describeRebuild } = await import("./show.js");
  printResult(await run(ROOT, environment, options), options.json, describeRebuild);
}

void runCommand(main);
