import { describeComparison } from "./explain";
import type { RebuildPlan, RebuildResult } from "./request";

/** A rebuild, or the plan of one, for a reader. */
export function describeRebuild(result: RebuildPlan | RebuildResult): string {
  return "archive" in result ? describePlan(result) : describeResult(result);
}

function describePlan({ action, serving, generation, replay, replayState, ...rest }: RebuildPlan): string {
  const { archive, waiting, failed } = rest;
  const todo = {
    "would-begin": `Generation ${generation} would be built from the archive, and then serve.`,
    "would-go-on": `Generation ${generation} is being built: this would go on with it. Replay ${replay}: ${replayState ?? "not begun"}.`,
    "would-end": `Generation ${generation} serves no more: its orders would be let end.`,
  }[action];
  const kept = archive.retentionDays === 0 ? "for ever" : `for ${archive.retentionDays} days`;
  return [
    `Generation ${serving} of the order history serves.`,
    todo,
    `The archive has about ${archive.events} events since ${archive.since}, each kept ${kept}.`,
    `Replayed events that wait: about ${waiting}; in the dead-letter queue: about ${failed}.`,
  ].join("\n");
}

function describeResult(result: RebuildResult): string {
  const { action, serving, left, ends, comparison, carriedOver, failed = 0 } = result;
  return [
    ...(comparison ? [`${describeComparison(serving, left, comparison)}.`] : []),
    ...(carriedOver === undefined ? [] : [`Carried over from generation ${left}: ${carriedOver} orders.`]),
    ...(failed > 0 ? [`In the dead-letter queue of replayed events: about ${failed}.`] : []),
    ...(action === "aborted" ? [`Generation ${left} was given up.`] : []),
    `Generation ${serving} of the order history serves; the orders of generation ${left} end after ${ends}.`,
  ].join("\n");
}
