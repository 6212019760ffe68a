import { textTable } from "../../internal/text-table";
import type { Approvals, Decision } from "./request";

/** What was found or done, for a reader. */
export function describeResult(result: Approvals | Decision): string {
  return "approvals" in result ? describeApprovals(result) : describeDecision(result);
}

function describeApprovals({ environment, approvals, more }: Approvals): string {
  if (approvals.length === 0) return `No order of ${environment} waits for approval.`;
  const rows = approvals.map(({ orderId, principal, totalCents, currency, askedAt }) => {
    return [orderId, (totalCents / 100).toFixed(2), currency, principal, askedAt];
  });
  return [
    textTable(["order", "total", "", "user", "since"], rows),
    ...(more ? ["There are more: these are the oldest."] : []),
  ].join("\n");
}

function describeDecision({ order, action, heard }: Decision): string {
  if (heard === undefined) return `Order ${order} waits for approval: this ${action.replace("-", " ")} it.`;
  return heard
    ? `Order ${order} is ${action}; its workflow goes on.`
    : `Order ${order} is ${action}; its workflow waits no more, and finds that at its next step.`;
}
