import { isHarmless, isSecretName, looksSecret } from "./secrets";

/** A value that nobody may see. Only whether two are the same can be told. */
export class Hidden {
  readonly #content: string;

  constructor(value: unknown) {
    this.#content = JSON.stringify(value) ?? "";
  }

  equals(other: unknown): boolean {
    return other instanceof Hidden && other.#content === this.#content;
  }
}

/** A value that AWS gives when the plan is applied. */
export const UNKNOWN = new (class Unknown {})();

/** A text that is a JSON document, such as a policy. */
export class JsonText {
  constructor(
    readonly text: string,
    readonly content: Value,
  ) {}
}

/** A value of a plan, with what is sensitive hidden and what is not known marked. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Hidden
  | JsonText
  | typeof UNKNOWN
  | readonly Value[]
  | { readonly [name: string]: Value };

/** An object of values: the attributes of a resource. */
export type Values = { readonly [name: string]: Value };

/** Texts shorter than this are not looked for elsewhere: they occur in too much. */
const SHORTEST_SECRET = 8;

/** Hides what is sensitive in a plan's values, and remembers it, so that it is hidden wherever else it occurs. */
export class Shield {
  private readonly secrets = new Set<string>();
  private pattern: RegExp | undefined;

  /**
   * @param published a text that holds no secret, such as the stack as it is synthesised. The provider calls whole blocks sensitive
   * where one value is: what is published is hidden in such a block, and nowhere else. @default nothing is
   */
  constructor(private readonly published = "") {}

  /**
   * @param sensitive as `before_sensitive`, `after_sensitive`
   * @param unknown as `after_unknown`. @default all is known
   */
  protect(value: unknown, sensitive: unknown, unknown: unknown = false): Value {
    if (unknown === true) return UNKNOWN;
    if (sensitive === true) return this.hide(value);
    if (Array.isArray(value) || Array.isArray(unknown)) {
      const [elements, hidden, missing] = [value, sensitive, unknown].map(listOf) as [
        unknown[],
        unknown[],
        unknown[],
      ];
      const length = Math.max(elements.length, missing.length);
      return Array.from({ length }, (_, index) =>
        this.protect(elements[index] ?? null, hidden[index], missing[index]),
      );
    }
    if (isRecord(value) || isRecord(unknown)) {
      const fields = isRecord(value) ? value : {};
      const missing = isRecord(unknown) ? unknown : {};
      const hidden = isRecord(sensitive) ? sensitive : {};
      const names = [...new Set([...Object.keys(fields), ...Object.keys(missing)])].sort();
      return Object.fromEntries(
        names.map((name) => [
          name,
          this.protectField(name, fields, this.own(hidden, name), this.own(missing, name)),
        ]),
      );
    }
    return this.protectScalar(value);
  }

  /** Hides what was found to be sensitive later, or elsewhere, too. */
  scrub<T extends Value>(value: T): T {
    if (this.secrets.size === 0) return value;
    this.pattern ??= new RegExp(
      [...this.secrets]
        .sort((left, right) => right.length - left.length)
        .map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"))
        .join("|"),
    );
    return scrubbed(value, this.pattern) as T;
  }

  private own(fields: Readonly<Record<string, unknown>>, name: string): unknown {
    return Object.hasOwn(fields, name) ? fields[name] : undefined;
  }

  private protectField(
    name: string,
    fields: Readonly<Record<string, unknown>>,
    sensitive: unknown,
    unknown: unknown,
  ): Value {
    const value = this.own(fields, name);
    const holds = isSecretName(name) || isValueOfSecret(name, fields) || name === "custom_header";
    return this.protect(value ?? null, holds ? secretsIn(value, name, sensitive) : sensitive, unknown);
  }

  private protectScalar(value: unknown): Value {
    if (typeof value !== "string") return (value ?? null) as Value;
    if (looksSecret(value) || looksSecret(decoded(value))) return this.hide(value);
    const document = parseDocument(value);
    return document === undefined ? value : new JsonText(value, this.protect(document, false));
  }

  private hide(value: unknown): Value {
    if (value === null || value === undefined) return null;
    const whole = typeof value === "object";
    for (const text of textsIn(value)) {
      if (text.length < SHORTEST_SECRET || (whole && this.published.includes(text))) continue;
      this.secrets.add(text);
      // As it is written inside of a JSON document.
      const written = JSON.stringify(text).slice(1, -1);
      if (written !== text) this.secrets.add(written);
      this.pattern = undefined;
    }
    return new Hidden(value);
  }
}

/** What a text in Base64 says, as the user data of a launch template; nothing for other texts. */
function decoded(text: string): string {
  return text.length >= 24 && /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)
    ? Buffer.from(text, "base64").toString("utf8")
    : "";
}

/** `value` of a pair `{ name: "DB_PASSWORD", value: … }`, or the values that a header must have. */
function isValueOfSecret(name: string, fields: Readonly<Record<string, unknown>>): boolean {
  if (!/^values?$/i.test(name)) return false;
  const called = ["name", "Name", "key", "Key", "http_header_name", "parameter_name"].map(
    (key) => fields[key],
  );
  return called.some((text) => typeof text === "string" && isSecretName(text));
}

/**
 * Which parts of a value are secrets, when its name says that it holds them: texts, and the values of headers for the origin.
 *
 * @param sensitive what the provider says
 */
function secretsIn(value: unknown, name: string, sensitive: unknown): unknown {
  if (sensitive === true) return true;
  if (typeof value === "string") return !isHarmless(value);
  if (isRecord(value)) {
    const known = isRecord(sensitive) ? sensitive : {};
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => [key, secretsIn(field, key, known[key])]),
    );
  }
  if (!Array.isArray(value)) return sensitive;
  const known = listOf(sensitive);
  return value.map((element, index) => {
    if (typeof element === "string") return !isHarmless(element);
    return name === "custom_header" ? (known[index] === true ? true : { value: true }) : known[index];
  });
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "number") yield String(value);
  else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) yield* textsIn(part);
  }
}

function parseDocument(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function scrubbed(value: Value, secrets: RegExp): Value {
  if (typeof value === "string") return secrets.test(value) ? new Hidden(value) : value;
  if (Array.isArray(value)) return value.map((element) => scrubbed(element, secrets));
  if (value instanceof JsonText) {
    return secrets.test(value.text) ? new JsonText("", scrubbed(value.content, secrets)) : value;
  }
  if (!isValues(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, scrubbed(field, secrets)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is an object with named fields. */
export function isValues(value: Value | undefined): value is Values {
  return (
    isRecord(value) &&
    !(value instanceof Hidden) &&
    !(value instanceof JsonText) &&
    (value as Value) !== UNKNOWN
  );
}

/** Whether two values are the same. Of two that are not known, nobody can tell: they are. */
export function isSame(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true;
  if (left instanceof Hidden) return left.equals(right);
  if (left instanceof JsonText)
    return right instanceof JsonText && left.text === right.text && isSame(left.content, right.content);
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((element, index) => isSame(element, right[index]))
    );
  }
  if (!isValues(left) || !isValues(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name]))
  );
}

/** Whether a value, or a part of it, is such a one. */
export function contains(value: Value | undefined, is: (part: Value) => boolean): boolean {
  if (value === undefined) return false;
  if (is(value)) return true;
  if (value instanceof JsonText) return contains(value.content, is);
  if (Array.isArray(value)) return value.some((element) => contains(element, is));
  return isValues(value) && Object.values(value).some((field) => contains(field, is));
}

/** The value as plain JSON, with words in place of what is hidden or not known. */
export function plain(value: Value): unknown {
  if (value instanceof Hidden) return "(sensitive)";
  if (value === UNKNOWN) return "(known after apply)";
  if (value instanceof JsonText) return plain(value.content);
  if (Array.isArray(value)) return value.map(plain);
  if (!isValues(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}
