import { textTable } from "../../internal/text-table";
import type { Approvals, Decision, Result, Resumption } from "./request";

/** What was found or done, for a reader. */
export function describeResult(result: Result): string {
  if ("approvals" in result) return describeApprovals(result);
  return "from" in result ? describeResumption(result) : describeDecision(result);
}

function describeApprovals({ environment, approvals }: Approvals): string {
  if (approvals.length === 0) return `No order of ${environment} waits for approval.`;
  const rows = approvals.map(({ orderId, principal, totalCents, currency, askedAt }) => {
    return [orderId, (totalCents / 100).toFixed(2), currency, principal, askedAt];
  });
  return textTable(["order", "total", "", "user", "since"], rows);
}

function describeDecision({ order, action, heard }: Decision): string {
  if (heard === undefined) return `Order ${order} can be decided on: this ${action.replace("-", " ")} it.`;
  return heard
    ? `Order ${order} is ${action}; its workflow goes on.`
    : `Order ${order} is ${action}; its workflow waits no more, and finds that at its next step. Where its execution has failed or was stopped, resume the order.`;
}

function describeResumption({ order, from, fromStatus, execution }: Resumption): string {
  return execution === undefined
    ? `${from} is ${fromStatus}: this would start another execution, that goes on with order ${order}.`
    : `${from} is ${fromStatus}; ${execution} goes on with order ${order}.`;
}
