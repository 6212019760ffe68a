/**
 * scripts/redrive: shows what is in the dead-letter queues of an environment, and moves it back.
 *
 * @module
 */
import { resolve } from "node:path";
import {
  dryRunOption,
  environmentArgument,
  jsonOption,
  timeoutOption,
  wholeNumber,
} from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import type { RedriveOptions } from "./run";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Without --move nothing is moved: each queue of failures is shown with how many messages it has, and of some why they are there. Of an event that is
its id, type and trace, by which the logs say more; never its content, but with --bodies. To look at messages hides them from others for a moment.

--move sends messages back where they failed: those of a queue to that queue, those of a function that is invoked asynchronously to the function.
They are handled again, so mend the cause first. Who handles them must be able to take one twice: a move that is broken off may have sent one
already. What a stream, a rule or a schedule left behind cannot be moved; docs/events.md says what else to do.

On AWS SQS moves them by a task of its own, which goes on when this ends; the same command joins it. Elsewhere this moves as many messages as there
were when it began.

Rights on the queues: sqs:GetQueueUrl, GetQueueAttributes, ReceiveMessage and ChangeMessageVisibility, kms:Decrypt for them; to move
sqs:StartMessageMoveTask, ListMessageMoveTasks, DeleteMessage, SendMessage and kms:GenerateDataKey, or lambda:InvokeFunction.`;

async function main(): Promise<void> {
  const command = scriptCommand("redrive", {
    description: "Shows what failed for good in an environment's queues and why, and moves it back.",
    notes: NOTES,
    examples: [
      "scripts/redrive envs/prod",
      "scripts/redrive envs/prod notifications --samples 10 --bodies",
      "scripts/redrive envs/prod notifications --move --dry-run",
      "scripts/redrive envs/prod notifications --move --per-second 5",
      "scripts/redrive envs/prod --move --json",
    ],
    exitCodes: exitCodes(["missingTool", "credentials", "unfinished", "interrupted"]),
  })
    .addArgument(environmentArgument())
    .argument("[queue...]", "e.g. notifications; otherwise all")
    .option("--move", "send the messages back where they failed", false)
    .option("--samples <n>", "messages of each queue to look at", wholeNumber(0, 10), 3)
    .option("--bodies", "show what is in these messages, too: it may be personal", false)
    .option("--per-second <n>", "messages to move in a second, at most", wholeNumber(1, 500), 50)
    .addOption(timeoutOption("how long to wait for moves in all", 3600))
    .addOption(dryRunOption("move nothing; say what would be moved"))
    .addOption(jsonOption())
    .parse();
  const [environment = "", ...queues] = command.args;
  const options = command.opts<RedriveOptions & { readonly json: boolean }>();
  // What that loads takes longer than all before: --help and wrong arguments are answered without it.
  const { run } = await import("./run.js");
  const { describeRedrive } = await import("./show.js");
  printResult(await run(ROOT, environment, queues, options), options.json, describeRedrive);
}

void runCommand(main);
