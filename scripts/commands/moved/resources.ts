import { pathBelowStack } from "../../internal/construct-path";

/** A stack's Terraform JSON, as far as renames are found in it. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
}

/** Arguments of a resource. */
type Block = Readonly<Record<string, unknown>> & {
  readonly "//"?: { readonly metadata?: { readonly path?: string } };
};

/** One resource of a stack. */
export interface Resource {
  /** e.g. `aws_dynamodb_table`. */
  readonly type: string;
  /** Construct path below the stack, e.g. `todo-table/table`. */
  readonly path: string;
  /** Its arguments, each with its path: `attribute.0.name=id`. What they refer to has no name, as that may have changed too. */
  readonly leaves: ReadonlySet<string>;
}

/** What says nothing of which resource it is. */
const APART = new Set(["//", "lifecycle", "depends_on", "provider"]);

/** Reference to another resource: its name holds its path. */
const REFERENCE = /\b((?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]*|local)\.[\w-]+/g;

/**
 * Resources of one stack that another has not, at the same path.
 *
 * @param moved addresses that `moved` blocks take care of
 */
export function resourcesOnlyIn(stack: StackJson, other: StackJson, moved: ReadonlySet<string>): Resource[] {
  return Object.entries(stack.resource ?? {}).flatMap(([type, blocks]) =>
    Object.entries(blocks)
      .filter(([name]) => other.resource?.[type]?.[name] === undefined && !moved.has(`${type}.${name}`))
      .flatMap(([, block]) => {
        const path = block["//"]?.metadata?.path;
        if (path === undefined) return [];
        return [{ type, path: pathBelowStack(path), leaves: new Set(leavesOf(block)) }];
      }),
  );
}

/** Paths of all resources of a stack. */
export function pathsOf(stack: StackJson): Set<string> {
  const blocks = Object.values(stack.resource ?? {}).flatMap((byName) => Object.values(byName));
  return new Set(blocks.flatMap((block) => block["//"]?.metadata?.path ?? []).map(pathBelowStack));
}

/** Share of the arguments that two resources have alike, 0 to 1. */
export function likeness(left: Resource, right: Resource): number {
  if (left.type !== right.type) return 0;
  let alike = 0;
  for (const leaf of left.leaves) if (right.leaves.has(leaf)) alike++;
  const all = left.leaves.size + right.leaves.size - alike;
  return all === 0 ? 1 : alike / all;
}

function leavesOf(value: unknown, at = ""): string[] {
  if (typeof value !== "object" || value === null) {
    return [`${at}=${typeof value === "string" ? value.replace(REFERENCE, "$1.*") : String(value)}`];
  }
  return Object.entries(value)
    .filter(([key]) => at !== "" || !APART.has(key))
    .flatMap(([key, inner]) => leavesOf(inner, at === "" ? key : `${at}.${key}`));
}
