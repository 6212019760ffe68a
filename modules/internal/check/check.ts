import { Token } from "cdktf";

/**
 * Checks a number of a module's configuration. One that is known only at deployment is not checked.
 *
 * @param field name of the field, for the error
 * @param most the largest number allowed. @default no limit
 * @throws Error naming the field, what it must be and what it is
 */
export function checkWholeNumber(field: string, value: number, least: number, most?: number): void {
  if (Token.isUnresolved(value)) return;
  if (Number.isInteger(value) && value >= least && (most === undefined || value <= most)) return;
  const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new Error(`${field} must be a whole number ${range}, got ${value}`);
}

/**
 * Checks that numbers of a module's configuration are there before the deployment: a reference to one cannot be counted with.
 *
 * @param fields those that other values are computed from; one that is undefined is passed over
 * @throws Error naming the first that is known only at deployment
 */
export function checkKnown<Config extends object>(
  config: Config,
  fields: readonly (keyof Config & string)[],
): void {
  const unknown = fields.find((field) => Token.isUnresolved(config[field]));
  if (unknown === undefined) return;
  throw new Error(`${unknown} must be known before the deployment, as others are computed from it`);
}
