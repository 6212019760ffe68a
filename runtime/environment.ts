/** Names of the variables that a function or a service reads, as in its `function.json` or `service.json`. */
export interface EnvironmentNames {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

type Values<Names extends EnvironmentNames> = { readonly [Name in Names["required"][number]]: string } & {
  readonly [Name in Names["optional"][number]]?: string;
};

/**
 * Reads the environment of a function or a service, once, at start. A variable that is set to nothing counts as not set.
 *
 * @param names required and optional names
 * @param source usually `process.env`
 * @throws Error naming every required variable that is not set
 */
export function readEnvironment<const Names extends EnvironmentNames>(
  names: Names,
  source: Readonly<Record<string, string | undefined>>,
): Values<Names> {
  const missing = names.required.filter((name) => !source[name]);
  if (missing.length > 0) throw new Error(`environment: ${missing.join(", ")} must be set, got nothing`);
  const all = [...names.required, ...names.optional];
  return Object.fromEntries(
    all.filter((name) => source[name]).map((name) => [name, source[name]]),
  ) as Values<Names>;
}
