/** A synthesised stack, as far as logs are looked for in it. */
export interface StackWithLogs {
  readonly provider?: {
    readonly aws?: readonly {
      readonly alias?: string;
      readonly region: string;
      readonly allowed_account_ids?: readonly string[];
      readonly default_tags?: readonly { readonly tags: Readonly<Record<string, string>> }[];
    }[];
  };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** Where the logs of an environment are. */
export interface LogTargets {
  readonly accountId: string;
  readonly region: string;
  /** What names of the environment begin with, e.g. `acme-prod-`. */
  readonly prefix: string;
  /** Log groups of what requests and events pass, by their names, in order. */
  readonly logGroups: readonly string[];
}

/** Of functions, services, APIs and workflows. Others, as of flows, are large and name no request. */
const KINDS = ["/aws/lambda/", "/ecs/", "/aws/apigateway/", "/aws/vendedlogs/states/"];

/**
 * Finds the logs of a synthesised stack.
 *
 * @throws Error when the stack has no provider, as none that is synthesised lacks it
 */
export function logTargets(stack: StackWithLogs): LogTargets {
  const provider = stack.provider?.aws?.find(({ alias }) => alias === undefined);
  if (!provider) throw new Error("the stack has no provider of AWS");
  const { project, environment } = provider.default_tags?.[0]?.tags ?? {};
  const groups = Object.values(stack.resource?.["aws_cloudwatch_log_group"] ?? {})
    .filter(({ provider: other }) => other === undefined)
    .map(({ name }) => String(name));
  return {
    accountId: provider.allowed_account_ids?.[0] ?? "",
    region: provider.region,
    prefix: `${project}-${environment}-`,
    logGroups: groups.filter((name) => KINDS.some((kind) => name.startsWith(kind))).sort(),
  };
}

/** Whether the environment publishes the events of orders. */
export function hasRelay({ logGroups, prefix }: Pick<LogTargets, "logGroups" | "prefix">): boolean {
  return logGroups.includes(`/ecs/${prefix}order-relay`);
}

/** Short name of what a log group is of, e.g. `orders` of `/ecs/acme-prod-orders`; of an API with that, e.g. `todos-v1 (API)`. */
export function nameOfGroup(logGroup: string, prefix: string): string {
  const last = logGroup.slice(logGroup.lastIndexOf("/") + 1);
  const name = last.startsWith(prefix) ? last.slice(prefix.length) : last;
  return logGroup.startsWith("/aws/apigateway/") ? `${name} (API)` : name;
}
