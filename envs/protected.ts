import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import lost from "./stateful-resource-types.json";

/** What is lost with a resource, by its type: of those types alone whose loss loses data, or an address that others hold. */
export const LOST_WITH: Readonly<Record<string, string>> = lost;

/** Types of stateful resources by their path below the stack, e.g. `{ "todo-table/table": "aws_dynamodb_table" }`. */
export type StatefulResources = Readonly<Record<string, string>>;

/**
 * The stateful resources of a protected environment, as they are committed. Terraform's `prevent_destroy` goes with the resource from the
 * configuration; this list does not.
 */
export interface ProtectedResources {
  /** Those that a stack must have. Paths of the bootstrap stack begin with `bootstrap/`. */
  readonly held: StatefulResources;
  /** Those that went from the stack with an acknowledgement, as long as it stands. */
  readonly released: StatefulResources;
}

/** Lists by name of the environment. */
export type ProtectedLists = Readonly<Record<string, ProtectedResources>>;

/** Reads the committed lists, `envs/protected/<name>.json`. @param root folder of the project */
export function loadProtected(root: string): ProtectedLists {
  const folder = join(root, "envs", "protected");
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(
    files.map((name) => [
      basename(name, ".json"),
      JSON.parse(readFileSync(join(folder, name), "utf8")) as ProtectedResources,
    ]),
  );
}

/**
 * What the list of an environment is after a change.
 *
 * @param before the committed list, or nothing for a new environment
 * @param present what its stacks have
 * @param acknowledged paths whose destruction is acknowledged
 */
export function nextList(
  before: ProtectedResources | undefined,
  present: StatefulResources,
  acknowledged: ReadonlySet<string>,
): ProtectedResources {
  const known = { ...before?.released, ...before?.held };
  const released = Object.entries(known).filter(([path]) => !(path in present) && acknowledged.has(path));
  return { held: sorted(Object.entries(present)), released: sorted(released) };
}

function sorted(entries: readonly (readonly [string, string])[]): StatefulResources {
  return Object.fromEntries([...entries].sort(([left], [right]) => (left < right ? -1 : 1)));
}
