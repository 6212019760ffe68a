/**
 * scripts/fulfilment: shows the orders that wait for approval, approves or rejects one; resumes one whose workflow has failed or was stopped.
 *
 * @module
 */
import { resolve } from "node:path";
import { Argument } from "commander";
import { dryRunOption, environmentArgument, jsonOption } from "../../internal/arguments";
import { CommandError, EXIT, printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import type { Request } from "./request";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
An order with a total above microservices.events.fulfilment.approvalAboveCents waits until somebody decides on it, or until its time is up: then it
has failed. What is decided stays. The same decision again wakes the order's workflow again, where that had not heard of it.

resume is for an order whose execution has failed, timed out or was stopped: another execution begins with the same event, takes the order over, and
goes on where it is: forward, or, once it has failed, to give back what it holds. It is refused while an execution is under way. To run it twice does
no harm: one execution has the order, another ends at once.

The function fulfilment-approvals is asked, and writes the decision down; the token of the workflow does not leave it. Who decides needs one right:
lambda:InvokeFunction on its alias live, whose ARN is the output fulfilment_approvals_function_arn. That function can have nothing shipped, charged or
refunded. CloudTrail's data events of the function tell who decided. resume needs states:DescribeExecution on the executions of the workflow fulfilment,
states:StartExecution on it, and kms:Decrypt on its key as well.`;

async function main(): Promise<void> {
  const command = scriptCommand("fulfilment", {
    description:
      "Shows the orders that wait for approval, approves or rejects one, and resumes one whose workflow has failed.",
    notes: NOTES,
    examples: [
      "scripts/fulfilment envs/prod approvals",
      "scripts/fulfilment envs/prod approvals --json",
      "scripts/fulfilment envs/prod approve 01890a5d-ac96-774b-bcce-b302099a8057",
      "scripts/fulfilment envs/prod reject 01890a5d-ac96-774b-bcce-b302099a8057 --dry-run",
      "scripts/fulfilment envs/prod resume 01890a5d-ac96-774b-bcce-b302099a8057",
    ],
    exitCodes: exitCodes(["missingTool", "credentials"], {
      failed: "failed, or there is nothing to decide or to resume",
    }),
  })
    .addArgument(environmentArgument())
    .addArgument(new Argument("<what>", "what to do").choices(["approvals", "approve", "reject", "resume"]))
    .argument("[order]", "id of the order to approve, reject or resume")
    .addOption(dryRunOption("decide and start nothing; say whether it could be"))
    .addOption(jsonOption())
    .parse();
  const [environment = "", what = "", order] = command.args;
  const { dryRun, json } = command.opts<{ readonly dryRun: boolean; readonly json: boolean }>();
  const request = requestOf(what as Request["what"], order, dryRun);
  // What that loads takes longer than all before: --help and wrong arguments are answered without it.
  const { run } = await import("./run.js");
  const { describeResult } = await import("./show.js");
  printResult(await run(ROOT, environment, request), json, describeResult);
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function requestOf(what: Request["what"], order: string | undefined, dryRun: boolean): Request {
  const wrong = (problem: string, mend: string) => new CommandError("fulfilment", problem, mend, EXIT.usage);
  if (what === "approvals") {
    if (order === undefined) return { what };
    throw wrong("approvals are of all orders", `leave out "${order}"`);
  }
  if (order === undefined) throw wrong(`${what} needs an order`, "name it by its id");
  if (!ID.test(order)) throw wrong(`"${order}" is no id of an order`, "it is a UUID");
  return { what, order: order.toLowerCase(), dryRun };
}

void runCommand(main);
