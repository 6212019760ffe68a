import { textTable } from "../../internal/text-table";
import { EXCEPTIONS } from "./exceptions";
import type { StackVerdict, Verdict } from "./judge";

/** Whether there is nothing to mend. */
export function isClean({ stacks, stale }: Verdict): boolean {
  return stale.length === 0 && stacks.every(({ failed }) => failed.length === 0);
}

/** For people: a line for each stack, then what is to be mended. */
export function describeVerdict(verdict: Verdict): string {
  const table = textTable(
    ["stack", "passed", "failed", "excepted", "% passed"],
    verdict.stacks.map((stack) => [
      stack.stack,
      stack.passed,
      stack.failed.length,
      stack.excepted.length,
      (100 * shareOf(stack)).toFixed(1),
    ]),
  );
  const failed = verdict.stacks.flatMap(({ stack, failed }) =>
    failed.map(({ check, title, path }) => `${stack}: ${path}: ${check}, ${title}`),
  );
  const stale = verdict.stale.map((text) => `${EXCEPTIONS}: ${text}: remove it`);
  return [table, ...(isClean(verdict) ? [] : ["", ...failed, ...stale])].join("\n");
}

/** For machines: the same, with every excepted fault and its reason. */
export function verdictJson({ stacks, stale }: Verdict): string {
  const report = {
    version: 1,
    stacks: stacks.map((stack) => ({ ...stack, share: shareOf(stack) })),
    stale,
  };
  return JSON.stringify(report, null, 2);
}

/** Checks that passed, of those that passed or failed, the excepted among these. */
function shareOf({ passed, failed, excepted }: StackVerdict): number {
  return passed / (passed + failed.length + excepted.length);
}
