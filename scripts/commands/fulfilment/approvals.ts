import { CommandError } from "../../internal/cli";
import type { Approval, Approvals, Decision, Request } from "./request";

/** Asks the function, and gives what it answers. */
export type Ask = (input: object) => Promise<Readonly<Record<string, unknown>>>;

/** Why an order is not decided on, by the function's outcomes. */
const REFUSALS: Readonly<Record<string, readonly [what: string, mend: string]>> = {
  unknown: ["is not being fulfilled", "look whether it is an order of this environment, or wait a moment"],
  notAsked: ["does not wait for approval", "its total needs none, or wait a moment"],
  ended: [
    "has ended: it was shipped or cancelled, or its time was up",
    "look at its history; there is nothing to decide",
  ],
  decided: ["was decided on the other way", "what is decided stays"],
};

/**
 * Does what is asked for.
 *
 * @throws CommandError when the order does not wait for approval
 */
export async function decide(environment: string, request: Request, ask: Ask): Promise<Approvals | Decision> {
  if (request.what === "approvals" || request.dryRun) {
    const { approvals, more } = (await ask({ step: "approvals" })) as {
      approvals: readonly Approval[];
      more: boolean;
    };
    if (request.what === "approvals") return { environment, approvals, more };
    if (!more && !approvals.some(({ orderId }) => orderId === request.order)) {
      throw refusal(request.order, "does not wait for approval", "approvals shows those that do");
    }
    return { environment, order: request.order, action: `would-${request.what}` };
  }
  const { what, order } = request;
  const decision = what === "approve" ? "approved" : "rejected";
  const { outcome, heard } = await ask({ step: "answerApproval", orderId: order, decision });
  if (outcome === decision) return { environment, order, action: decision, heard: heard === true };
  const [problem, mend] = REFUSALS[String(outcome)] ?? [
    `was answered with ${String(outcome)}`,
    "deploy the function of this version",
  ];
  throw refusal(order, problem, mend);
}

function refusal(order: string, problem: string, mend: string): CommandError {
  return new CommandError(`order ${order}`, problem, mend);
}
