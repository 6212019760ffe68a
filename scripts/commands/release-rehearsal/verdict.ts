import type { MonthlyCosts } from "./cost";
import type { CostKind, CostLine } from "./cost-lines";

/** Whether CloudFront costs more, why, and where that turns. */
export interface Verdict {
  /** A month's costs with CloudFront less those without. Undefined when a line is not known. */
  readonly difference?: number;
  /** The difference by what it is for, the largest first. Kinds of which a line is not known are left out. */
  readonly differences: readonly { readonly kind: CostKind; readonly amount: number }[];
  /** Where both cost the same, all requests as they are. Undefined when they do nowhere, or a line is not known. */
  readonly breakEven?: BreakEven;
}

/** The size of answers at which both cost the same. */
export interface BreakEven {
  /** Mean bytes of an answer, with its headers. */
  readonly bytesPerRequest: number;
  /** CloudFront is the cheaper one for answers that are `larger` or `smaller`. */
  readonly cheaperWhen: "larger" | "smaller";
}

/** Sizes that are tried: from a millionth to a million times the plan's. */
const LEAST = 1e-6;
const MOST = 1e6;

/**
 * Compares a month's costs.
 *
 * @param costsAt what a month costs when all answers have so many times their size, at 1 as they are
 * @param bytesPerRequest mean of the plan
 */
export function verdictOf(costsAt: (scale: number) => MonthlyCosts, bytesPerRequest: number): Verdict {
  const costs = costsAt(1);
  const kinds: readonly CostKind[] = ["transfer", "requests", "load balancer", "instances"];
  const differences = kinds.flatMap((kind) => {
    const amount = differenceOf(ofKind(costs, kind));
    return amount === undefined ? [] : [{ kind, amount }];
  });
  differences.sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount));
  const difference = differenceOf(costs);
  if (difference === undefined) return { differences };
  const breakEven = breakEvenOf((scale) => differenceOf(costsAt(scale)), difference, bytesPerRequest);
  return { difference, differences, ...(breakEven !== undefined && { breakEven }) };
}

/**
 * The size nearest to the plan's at which the difference changes its sign: larger or smaller by powers of two, then halved until it is
 * found. Tiers make costs bend, not jump, but an instance more or less does.
 */
function breakEvenOf(
  differenceAt: (scale: number) => number | undefined,
  difference: number,
  bytesPerRequest: number,
): BreakEven | undefined {
  for (let factor = 2; factor <= MOST; factor *= 2) {
    for (const scale of [factor, 1 / factor]) {
      const other = scale < LEAST ? undefined : differenceAt(scale);
      if (other === undefined || Math.sign(other) === Math.sign(difference)) continue;
      const [inner, outer] = scale > 1 ? [scale / 2, scale] : [scale * 2, scale];
      const found = halve(differenceAt, inner, outer, difference);
      const isCheaperOutside = other < 0;
      return {
        bytesPerRequest: found * bytesPerRequest,
        cheaperWhen: isCheaperOutside === scale > 1 ? "larger" : "smaller",
      };
    }
  }
  return undefined;
}

function halve(
  differenceAt: (scale: number) => number | undefined,
  inner: number,
  outer: number,
  difference: number,
): number {
  let [near, far] = [inner, outer];
  for (let round = 0; round < 40; round++) {
    const middle = Math.sqrt(near * far);
    if (Math.sign(differenceAt(middle) ?? 0) === Math.sign(difference)) near = middle;
    else far = middle;
  }
  return far;
}

function ofKind({ before, after }: MonthlyCosts, kind: CostKind): MonthlyCosts {
  const only = (lines: readonly CostLine[]) => lines.filter((line) => line.kind === kind);
  return { before: only(before), after: only(after) };
}

/** With CloudFront less without; undefined when a line is not known. */
function differenceOf({ before, after }: MonthlyCosts): number | undefined {
  const sum = (lines: readonly CostLine[]) =>
    lines.reduce<number | undefined>(
      (all, { amount }) => (all === undefined || amount === undefined ? undefined : all + amount),
      0,
    );
  const [without, withIt] = [sum(before), sum(after)];
  return without === undefined || withIt === undefined ? undefined : withIt - without;
}
