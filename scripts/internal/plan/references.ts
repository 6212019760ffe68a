import { withoutSecrets } from "./secrets";
import type { Places, ResourceBlock, SynthesisedStack } from "./stack";
import { managedResources, type StateResource, type TerraformPlan } from "./terraform-plan";
import type { Shield } from "./values";

/** A reference's resource and attribute, e.g. `aws_s3_bucket.files_0A1B2C3D.arn`. */
const REFERENCE = /\b(aws_[a-z0-9_]+)\.([A-Za-z0-9_-]+)\.([a-z0-9_]+)/g;

/** `${…}`, and before it the `$` that makes `$${` a text of its own. */
const TEMPLATE = /(\$?)\$\{((?:[^{}"]|"(?:[^"\\]|\\.)*")*)\}/g;

/** What a synthesised text refers to, as far as it is known before the plan is applied. */
export class References {
  private readonly values = new Map<string, StateResource>();

  constructor(
    private readonly stack: SynthesisedStack,
    plan: TerraformPlan,
    private readonly places: Places,
    private readonly shield: Shield,
  ) {
    // What is planned goes before what is there.
    for (const state of [plan.planned_values, plan.prior_state?.values])
      for (const resource of managedResources(state)) {
        const address = `${resource.type}.${resource.name}`;
        const before = this.values.get(address);
        this.values.set(address, before ? withOlder(before, resource) : resource);
      }
  }

  /** The block of a resource. */
  blockOf(type: string, name: string): ResourceBlock | undefined {
    return own(own(this.stack.resource, type), name);
  }

  /**
   * A text with values in place of references: of a resource that is replaced under the same name, those that it has had. What has none
   * yet is written as `{<path of the resource>.<attribute>}`.
   */
  resolve(text: string): string {
    return this.substitute(text, (match) => this.valueOf(match));
  }

  /** A text with the names of what it refers to, as above, in place of all references. */
  describe(text: string): string | undefined {
    const described = this.substitute(text, () => undefined);
    return described === withoutSecrets(described) ? described : undefined;
  }

  private substitute(text: string, known: (reference: RegExpMatchArray) => string | undefined): string {
    return text
      .replace(TEMPLATE, (whole, escapes: string, expression: string) => {
        if (escapes !== "") return whole;
        const [only] = [...expression.matchAll(REFERENCE)];
        if (only?.[0] === expression) return known(only) ?? `{${this.wordsOf(only)}}`;
        return `{${expression.replace(REFERENCE, (...match) => this.wordsOf(match as unknown as RegExpMatchArray))}}`;
      })
      .replaceAll("$${", "${");
  }

  /** What an attribute of a resource is taken from, in the same words; undefined where the stack does not say it. */
  nameOf(address: string, attribute: string): string | undefined {
    const [, type = "", name = ""] = /^([^.]+)\.([^.[]+)/.exec(address) ?? [];
    const text = own(this.blockOf(type, name), attribute);
    return typeof text === "string" ? this.describe(text) : undefined;
  }

  /** Finds what a security group's id stands for. @returns its path, the id itself when no resource has it */
  pathOfId(id: string): string {
    this.pathsOfIds ??= new Map(
      [...this.values.values()]
        .filter(({ type }) => type.endsWith("security_group"))
        .flatMap(({ type, name, values }) => {
          const known = values?.["id"];
          return typeof known === "string" ? [[known, this.places.placeOf(type, name).path] as const] : [];
        }),
    );
    return this.pathsOfIds.get(id) ?? id;
  }

  private pathsOfIds: ReadonlyMap<string, string> | undefined;

  private wordsOf([, type = "", name = "", attribute = ""]: RegExpMatchArray): string {
    return `${this.places.placeOf(type, name).path}.${attribute}`;
  }

  private valueOf([, type = "", name = "", attribute = ""]: RegExpMatchArray): string | undefined {
    const resource = this.values.get(`${type}.${name}`);
    if (resource?.values === undefined) return undefined;
    const shielded = this.shield.protect(
      { [attribute]: own(resource.values, attribute) },
      resource.sensitive_values,
    ) as Readonly<Record<string, unknown>>;
    const value = shielded[attribute];
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  }
}

/** Attributes that AWS makes ARNs, addresses and ids of. */
const NAMES = ["name", "bucket", "function_name", "identifier", "cluster_identifier", "replication_group_id"];

/** What is not known of a planned resource, it still has as it is; unless it gets another name, which ARNs are made of. */
function withOlder(planned: StateResource, prior: StateResource): StateResource {
  const known = Object.entries(planned.values ?? {}).filter(([, value]) => value !== null);
  const values = Object.fromEntries(known);
  const renamed = NAMES.some(
    (name) => own(prior.values, name) !== undefined && own(prior.values, name) !== own(planned.values, name),
  );
  return {
    ...planned,
    values: renamed ? values : { ...prior.values, ...values },
    sensitive_values: merged(planned.sensitive_values, prior.sensitive_values),
  };
}

function merged(planned: unknown, prior: unknown): unknown {
  if (planned === true || prior === true) return true;
  return { ...(prior as object | undefined), ...(planned as object | undefined) };
}

function own<T>(fields: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}
