import {
  contains,
  Hidden,
  isSame,
  isValues,
  JsonText,
  plain,
  UNKNOWN,
  type Value,
  type Values,
} from "./values";

/** How one attribute changes. */
export interface AttributeChange {
  /** e.g. `billing_mode`, `policy.Statement["UseTable"].Action`, `ingress[0].cidr_blocks`. */
  readonly path: string;
  /** As plain JSON; `(sensitive)` and `(known after apply)` stand in it for what is so. Absent when there was none. */
  readonly before?: unknown;
  /** Absent when there will be none. */
  readonly after?: unknown;
  /** It, or a part of it, is sensitive. */
  readonly sensitive: boolean;
  /** It, or a part of it, is known only when the plan has been applied. */
  readonly unknown: boolean;
  /**
   * What it is taken from, where it is not known yet: names of resources and attributes in the stack's text, e.g.
   * `{todo-api-v1/function/function.version}`.
   */
  readonly from?: string;
  /** It is only written in another way: other spaces in JSON, another order where none counts. @default false */
  readonly sameMeaning?: true;
}

/** What tells the elements of a list apart, in the order in which it is looked for. */
const IDENTITIES = [
  "name",
  "Name",
  "key",
  "Sid",
  "id",
  "index_name",
  "path_pattern",
  "origin_id",
  "priority",
  "device_name",
] as const;

/**
 * What differs between two states of a resource, attribute by attribute. JSON documents are compared by what they say.
 *
 * @param before null when it is created
 * @param after null when it is destroyed
 */
export function changedAttributes(before: Values | null, after: Values | null): AttributeChange[] {
  const changes: AttributeChange[] = [];
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  for (const name of [...names].sort()) {
    compare(segment("", name), own(before, name), own(after, name), changes);
  }
  return withoutRepetition(changes);
}

function compare(
  path: string,
  before: Value | undefined,
  after: Value | undefined,
  changes: AttributeChange[],
): void {
  if (isSame(before, after) || (isNothing(before) && isNothing(after))) return;
  if (before instanceof JsonText && after instanceof JsonText) {
    const count = changes.length;
    compare(path, before.content, after.content, changes);
    if (changes.length === count) changes.push({ path, sensitive: false, unknown: false, sameMeaning: true });
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(path, before, after, changes);
    return;
  }
  if (isValues(before) && isValues(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const name of [...names].sort())
      compare(segment(path, name), own(before, name), own(after, name), changes);
    return;
  }
  const parts = [before, after];
  changes.push({
    path,
    ...(!isNothing(before) && before !== undefined && { before: plain(before) }),
    ...(!isNothing(after) && after !== undefined && { after: plain(after) }),
    sensitive: parts.some((value) => contains(value, (part) => part instanceof Hidden)),
    unknown: contains(after, (part) => part === UNKNOWN),
  });
}

function compareLists(
  path: string,
  before: readonly Value[],
  after: readonly Value[],
  changes: AttributeChange[],
): void {
  const identity = identityOf(before, after);
  if (identity !== undefined) {
    const byIdentity = (list: readonly Value[]) =>
      new Map(list.map((element) => [own(element as Values, identity) as string | number, element]));
    const [old, next] = [byIdentity(before), byIdentity(after)];
    const count = changes.length;
    for (const key of new Set([...old.keys(), ...next.keys()]))
      compare(`${path}[${JSON.stringify(key)}]`, old.get(key), next.get(key), changes);
    if (changes.length === count) changes.push({ path, sensitive: false, unknown: false, sameMeaning: true });
    return;
  }
  const [gone, come] = withoutCommon(before, after);
  if (gone.length === 0 && come.length === 0) {
    changes.push({ path, sensitive: false, unknown: false, sameMeaning: true });
    return;
  }
  if ([...before, ...after].every((element) => !isValues(element) && !Array.isArray(element))) {
    const list = (values: readonly Value[]) => (values.length > 0 ? values.map(plain) : undefined);
    const [old, next] = [list(before), list(after)];
    changes.push({
      path,
      ...(old !== undefined && { before: old }),
      ...(next !== undefined && { after: next }),
      sensitive: [...before, ...after].some((element) => contains(element, (part) => part instanceof Hidden)),
      unknown: after.includes(UNKNOWN),
    });
    return;
  }
  for (let index = 0; index < Math.max(gone.length, come.length); index++) {
    const [old, next] = [gone[index], come[index]];
    compare(`${path}[${(next ?? old)?.index}]`, old?.element, next?.element, changes);
  }
}

/** The attribute whose value is another in each element of both lists. */
function identityOf(before: readonly Value[], after: readonly Value[]): string | undefined {
  if (before.length === 0 || after.length === 0) return undefined;
  return IDENTITIES.find((name) =>
    [before, after].every((list) => {
      const keys = list.map((element) => (isValues(element) ? own(element, name) : undefined));
      return (
        keys.every((key) => typeof key === "string" || typeof key === "number") &&
        new Set(keys).size === keys.length
      );
    }),
  );
}

interface Element {
  readonly element: Value;
  readonly index: number;
}

/** Both lists without what they have in common, in whatever order. */
function withoutCommon(before: readonly Value[], after: readonly Value[]): [Element[], Element[]] {
  const come = after.map((element, index) => ({ element, index }));
  const gone: Element[] = [];
  before.forEach((element, index) => {
    const same = come.findIndex((other) => isSame(element, other.element));
    if (same === -1) gone.push({ element, index });
    else come.splice(same, 1);
  });
  return [gone, come];
}

/** `tags_all` says again what `tags` says. */
function withoutRepetition(changes: readonly AttributeChange[]): AttributeChange[] {
  const said = new Set(changes.filter(({ path }) => /^tags(?![\w])/.test(path)).map(({ path }) => path));
  return changes.filter(
    ({ path }) => !path.startsWith("tags_all") || !said.has(path.replace("tags_all", "tags")),
  );
}

/** What Terraform writes for an attribute that is not set. */
function isNothing(value: Value | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0) ||
    (isValues(value) && Object.keys(value).length === 0)
  );
}

function own(values: Values | null, name: string): Value | undefined {
  return values !== null && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** @param path the attribute that holds it; nothing at the top */
function segment(path: string, name: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

/** Terraform's path of an attribute, as it is written here. */
export function pathOf(steps: readonly unknown[]): string {
  return steps.reduce<string>(
    (path, step) => (typeof step === "number" ? `${path}[${step}]` : segment(path, String(step))),
    "",
  );
}
