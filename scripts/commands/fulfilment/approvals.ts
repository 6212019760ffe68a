import { CommandError } from "../../internal/cli";
import type { Ask } from "./ask";
import type { Approval, Approvals, Decision, DecisionRequest } from "./request";

/** Why an order is not decided on, by the function's outcomes. */
const REFUSALS: Readonly<Record<string, readonly [what: string, mend: string]>> = {
  unknown: ["is not being fulfilled", "look whether it is an order of this environment, or wait a moment"],
  notAsked: ["does not wait for approval", "its total needs none, or wait a moment"],
  ended: [
    "has ended: it was shipped, rejected or cancelled, it has failed, or its time was up",
    "there is nothing to decide; scripts/trace <environment> <order> shows how it ended",
  ],
  decided: ["was decided on the other way", "what is decided stays"],
};

/** All orders that wait for approval, however many pages they are. */
export async function waitingApprovals(environment: string, ask: Ask): Promise<Approvals> {
  const approvals: Approval[] = [];
  let from: string | undefined;
  do {
    const page = (await ask({ step: "approvals", ...(from !== undefined && { from }) })) as {
      readonly approvals: readonly Approval[];
      readonly next?: string;
    };
    approvals.push(...page.approvals);
    from = page.next;
  } while (from !== undefined);
  return { environment, approvals };
}

/**
 * Approves or rejects an order; with `dryRun` reads its record alone.
 *
 * @throws CommandError when the order does not wait for approval
 */
export async function decide(
  environment: string,
  { what, order, dryRun }: DecisionRequest,
  ask: Ask,
): Promise<Decision> {
  const decision = what === "approve" ? "approved" : "rejected";
  const { outcome, heard } = dryRun
    ? { outcome: decidable(await ask({ step: "order", orderId: order }), decision) }
    : await ask({ step: "answerApproval", orderId: order, decision });
  if (outcome === decision) {
    return dryRun
      ? { environment, order, action: `would-${what}` }
      : { environment, order, action: decision, heard: heard === true };
  }
  const [problem, mend] = REFUSALS[String(outcome)] ?? [
    `was answered with ${String(outcome)}`,
    "deploy the function of this version",
  ];
  throw new CommandError(`order ${order}`, problem, mend);
}

/** What a decision would be answered with. */
function decidable({ outcome, status, approval }: Awaited<ReturnType<Ask>>, decision: string): unknown {
  if (outcome !== "known") return outcome;
  if (status !== "open") return "ended";
  if (approval === "asked" || approval === decision) return decision;
  return approval === "needed" || approval === "notNeeded" ? "notAsked" : "decided";
}
