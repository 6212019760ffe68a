import {
  type AttributeChange,
  type PlannedChange,
  type ResourceBlock,
  readPlan,
  type SynthesisedStack,
  type TerraformPlan,
} from "../../internal/plan";

/** What differs between an environment as it was deployed and as it is. */
export interface EnvironmentDrift {
  /** e.g. `envs/prod`. */
  readonly environment: string;
  readonly status: "no-drift" | "drift" | "error";
  /** What the stack says, and is not so any more. */
  readonly drifted: readonly DriftedResource[];
  /**
   * What else was found to differ from the state, and the stack does not say: what AWS sets by itself, mostly, but also what somebody
   * has added, such as a rule of a security group. It counts as no drift: after a deployment there is always some.
   */
  readonly alsoChanged: readonly DriftedResource[];
  /** Why nothing could be said. */
  readonly error?: { readonly summary: string; readonly detail: string };
}

/** One resource that differs. */
export interface DriftedResource {
  readonly address: string;
  readonly type: string;
  /** Construct path below the stack, e.g. `todo-table/table`. */
  readonly path: string;
  /** `gone`: it was deleted past Terraform. */
  readonly kind: "changed" | "gone";
  /** Its loss loses data. */
  readonly stateful: boolean;
  /** `before`: as it was deployed; `after`: as it is. Nothing secret is in it. */
  readonly attributes: readonly AttributeChange[];
}

/** What the provider holds for every resource by its default tags, whether the stack names it or not. */
const BY_PROVIDER: readonly string[] = ["tags", "tags_all"];

/**
 * Sorts what Terraform has found by looking.
 *
 * @param looked what `terraform show -json` prints of a plan made with `-refresh-only`
 * @param stack the stack that it is a plan of
 */
export function driftOf(
  environment: string,
  looked: TerraformPlan,
  stack: SynthesisedStack,
): EnvironmentDrift {
  // Read as if it were planned: what a plan calls drift is only what it sets back, and this one sets nothing back.
  const found = readPlan(
    environment,
    { ...looked, resource_changes: looked.resource_drift ?? [], resource_drift: [] },
    stack,
  );
  const drifted: DriftedResource[] = [];
  const alsoChanged: DriftedResource[] = [];
  for (const change of found.changes) {
    if (change.action === "delete") {
      drifted.push(described(change, "gone", []));
      continue;
    }
    if (change.action !== "update") continue;
    const block = blockOf(stack, change.address);
    const told = change.attributes.filter(
      (each) => each.sameMeaning !== true && !isZero(each) && !isIgnored(block, each.path),
    );
    const [said, others] = split(told, ({ path }) => isSaid(block, path));
    if (said.length > 0) drifted.push(described(change, "changed", said));
    else if (others.length > 0) alsoChanged.push(described(change, "changed", others));
  }
  return {
    environment,
    status: drifted.length > 0 ? "drift" : "no-drift",
    drifted,
    alsoChanged,
  };
}

/** An environment of which nothing could be said. */
export function failedDrift(
  environment: string,
  error: { summary: string; detail: string },
): EnvironmentDrift {
  return { environment, status: "error", drifted: [], alsoChanged: [], error };
}

function described(
  { address, type, path, stateful }: PlannedChange,
  kind: DriftedResource["kind"],
  attributes: readonly AttributeChange[],
): DriftedResource {
  return { address, type, path, kind, stateful, attributes };
}

function blockOf(stack: SynthesisedStack, address: string): ResourceBlock {
  const [type = "", name = ""] = address.split(".");
  return stack.resource?.[type]?.[name] ?? {};
}

function isSaid(block: ResourceBlock, path: string): boolean {
  const name = firstName(path);
  return block[name] !== undefined || BY_PROVIDER.includes(name);
}

/** What the stack itself leaves to others, such as the alias that CodeDeploy moves. */
function isIgnored(block: ResourceBlock, path: string): boolean {
  const { ignore_changes: ignored } = (block["lifecycle"] ?? {}) as {
    ignore_changes?: readonly string[] | "all";
  };
  if (ignored === undefined) return false;
  return ignored === "all" || ignored.some((name) => firstName(name) === firstName(path));
}

/** What is not set is null in the state that a deployment writes, and the type's zero once the provider has looked. */
function isZero({ before, after, sensitive }: AttributeChange): boolean {
  const zeros: readonly unknown[] = [undefined, 0, false, ""];
  return !sensitive && zeros.includes(before) && zeros.includes(after) && [before, after].includes(undefined);
}

function firstName(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

function split<T>(all: readonly T[], belongs: (each: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((each) => !belongs(each))];
}
