import { MOST_VIOLATIONS, type Violation } from "./problem";

/** One error of a generated validator: ajv's, without a message. */
export interface ValidationError {
  /** JSON pointer of the value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A validator generated from a contract. Fills in defaults, in place; leaves its errors on itself. */
export interface Validate {
  (data: unknown): boolean;
  errors?: readonly ValidationError[] | null;
  /** Names of the parameters that are whole numbers; a body's validator has none. */
  integers?: readonly string[];
}

/**
 * Lists what data violates, each rule once: no more than one beyond what an answer names.
 *
 * @param validate from the function's `generated` folder
 * @param data changed in place: defaults are filled in
 * @param place says of each violation where it is, given its JSON pointer
 */
export function violations(
  validate: Validate,
  data: unknown,
  place: (pointer: string) => Pick<Violation, "pointer" | "parameter">,
): Violation[] {
  if (validate(data)) return [];
  const errors = (validate.errors ?? []).slice(0, MOST_VIOLATIONS + 1);
  return errors.map((error) => ({ ...place(pointerOf(error)), detail: detailOf(error) }));
}

/** Points at the field itself, also where it is missing or unknown. */
function pointerOf({ instancePath, params }: ValidationError): string {
  const field = params["missingProperty"] ?? params["additionalProperty"];
  if (typeof field !== "string") return instancePath;
  return `${instancePath}/${field.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

const DETAILS: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => string>> = {
  required: () => "is required",
  additionalProperties: () => "is not known",
  type: ({ type }) => `must be of type ${type}`,
  const: ({ allowedValue }) => `must be ${allowedValue}`,
  enum: ({ allowedValues }) => `must be one of ${(allowedValues as string[]).join(", ")}`,
  minLength: ({ limit }) => `must have at least ${count(limit, "character")}`,
  maxLength: ({ limit }) => `must have at most ${count(limit, "character")}`,
  minItems: ({ limit }) => `must have at least ${count(limit, "entry", "entries")}`,
  maxItems: ({ limit }) => `must have at most ${count(limit, "entry", "entries")}`,
  minimum: ({ limit }) => `must be at least ${limit}`,
  maximum: ({ limit }) => `must be at most ${limit}`,
  pattern: ({ pattern }) => `must match ${pattern}`,
  format: ({ format }) => `must be a ${format}`,
  uniqueItems: ({ i, j }) => `must not hold an entry twice: ${i} and ${j} are the same`,
};

function detailOf({ keyword, params }: ValidationError): string {
  return DETAILS[keyword]?.(params) ?? `violates ${keyword}`;
}

function count(limit: unknown, one: string, many = `${one}s`): string {
  return `${limit} ${limit === 1 ? one : many}`;
}
