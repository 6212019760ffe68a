import { randomBytes } from "node:crypto";
import { resumptionName } from "../../../functions/fulfilment/resumption";
import { CommandError } from "../../internal/cli";
import type { Ask } from "./ask";
import type { Executions } from "./executions";
import type { ResumeRequest, Resumption } from "./request";

/** Ways in which an execution ends before its order has come to an end. */
const NO_GOOD_ENDS = new Set(["FAILED", "TIMED_OUT", "ABORTED"]);

/**
 * Has another execution go on with an order whose execution has failed, timed out or was stopped. It begins with the same event, and is named so that
 * the first step hands the order over to it. Of several that are started at once one has the order, the others end there.
 *
 * @throws CommandError when there is nothing to take over
 */
export async function resume(
  environment: string,
  { order, dryRun }: ResumeRequest,
  ask: Ask,
  executions: Executions,
): Promise<Resumption> {
  const refusal = (what: string, mend: string) => new CommandError(`order ${order}`, what, mend);
  const { outcome, execution: from } = await ask({ step: "order", orderId: order });
  if (outcome === "unknown") {
    throw refusal("is not being fulfilled", "scripts/redrive shows whether its event has failed");
  }
  if (typeof from !== "string") {
    throw refusal(
      "was cancelled before an execution came to it",
      "it holds nothing that could be given back",
    );
  }
  const found = await executions.find(from);
  if (!found) {
    throw refusal(
      "had an execution that AWS does not keep any more",
      "docs/events.md, Fulfilment, tells how to start one with its event",
    );
  }
  const { status: fromStatus, workflow, input } = found;
  if (fromStatus === "SUCCEEDED") throw refusal("has come to its end", "there is nothing to go on with");
  if (!NO_GOOD_ENDS.has(fromStatus)) {
    throw refusal(`is being fulfilled: ${from} is ${fromStatus}`, "wait for its end, or stop it first");
  }
  const said = { environment, order, from, fromStatus };
  if (dryRun) return { ...said, action: "would-resume" };
  const name = resumptionName(from, randomBytes(4).toString("hex"));
  return { ...said, action: "resumed", execution: await executions.start(workflow, name, input) };
}
