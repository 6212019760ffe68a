import { createHash } from "node:crypto";

/**
 * Name of an execution that takes an order over from one that has come to no good end. It says from which: the order is taken over only while it
 * is still that one's.
 *
 * @param from ARN of the execution that had the order
 * @param own 8 hexadecimal digits that no other has
 */
export function resumptionName(from: string, own: string): string {
  return `resume-${markOf(from)}-${own}`;
}

/**
 * Whether an execution is there to take over from another. That the other has ended, knows who has started it.
 *
 * @param execution its ARN
 * @param from ARN of the other
 */
export function takesOver(execution: string, from: string): boolean {
  const name = execution.slice(execution.lastIndexOf(":") + 1);
  return name.startsWith(`resume-${markOf(from)}-`);
}

function markOf(execution: string): string {
  return createHash("sha256").update(execution).digest("hex").slice(0, 32);
}
