import { pathBelowStack } from "../construct-path";
import type { SynthesisedTerraform } from "./stack";

/** A resource, as a stack declares it or as Terraform's state holds it. */
export interface PricedResource {
  /** E.g. `aws_dynamodb_table.todo-table_5A2F8C9E`. */
  readonly address: string;
  readonly type: string;
  /** Construct path below the stack, e.g. `todo-table/table`; its first segment is the module. */
  readonly path: string;
  /** As in a plan's `values`, or a stack's block: of nested blocks one as it is or in a list, several in a list. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Where it is, when that is not the region of the others. @default that of the others */
  readonly region?: string;
}

/** A part of `terraform show -json`: `prior_state.values` or `planned_values`. */
export interface StateValues {
  readonly root_module?: {
    readonly resources?: readonly {
      readonly address: string;
      readonly mode?: string;
      readonly type: string;
      readonly name: string;
      readonly values?: Readonly<Record<string, unknown>>;
    }[];
  };
}

/** Region of most of a stack's resources. @throws Error when its provider names none */
export function regionOf(stack: SynthesisedTerraform): string {
  const region = stack.provider?.aws?.find(({ alias }) => alias === undefined)?.region;
  if (region === undefined) throw new Error("the stack has no AWS provider with a region");
  return region;
}

/** The resources that a stack declares. What refers to another resource is a text like `${aws_vpc.network.id}`. */
export function resourcesOfStack(stack: SynthesisedTerraform): PricedResource[] {
  return Object.entries(stack.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]) => {
      const { "//": comment, provider, ...values } = block;
      const region = regionOfProvider(stack, provider);
      const path = comment?.metadata?.path;
      return {
        address: `${type}.${name}`,
        type,
        path: path === undefined ? `${type}.${name}` : pathBelowStack(path),
        values,
        ...(region !== undefined && { region }),
      };
    }),
  );
}

/**
 * The resources of a state.
 *
 * @param state values of a plan's prior state, or of `terraform show -json` without a plan
 * @param stack as it is synthesised now: it knows the paths. What it has no longer is of the module that its name begins with.
 */
export function resourcesOfState(state: StateValues, stack: SynthesisedTerraform): PricedResource[] {
  const known = new Map(resourcesOfStack(stack).map((resource) => [resource.address, resource]));
  const modules = new Set([...known.values()].map(({ path }) => path.split("/")[0] ?? path));
  return (state.root_module?.resources ?? [])
    .filter(({ mode = "managed" }) => mode === "managed")
    .map(({ address, type, name, values = {} }) => {
      const region = regionOfArn(values["arn"]) ?? known.get(address)?.region;
      return {
        address,
        type,
        path: known.get(address)?.path ?? `${moduleOfName(name, modules)}/${name}`,
        values,
        ...(region !== undefined && { region }),
      };
    });
}

/**
 * The resources of a plan's end. What is known only once it is deployed, Terraform leaves out of them: there they say what the stack does, so
 * that a service is still known to run its task.
 *
 * @param planned a plan's planned values
 * @param stack that it is a plan of
 */
export function resourcesOfPlan(planned: StateValues, stack: SynthesisedTerraform): PricedResource[] {
  const declared = new Map(resourcesOfStack(stack).map((resource) => [resource.address, resource.values]));
  return resourcesOfState(planned, stack).map((resource) => ({
    ...resource,
    values: filled(resource.values, declared.get(resource.address) ?? {}),
  }));
}

type Values = PricedResource["values"];

/** Values, and where one is missing, the other's. */
function filled(values: Values, others: Values): Values {
  const entries = Object.entries(others).map(([name, other]) => [name, filledOne(values[name], other)]);
  return { ...values, ...Object.fromEntries(entries) };
}

function filledOne(value: unknown, other: unknown): unknown {
  if (value === undefined || value === null) return other;
  if (!Array.isArray(value)) return value;
  // Blocks: a state has a list of them always, a stack where there are several.
  const blocks = Array.isArray(other) ? other : [other];
  return value.map((one, index) => {
    const declared = blocks.length === value.length ? blocks[index] : undefined;
    return isBlock(one) && isBlock(declared) ? filled(one, declared) : one;
  });
}

function isBlock(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A name begins with the ids of its construct's parents: the longest module that it begins with is its own. */
function moduleOfName(name: string, modules: ReadonlySet<string>): string {
  const [longest] = [...modules]
    .filter((module) => name === module || name.startsWith(`${module}_`))
    .sort((a, b) => b.length - a.length);
  return longest ?? "removed";
}

/** Of `aws.us-east-1`, the alias of a second provider. */
function regionOfProvider(stack: SynthesisedTerraform, provider: string | undefined): string | undefined {
  const alias = provider?.split(".")[1];
  return alias === undefined
    ? undefined
    : stack.provider?.aws?.find((candidate) => candidate.alias === alias)?.region;
}

function regionOfArn(arn: unknown): string | undefined {
  const region = typeof arn === "string" ? arn.split(":")[3] : undefined;
  return region === "" ? undefined : region;
}
