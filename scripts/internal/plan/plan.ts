import { resolve } from "node:path";
import { readJson } from "../json-file";
import { type AttributeChange, changedAttributes, pathOf } from "./attributes";
import { type Acknowledgement, Places, type SynthesisedStack } from "./stack";
import type { ResourceChange, TerraformPlan, ValueChange } from "./terraform-plan";
import {
  contains,
  Hidden,
  isSame,
  isValues,
  plain,
  Shield,
  UNKNOWN,
  type Value,
  type Values,
} from "./values";

/** What happens to a resource. */
export type Action = "create" | "update" | "replace" | "delete" | "forget" | "move" | "import" | "read";

/** A plan of one environment. Nothing in it is secret: what is sensitive is hidden from the start. */
export interface Plan {
  /** e.g. `envs/prod`. */
  readonly environment: string;
  /** What changes, in the order of addresses. */
  readonly changes: readonly PlannedChange[];
  readonly outputs: readonly OutputChange[];
  /** What was changed past Terraform since the last deployment, and is set back by this plan or made again. */
  readonly drift: readonly PlannedChange[];
  /** What the specification says may be lost. */
  readonly acknowledged: readonly Acknowledgement[];
}

/** What a plan does to one resource. */
export interface PlannedChange {
  /** Terraform's, e.g. `aws_dynamodb_table.todo-table_9650A148`. */
  readonly address: string;
  /** Address in the state: the resource is moved from there. */
  readonly previousAddress?: string;
  /** e.g. `aws_dynamodb_table`. */
  readonly type: string;
  /** Construct path below the stack, e.g. `todo-table/table`; of what the stack has no longer: its address. */
  readonly path: string;
  /** First segment of the path; of what the stack has no longer as its name says, else `removed`. */
  readonly module: string;
  readonly action: Action;
  /** Its loss loses what envs/stateful-resource-types.json names. */
  readonly stateful: boolean;
  /** What its loss loses, e.g. `items`. Only where it is stateful. */
  readonly holds?: string;
  /** Attributes that force its replacement, e.g. `hash_key`. */
  readonly replacedBy: readonly string[];
  /** Why, where no attribute says it, e.g. `it is marked as tainted`. */
  readonly reason?: string;
  readonly attributes: readonly AttributeChange[];
  /** The whole resource before; null when there is none. */
  readonly before: Values | null;
  /** The whole resource after; null when there is none. */
  readonly after: Values | null;
}

/** How an output of the stack changes. */
export interface OutputChange {
  readonly name: string;
  readonly action: "create" | "update" | "delete";
  /** As plain JSON. Absent when there was none. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly sensitive: boolean;
  readonly unknown: boolean;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  create: "create",
  update: "update",
  delete: "delete",
  forget: "forget",
  read: "read",
  "delete,create": "replace",
  "create,delete": "replace",
  "create,forget": "replace",
};

/** Terraform's reasons, where the plan says them by nothing else. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "it is marked as tainted: its creation did not succeed",
  replace_by_request: "its replacement was asked for",
  replace_by_triggers: "what triggers its replacement changes",
};

const STATEFUL_TYPES = resolve(__dirname, "../../../envs/stateful-resource-types.json");

/** Types whose loss loses data, each with what is lost, e.g. `aws_dynamodb_table`: `items`. */
export function statefulTypes(): Readonly<Record<string, string>> {
  return readJson<Record<string, string>>(STATEFUL_TYPES) ?? {};
}

/**
 * Reads a plan.
 *
 * @param environment e.g. `envs/prod`
 * @param plan what `terraform show -json <plan file>` prints
 * @param stack the stack that it is a plan of
 */
export function readPlan(environment: string, plan: TerraformPlan, stack: SynthesisedStack): Plan {
  const shield = new Shield();
  const places = new Places(stack);
  const stateful = statefulTypes();
  // All are protected before the first is read: what one resource says is sensitive, another may hold in the clear.
  const protectedChanges = (plan.resource_changes ?? [])
    .flatMap((change) => withAction(change))
    .map((change) => ({ ...change, values: protect(shield, change.of.change) }));
  const protectedDrift = (plan.resource_drift ?? [])
    .filter(({ mode }) => mode === "managed")
    .flatMap((change) => withAction(change))
    .map((change) => ({ ...change, values: protect(shield, change.of.change) }));
  const protectedOutputs = Object.entries(plan.output_changes ?? {}).map(([name, change]) => ({
    name,
    change,
    values: protect(shield, change),
  }));

  const read = ({ of, action, values }: (typeof protectedChanges)[number]): PlannedChange => {
    const [before, after] = [values.before, values.after].map((value) => {
      const left = shield.scrub(value);
      return isValues(left) ? left : null;
    }) as [Values | null, Values | null];
    const holds = Object.hasOwn(stateful, of.type) ? stateful[of.type] : undefined;
    const reason =
      of.deposed !== undefined ? "it was left by an earlier replacement" : REASONS[of.action_reason ?? ""];
    return {
      address: of.address,
      ...(isMoved(of) && { previousAddress: of.previous_address }),
      type: of.type,
      ...places.placeOf(of.type, of.name),
      action,
      stateful: holds !== undefined,
      ...(holds !== undefined && { holds }),
      replacedBy: action === "replace" ? (of.change.replace_paths ?? []).map(pathOf) : [],
      ...(reason !== undefined && { reason }),
      attributes: changedAttributes(before, after),
      before,
      after,
    };
  };
  const changes = protectedChanges.map(read);
  return {
    environment,
    changes,
    outputs: protectedOutputs.flatMap(({ name, change, values }) => {
      const action = ACTIONS[change.actions.join()];
      if (action !== "create" && action !== "update" && action !== "delete") return [];
      const [before, after] = [shield.scrub(values.before), shield.scrub(values.after)];
      if (action === "update" && isSame(before, after)) return [];
      return [outputChange(name, action, before, after)];
    }),
    drift: protectedDrift.map(read).flatMap((found) => driftOf(found, changes)),
    acknowledged: stack["//"]?.acknowledged ?? [],
  };
}

/**
 * What of a difference between state and cloud matters: that the resource is gone, and what the plan sets back. The rest is what AWS
 * and the provider work out themselves.
 */
function driftOf(found: PlannedChange, changes: readonly PlannedChange[]): PlannedChange[] {
  if (found.action === "delete") return [found];
  const planned = changes.find(({ address }) => address === found.address);
  const paths = new Set(planned?.attributes.map(({ path }) => path));
  const attributes = found.attributes.filter(({ path, sameMeaning }) => !sameMeaning && paths.has(path));
  return attributes.length > 0 ? [{ ...found, attributes }] : [];
}

function outputChange(
  name: string,
  action: OutputChange["action"],
  before: Value,
  after: Value,
): OutputChange {
  return {
    name,
    action,
    ...(action !== "create" && { before: plain(before) }),
    ...(action !== "delete" && { after: plain(after) }),
    sensitive: [before, after].some((value) => contains(value, (part) => part instanceof Hidden)),
    unknown: contains(after, (part) => part === UNKNOWN),
  };
}

/** What happens to a resource; nothing where nothing does. */
function withAction(of: ResourceChange): { of: ResourceChange; action: Action }[] {
  const action = ACTIONS[of.change.actions.join()];
  if (action !== undefined) return [{ of, action }];
  if (of.change.importing !== undefined) return [{ of, action: "import" }];
  return isMoved(of) ? [{ of, action: "move" }] : [];
}

function isMoved(of: ResourceChange): of is ResourceChange & { readonly previous_address: string } {
  return of.previous_address !== undefined && of.previous_address !== of.address;
}

function protect(shield: Shield, change: ValueChange): { readonly before: Value; readonly after: Value } {
  return {
    before: shield.protect(change.before, change.before_sensitive),
    after: shield.protect(change.after, change.after_sensitive, change.after_unknown),
  };
}
