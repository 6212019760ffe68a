/** A plan as `terraform show -json <plan file>` prints it: https://developer.hashicorp.com/terraform/internals/json-format */
export interface TerraformPlan {
  /** `1.x`: what is here stays. */
  readonly format_version: string;
  /** Terraform could not plan everything. */
  readonly errored?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
  /** What was found to differ from the state when Terraform looked. */
  readonly resource_drift?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, ValueChange>>;
  /** The whole state as it was found. */
  readonly prior_state?: { readonly values?: StateValues };
  /** The whole state as it will be, as far as that is known. */
  readonly planned_values?: StateValues;
}

/** Resources of a state, those of Terraform's own modules below their modules. */
export interface StateValues {
  readonly root_module?: StateModule;
}

interface StateModule {
  readonly resources?: readonly StateResource[];
  readonly child_modules?: readonly StateModule[];
}

/** One resource in a state. */
export interface StateResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly values?: Readonly<Record<string, unknown>>;
  /** `true` where the value is sensitive, in the shape of `values`. */
  readonly sensitive_values?: unknown;
}

/** What happens to one resource. */
export interface ResourceChange {
  readonly address: string;
  /** Its address in the state, when it is another. */
  readonly previous_address?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** Key of an object that a replacement has left behind. */
  readonly deposed?: string;
  readonly change: ValueChange;
  /** Why, e.g. `replace_because_tainted`. */
  readonly action_reason?: string;
}

/** A value before and after. */
export interface ValueChange {
  /** e.g. `["no-op"]`, `["update"]`, `["delete", "create"]`. */
  readonly actions: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** `true` where the value is not known yet, in the shape of `after`. */
  readonly after_unknown?: unknown;
  /** `true` where the value is sensitive, in the shape of `before`. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  /** Paths of the attributes that force a replacement. */
  readonly replace_paths?: readonly (readonly unknown[])[];
  readonly importing?: { readonly id?: string };
}

/** All resources of a state, without data sources. */
export function managedResources(state: StateValues | undefined): StateResource[] {
  const found: StateResource[] = [];
  const walk = (module: StateModule | undefined) => {
    for (const resource of module?.resources ?? []) if (resource.mode === "managed") found.push(resource);
    for (const child of module?.child_modules ?? []) walk(child);
  };
  walk(state?.root_module);
  return found;
}

/**
 * The JSON in what `terraform show -json` has printed: warnings about Terraform's own configuration may come before it.
 *
 * @returns nothing when there is none
 */
export function findShown<T>(printed: string): T | undefined {
  const start = printed.indexOf('{"format_version"');
  return start === -1 ? undefined : (JSON.parse(printed.slice(start)) as T);
}
