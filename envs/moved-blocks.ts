import type { TerraformStack } from "cdktf";
import type { Move } from "./move";
import { didYouMean } from "./near";
import { addressAt, resourcesOf, type StackResource } from "./resources";
import type { Violation } from "./violation";

/** Terraform's address of one resource, e.g. `aws_kms_key.data-key_key_0F`. Ids of constructs have hyphens, so no path looks like one. */
const ADDRESS = /^[a-z][a-z0-9]*_[a-z0-9_]*\.[\w-]+$/;

/** One `moved` block. */
interface Block {
  readonly from: string;
  readonly to: string;
}

/** What moving came to. */
export interface Moved {
  /** Addresses that something has moved from, by stack. */
  readonly from: ReadonlyMap<TerraformStack, ReadonlySet<string>>;
  /** Moves that cannot be. */
  readonly violations: readonly Violation[];
}

/**
 * Gives each stack the `moved` blocks of its resources. A resource that was moved more than once gets one block for each step, as
 * environments are deployed at different times. Of two moves that reach a resource, the one that names it more closely holds.
 */
export function addMovedBlocks(stacks: readonly TerraformStack[], moves: readonly Move[]): Moved {
  if (moves.length === 0) return { from: new Map(), violations: [] };
  const problems = new Map<Move, string>();
  for (const move of moves) {
    const same = moves.find((other) => other !== move && other.to === move.to);
    if (move.from === move.to) problems.set(move, "leads to where it begins");
    else if (same) problems.set(move, `leads to the same as "${same.from}"; one of the two is to go`);
  }
  const usable = moves.filter((move) => !problems.has(move));
  const used = new Set<Move>();
  const from = new Map<TerraformStack, ReadonlySet<string>>();
  const known = new Set<string>();
  for (const stack of stacks) {
    const present = resourcesOf(stack);
    for (const { path } of present) known.add(path);
    const blocks = blocksOf(stack, present, usable, {
      use: (move) => used.add(move),
      refuse: (move, problem) => problems.set(move, problem),
    });
    from.set(stack, new Set(blocks.map((block) => block.from)));
    if (blocks.length > 0) stack.addOverride("moved", blocks);
  }
  for (const move of usable) {
    if (used.has(move) || problems.has(move)) continue;
    const near = didYouMean(move.to, withAncestors(known));
    problems.set(move, `leads to nothing that any environment has${near}`);
  }
  const violations = [...problems].map(([move, message]) => ({
    environment: "moves.ts",
    path: `"${move.from}" → "${move.to}"`,
    message,
  }));
  return { from, violations };
}

interface Listener {
  use(move: Move): void;
  refuse(move: Move, problem: string): void;
}

/** The blocks of one stack, followed from each resource to where it was first. */
function blocksOf(
  stack: TerraformStack,
  present: readonly StackResource[],
  moves: readonly Move[],
  listener: Listener,
): Block[] {
  const there = new Map(present.map((resource) => [resource.address, resource]));
  const blocks: Block[] = [];
  const taken = new Map<string, string>();
  for (const resource of present) {
    let { path, address } = resource;
    const seen = new Set([address]);
    for (;;) {
      const move = closest(moves, path, address);
      if (!move) break;
      const before = stepBack(stack, move, resource.type, path);
      listener.use(move);
      const problem = problemWith(before.address, resource, there, seen, taken);
      if (problem !== undefined) {
        listener.refuse(move, problem);
        break;
      }
      blocks.push({ from: before.address, to: address });
      seen.add(before.address);
      taken.set(before.address, resource.path);
      ({ path, address } = before);
    }
  }
  return blocks;
}

/** Of the moves that lead to a resource the one that names most of its path. */
function closest(moves: readonly Move[], path: string, address: string): Move | undefined {
  return moves
    .filter(({ to }) => to === address || path === to || path.startsWith(`${to}/`))
    .reduce<Move | undefined>(
      (best, move) => (best && (best.to === address || best.to.length > move.to.length) ? best : move),
      undefined,
    );
}

function stepBack(stack: TerraformStack, { from, to }: Move, type: string, path: string) {
  if (ADDRESS.test(from)) return { path: from, address: from };
  const before = ADDRESS.test(to) ? from : `${from}${path.slice(to.length)}`;
  return { path: before, address: addressAt(stack, type, before) };
}

function problemWith(
  before: string,
  resource: StackResource,
  there: ReadonlyMap<string, StackResource>,
  seen: ReadonlySet<string>,
  taken: ReadonlyMap<string, string>,
): string | undefined {
  const [type] = before.split(".");
  if (type !== resource.type)
    return `would make ${resource.path} of an ${type}, and it is an ${resource.type}`;
  if (seen.has(before)) return `goes in a circle, by ${before}`;
  if (there.has(before)) return `begins at ${there.get(before)?.path}, which is still there`;
  const other = taken.get(before);
  if (other !== undefined) return `begins at ${before}, which has moved to ${other} already`;
  return undefined;
}

function withAncestors(paths: Iterable<string>): Set<string> {
  const all = new Set<string>();
  for (const path of paths) {
    const parts = path.split("/");
    for (const index of parts.keys()) all.add(parts.slice(0, index + 1).join("/"));
  }
  return all;
}
