import type { Ambiguity, Proposal, ProposedMove } from "./propose";

/** A proposal for all stacks, as one list of moves holds for all. */
export interface MergedProposal {
  readonly moves: readonly (ProposedMove & { readonly stacks: readonly string[] })[];
  readonly ambiguous: readonly (Ambiguity & { readonly stacks: readonly string[] })[];
  readonly gone: readonly (Proposal["gone"][number] & { readonly stacks: readonly string[] })[];
}

/**
 * Joins the proposals of several stacks. What is sure in one stack settles it for those that are in doubt; what leads to one place here
 * and to another there is in doubt.
 *
 * @param proposals by stack, e.g. `envs/prod`
 */
export function mergeProposals(proposals: Readonly<Record<string, Proposal>>): MergedProposal {
  const entries = Object.entries(proposals);
  const moves = gather(
    entries.map(([stack, { moves }]) => [stack, moves]),
    ({ from, to }) => `${from} ${to}`,
  );
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of moves) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  const isSure = (from: string) => targets.get(from)?.size === 1;
  const torn = moves
    .filter(({ from }) => !isSure(from))
    .map(({ from, stacks, ...target }) => ({ from, stacks, candidates: [target] }));
  const ambiguous = gather(
    entries.map(([stack, { ambiguous }]) => [
      stack,
      ambiguous.filter(({ from, candidates }) => {
        const [sure] = isSure(from) ? (targets.get(from) ?? []) : [];
        return !candidates.some(({ to }) => to === sure);
      }),
    ]),
    ({ from, candidates }) => [from, ...candidates.map(({ to }) => to)].join(" "),
  );
  return {
    moves: moves.filter(({ from }) => isSure(from)),
    ambiguous: [...torn, ...ambiguous],
    gone: gather(
      entries.map(([stack, { gone }]) => [stack, gone]),
      ({ type, path }) => `${type} ${path}`,
    ),
  };
}

/** Each different item once, with the stacks that have it. */
function gather<T>(
  lists: readonly (readonly [stack: string, items: readonly T[]])[],
  keyOf: (item: T) => string,
): (T & { readonly stacks: string[] })[] {
  const found = new Map<string, T & { readonly stacks: string[] }>();
  for (const [stack, items] of lists) {
    for (const item of items) {
      const known = found.get(keyOf(item));
      if (known) known.stacks.push(stack);
      else found.set(keyOf(item), { ...item, stacks: [stack] });
    }
  }
  return [...found.values()];
}
