import { resolve } from "node:path";
import { readJson } from "../json-file";
import { type AttributeChange, changedAttributes, pathOf } from "./attributes";
import type { Action, OutputChange, Plan, PlannedChange } from "./plan";
import { References } from "./references";
import { Places, type ResourceBlock, type SynthesisedStack } from "./stack";
import type { ResourceChange, TerraformPlan, ValueChange } from "./terraform-plan";
import {
  contains,
  Hidden,
  isSame,
  isValues,
  JsonText,
  plain,
  Shield,
  UNKNOWN,
  type Value,
  type Values,
} from "./values";

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
  return new PlanReader(plan, stack).read(environment);
}

/** A change with its values, which are protected. */
interface Protected {
  readonly of: ResourceChange;
  readonly before: Value;
  readonly after: Value;
}

class PlanReader {
  private readonly shield: Shield;
  private readonly places: Places;
  private readonly references: References;
  private readonly stateful = statefulTypes();

  constructor(
    private readonly plan: TerraformPlan,
    private readonly stack: SynthesisedStack,
  ) {
    this.shield = new Shield(JSON.stringify(stack));
    this.places = new Places(stack);
    this.references = new References(stack, plan, this.places, this.shield);
  }

  read(environment: string): Plan {
    // All are protected before the first is read: what one resource says is sensitive, another may hold in the clear.
    const found = (this.plan.resource_changes ?? []).map((of) => ({ of, ...this.protect(of.change) }));
    const drifted = (this.plan.resource_drift ?? []).map((of) => ({ of, ...this.protect(of.change) }));
    const outputs = Object.entries(this.plan.output_changes ?? {}).map(([name, change]) => ({
      name,
      change,
      ...this.protectOutput(name, change),
    }));
    const changes = found.flatMap((change) => this.changeOf(change));
    const planned = new Map(changes.map((change) => [change.address, change]));
    return {
      environment,
      changes,
      outputs: outputs.flatMap(({ name, change, before, after }) =>
        outputChange(name, change, this.shield.scrub(before), this.shield.scrub(after)),
      ),
      drift: drifted
        .filter(({ of }) => of.mode === "managed")
        .flatMap((change) => this.changeOf(change))
        .flatMap((change) => driftOf(change, planned.get(change.address))),
      acknowledged: this.stack["//"]?.acknowledged ?? [],
      references: this.references,
    };
  }

  private protect(change: ValueChange): { readonly before: Value; readonly after: Value } {
    return {
      before: this.shield.protect(change.before, change.before_sensitive),
      after: this.shield.protect(change.after, change.after_sensitive, change.after_unknown),
    };
  }

  /** An output's name says what it holds, as an attribute's does. */
  private protectOutput(name: string, change: ValueChange): ReturnType<PlanReader["protect"]> {
    const named = (value: unknown) => ({ [name]: value });
    const { before, after } = this.protect({
      actions: change.actions,
      before: named(change.before),
      after: named(change.after),
      after_unknown: named(change.after_unknown),
      before_sensitive: named(change.before_sensitive),
      after_sensitive: named(change.after_sensitive),
    });
    const of = (fields: Value) => (isValues(fields) ? (fields[name] ?? null) : null);
    return { before: of(before), after: of(after) };
  }

  /** Nothing where nothing happens. */
  private changeOf({ of, before: found, after: wanted }: Protected): PlannedChange[] {
    const action = actionOf(of);
    if (action === undefined) return [];
    const block = this.references.blockOf(of.type, of.name);
    const before = this.readable(found);
    const planned = this.readable(wanted);
    const documents = this.documentsOf(planned, block);
    const after = planned && { ...planned, ...documents };
    // Where the stack's document says what is there already, all that can be told is that it is not known yet.
    const told = Object.entries(documents).filter(
      ([name, document]) => !saysTheSame(before?.[name], document),
    );
    const replacedBy = action === "replace" ? (of.change.replace_paths ?? []).map(pathOf) : [];
    const holds = Object.hasOwn(this.stateful, of.type) ? this.stateful[of.type] : undefined;
    const reason =
      of.deposed !== undefined ? "it was left by an earlier replacement" : REASONS[of.action_reason ?? ""];
    return [
      {
        address: of.address,
        ...(isMoved(of) && { previousAddress: of.previous_address }),
        type: of.type,
        ...this.places.placeOf(of.type, of.name),
        action,
        stateful: holds !== undefined,
        ...(holds !== undefined && { holds }),
        replacedBy,
        ...(reason !== undefined && { reason }),
        attributes: this.worthTelling(
          changedAttributes(before, planned && { ...planned, ...Object.fromEntries(told) }),
          action,
          replacedBy,
          block,
        ),
        before,
        after,
      },
    ];
  }

  private readable(value: Value): Values | null {
    const left = this.shield.scrub(value);
    return isValues(left) ? left : null;
  }

  /** Documents that Terraform does not know yet, for one reference in them, as the stack has them. */
  private documentsOf(after: Values | null, block: ResourceBlock | undefined): Record<string, JsonText> {
    const documents: Record<string, JsonText> = {};
    for (const [name, value] of Object.entries(after ?? {})) {
      const template = block !== undefined && Object.hasOwn(block, name) ? block[name] : undefined;
      if (value !== UNKNOWN || typeof template !== "string") continue;
      const document = this.shield.scrub(this.shield.protect(this.references.resolve(template), false));
      if (document instanceof JsonText) documents[name] = document;
    }
    return documents;
  }

  /** Without what AWS and the provider fill in by themselves, where the stack says what is configured. */
  private worthTelling(
    attributes: readonly AttributeChange[],
    action: Action,
    replacedBy: readonly string[],
    block: ResourceBlock | undefined,
  ): AttributeChange[] {
    const told = attributes.flatMap((attribute) => {
      const name = /^[^.[]*/.exec(attribute.path)?.[0] ?? "";
      const configured =
        block === undefined || Object.hasOwn(block, name) || replacedBy.includes(attribute.path);
      const later = attribute.after === plain(UNKNOWN);
      if (!configured && (later || action === "create" || action === "replace")) return [];
      const template = later && block !== undefined ? block[attribute.path] : undefined;
      const from =
        typeof template === "string" && !isDocument(template)
          ? this.references.describe(template)
          : undefined;
      return [{ ...attribute, ...(from !== undefined && { from }) }];
    });
    return told.length > 0 || action === "create" ? told : [...attributes];
  }
}

/** Of a document, what is said of it is too long to tell. */
function isDocument(template: string): boolean {
  return /^\s*[[{]/.test(template);
}

/** Whether a value is a document that says nothing else. */
function saysTheSame(value: Value | undefined, document: JsonText): boolean {
  return (
    value instanceof JsonText &&
    changedAttributes({ document: value }, { document }).every(({ sameMeaning }) => sameMeaning === true)
  );
}

/**
 * What of a difference between state and cloud matters: that the resource is gone, and what the plan sets back. The rest is what AWS
 * and the provider work out themselves.
 */
function driftOf(found: PlannedChange, planned: PlannedChange | undefined): PlannedChange[] {
  if (found.action === "delete") return [found];
  const paths = new Set(planned?.attributes.map(({ path }) => path));
  const attributes = found.attributes.filter(({ path, sameMeaning }) => !sameMeaning && paths.has(path));
  return attributes.length > 0 ? [{ ...found, attributes }] : [];
}

function outputChange(name: string, change: ValueChange, before: Value, after: Value): OutputChange[] {
  const action = ACTIONS[change.actions.join()];
  if (action !== "create" && action !== "update" && action !== "delete") return [];
  if (action === "update" && isSame(before, after)) return [];
  return [
    {
      name,
      action,
      ...(action !== "create" && { before: plain(before) }),
      ...(action !== "delete" && { after: plain(after) }),
      sensitive: [before, after].some((value) => contains(value, (part) => part instanceof Hidden)),
      unknown: contains(after, (part) => part === UNKNOWN),
    },
  ];
}

function actionOf(of: ResourceChange): Action | undefined {
  const action = ACTIONS[of.change.actions.join()];
  if (action !== undefined) return action;
  if (of.change.importing !== undefined) return "import";
  return isMoved(of) ? "move" : undefined;
}

function isMoved(of: ResourceChange): of is ResourceChange & { readonly previous_address: string } {
  return of.previous_address !== undefined && of.previous_address !== of.address;
}
