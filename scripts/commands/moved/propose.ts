import { likeness, type Resource } from "./resources";

/** A construct path that has changed, and all that is below it. */
export interface ProposedMove {
  /** e.g. `todo-table`. */
  readonly from: string;
  /** e.g. `items`. */
  readonly to: string;
  /** How many resources move by it. */
  readonly resources: number;
  /** Share of their arguments that is the same, 0 to 1. */
  readonly likeness: number;
}

/** What has gone and may have come back under one of several paths, or under one that has little in common with it. */
export interface Ambiguity {
  readonly from: string;
  /** Most likely first. */
  readonly candidates: readonly Omit<ProposedMove, "from">[];
}

/** What a comparison of two stacks came to. */
export interface Proposal {
  readonly moves: readonly ProposedMove[];
  readonly ambiguous: readonly Ambiguity[];
  /** What has gone and came back nowhere: it will be destroyed. */
  readonly gone: readonly Pick<Resource, "type" | "path">[];
}

/** Below this two resources are not held for the same. */
const LEAST_LIKENESS = 0.5;
/** From this on they are, several of one group or one alone: a group's common structure counts too. */
const SURE_LIKENESS = { group: 0.6, single: 0.8 } as const;
/** How much likelier one way must be than another. */
const CLEARLY = 0.1;

/** Two resources that may be the same. */
interface Pair {
  readonly gone: Resource;
  readonly come: Resource;
  readonly likeness: number;
}

/** All pairs that one move would join. */
interface Group {
  readonly from: string;
  readonly to: string;
  readonly pairs: readonly Pair[];
}

/**
 * Finds what was renamed: the move that joins most resources first, a module before its parts.
 *
 * @param gone resources that the stack has no longer
 * @param come resources that it has now and had not
 * @param present paths of all that it has now
 */
export function proposeMoves(
  gone: readonly Resource[],
  come: readonly Resource[],
  present: ReadonlySet<string>,
): Proposal {
  const all = groupsOf(gone, come).filter((group) => isPossible(group, present));
  const settled = new Set<Resource>();
  const moves: ProposedMove[] = [];
  const ambiguous: Ambiguity[] = [];
  for (;;) {
    const open = all
      .map((group) => ({ ...group, pairs: group.pairs.filter((pair) => isOpen(pair, settled)) }))
      .filter(({ pairs }) => pairs.length > 0)
      .sort(byLikelihood);
    const [best] = open;
    if (!best) break;
    const rivals = open.filter((other) => other !== best && isRival(other, best));
    const sure = SURE_LIKENESS[best.pairs.length > 1 ? "group" : "single"];
    if (rivals.length === 0 && meanLikeness(best) >= sure) {
      moves.push({ from: best.from, ...targetOf(best) });
      for (const pair of best.pairs) settled.add(pair.gone).add(pair.come);
      continue;
    }
    const candidates = [best, ...rivals].filter(({ from }) => from === best.from);
    ambiguous.push({ from: best.from, candidates: candidates.map(targetOf) });
    for (const pair of best.pairs) settled.add(pair.gone);
  }
  return {
    moves: moves.sort((left, right) => (left.from < right.from ? -1 : 1)),
    ambiguous,
    gone: gone.filter((it) => !settled.has(it)).map(({ type, path }) => ({ type, path })),
  };
}

/** Pairs of one type, each in the group of what differs in the beginning of both paths, and in one of its own. */
function groupsOf(gone: readonly Resource[], come: readonly Resource[]): Group[] {
  const groups = new Map<string, Group & { readonly pairs: Pair[] }>();
  const add = (from: string, to: string, pair: Pair) => {
    const key = `${from} ${to}`;
    const group = groups.get(key) ?? { from, to, pairs: [] };
    group.pairs.push(pair);
    groups.set(key, group);
  };
  for (const before of gone) {
    for (const after of come) {
      const pair = { gone: before, come: after, likeness: likeness(before, after) };
      if (pair.likeness < LEAST_LIKENESS) continue;
      const [from, to] = differenceOf(before.path, after.path);
      add(from, to, pair);
      if (from !== before.path) add(before.path, after.path, pair);
    }
  }
  return [...groups.values()];
}

/** What two paths begin with, without what both end with: `todo-table` and `items` of `todo-table/table` and `items/table`. */
function differenceOf(before: string, after: string): [string, string] {
  const [left, right] = [before.split("/"), after.split("/")];
  while (left.length > 1 && right.length > 1 && left.at(-1) === right.at(-1)) {
    left.pop();
    right.pop();
  }
  return [left.join("/"), right.join("/")];
}

/** A move takes all that is below it along: nothing of that may still be where it was. */
function isPossible({ from, to }: Group, present: ReadonlySet<string>): boolean {
  return ![...present].some(
    (path) => (path === to || path.startsWith(`${to}/`)) && present.has(`${from}${path.slice(to.length)}`),
  );
}

function isOpen({ gone, come }: Pair, settled: ReadonlySet<Resource>): boolean {
  return !settled.has(gone) && !settled.has(come);
}

/** Whether the other group explains as much of the same, and not clearly worse. */
function isRival(other: Group, best: Group): boolean {
  if (other.pairs.length < best.pairs.length) return false;
  if (meanLikeness(other) < meanLikeness(best) - CLEARLY) return false;
  return other.pairs.some(({ gone, come }) =>
    best.pairs.some((pair) => (pair.gone === gone) !== (pair.come === come)),
  );
}

function byLikelihood(left: Group, right: Group): number {
  return (
    right.pairs.length - left.pairs.length ||
    meanLikeness(right) - meanLikeness(left) ||
    left.from.length - right.from.length ||
    (`${left.from} ${left.to}` < `${right.from} ${right.to}` ? -1 : 1)
  );
}

function meanLikeness({ pairs }: Group): number {
  return pairs.reduce((sum, pair) => sum + pair.likeness, 0) / pairs.length;
}

function targetOf(group: Group): Omit<ProposedMove, "from"> {
  return {
    to: group.to,
    resources: group.pairs.length,
    likeness: Math.round(meanLikeness(group) * 100) / 100,
  };
}
