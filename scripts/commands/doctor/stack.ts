import type { Backend } from "../../internal/state-backend";

/** A resource of a stack: its Terraform arguments. */
export type Resource = Readonly<Record<string, unknown>>;

/** What the checks read of a synthesised stack. */
export interface Stack {
  readonly terraform: { readonly backend: Backend };
  readonly provider: {
    readonly aws: readonly {
      readonly region: string;
      readonly allowed_account_ids: readonly string[];
      readonly default_tags: readonly { readonly tags: Readonly<Record<string, string>> }[];
    }[];
  };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
}

/** Where an environment lives, and what its resources are tagged with. */
export interface Home {
  /** E.g. `envs/prod`. */
  readonly environment: string;
  readonly accountId: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Reads off a stack where it lives. @throws Error when it names no account */
export function homeOf(environment: string, { provider }: Stack): Home {
  const [own] = provider.aws;
  const accountId = own?.allowed_account_ids[0];
  if (!own || accountId === undefined) throw new Error(`${environment}: the stack names no account`);
  return { environment, accountId, region: own.region, tags: own.default_tags[0]?.tags ?? {} };
}

/** The resources of a type. */
export function resourcesOf(stack: Stack, type: string): Resource[] {
  return Object.values(stack.resource?.[type] ?? {});
}
