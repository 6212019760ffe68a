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
  /** Replayed events in the dead-letter queue. */
  readonly failed: number;
}

/** When the archive begins: it has no event from before. @param now milliseconds since 1970 @returns the same */
export function beginOf({ since, retentionDays }: Archive, now: number): number {
  const kept = retentionDays === 0 ? 0 : now - retentionDays * DAY_MILLISECONDS;
  return Math.max(Date.parse(since), kept);
}

/** Most orders that are named. */
const EXAMPLES = 3;

/** Orders that a generation lacks: how many, and a few of them. */
export class LackingOrders {
  private count = 0;
  private older = 0;
  private readonly examples: string[] = [];

  /** @param archiveBegins milliseconds since 1970 */
  constructor(private readonly archiveBegins: number) {}

  get some(): boolean {
    return this.count > 0;
  }

  add({ orderId }: ViewRow): void {
    this.count += 1;
    if (timeOfUuidV7(orderId) < this.archiveBegins) this.older += 1;
    if (this.examples.length < EXAMPLES) this.examples.push(orderId);
  }

  /** What to say of them. */
  explain(
    { missing, behind, serving }: Comparison,
    { environment, building, failed }: LackContext,
  ): CommandError {
    const named = `${this.examples.join(", ")}${this.count > EXAMPLES ? ", …" : ""}`;
    return new CommandError(
      environment,
      `of ${serving} orders generation ${building} lacks ${missing} and has ${behind} not as far (${named}); ` +
        `${this.older} of these were placed before the archive begins, ${failed} replayed events are in the dead-letter queue`,
      "nothing was switched; mend what failed and run this again, or say by --lacking what becomes of them, or --abort",
    );
  }
}
