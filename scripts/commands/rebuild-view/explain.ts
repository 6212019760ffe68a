import { timeOfUuidV7 } from "../../../runtime";
import { CommandError } from "../../internal/cli";
import type { Comparison } from "./compare";
import type { Archive, Replay } from "./replays";
import type { ViewRow } from "./view";

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** A comparison in a sentence. */
export function describeComparison(building: number, serving: number, it: Comparison): string {
  return (
    `Generation ${building} has ${it.built} orders, generation ${serving} ${it.serving}: ${it.same} as far, ` +
    `${it.ahead} further, ${it.behind} not as far, ${it.missing} missing`
  );
}

/** How far a replay is: milliseconds of its events' time. @returns nothing while it does not tell */
export function shareOf(replay: Replay | undefined): { readonly done?: number; readonly all?: number } {
  const { from = 0, to = 0, reached } = replay ?? {};
  if (reached === undefined || to <= from) return {};
  return { done: Math.min(to - from, Math.max(0, reached - from)), all: to - from };
}

/** The same in words. @param replay nothing while EventBridge does not know it yet */
export function describeReplay(name: string, replay: Replay | undefined): string {
  const { state = "STARTING" } = replay ?? {};
  const { done = 0, all } = shareOf(replay);
  return `${name}: ${state}${all === undefined ? "" : `, ${Math.round((100 * done) / all)} % of its time`}`;
}

/** What to say of a replay that is at its end before that of its events. */
export function brokenOff(environment: string, name: string, { state, reason }: Replay): CommandError {
  return new CommandError(
    `replay ${name}`,
    `has ended as ${state}${reason === undefined ? "" : `: ${reason}`}`,
    `scripts/rebuild-view ${environment} --abort, then begin anew`,
  );
}

/** What the lack of orders is explained by. */
export interface LackContext {
  readonly environment: string;
  readonly building: number;
  readonly archive: Archive;
  /** Replayed events in the dead-letter queue. */
  readonly failed: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What to say when the generation that was built lacks orders. */
export function lackingOrders(
  { missing, behind, serving }: Comparison,
  lacking: readonly ViewRow[],
  { environment, building, archive: { since, retentionDays }, failed, now }: LackContext,
): CommandError {
  const kept = retentionDays === 0 ? 0 : now - retentionDays * DAY_MILLISECONDS;
  const begins = Math.max(Date.parse(since), kept);
  const older = lacking.filter(({ orderId }) => timeOfUuidV7(orderId) < begins).length;
  return new CommandError(
    environment,
    `of ${serving} orders generation ${building} lacks ${missing} and has ${behind} not as far; ` +
      `${older} of these were placed before the archive begins, ${failed} replayed events are in the dead-letter queue`,
    "nothing was switched; mend what failed and run this again, or say by --lacking what becomes of them, or --abort",
  );
}
