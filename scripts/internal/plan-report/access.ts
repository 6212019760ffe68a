import { oneLine } from "./lines";
import type { AccessChange } from "./report";

/** One thing that is allowed or denied: the smallest that can be compared. */
export interface Permission {
  /** Path of the resource that says so. */
  readonly path: string;
  readonly effect: "Allow" | "Deny";
  /** Who or what, as it is written in a sentence. */
  readonly subject: string;
  /** e.g. `dynamodb:Scan`, or a sentence's words. */
  readonly action: string;
  /** On what. Empty where the action says it. */
  readonly object: string;
  /** Under which condition. Empty where there is none. */
  readonly condition: string;
  readonly everybody: boolean;
}

/** What is written between a subject and its actions. */
export interface Verbs {
  readonly may: string;
  readonly mayNot: string;
  readonly denied: string;
  readonly notDenied: string;
  /** Between actions and objects. */
  readonly on: string;
}

/** How many of a sentence's actions and objects are written out. */
const MOST_NAMES = 12;

/**
 * What is new and what is gone, in sentences: what one resource no longer says and another says now is no change.
 *
 * @param before of all resources that change
 * @param after of the same
 */
export function accessChanges(
  before: readonly Permission[],
  after: readonly Permission[],
  verbs: Verbs,
): AccessChange[] {
  return [
    ...sentences(without(after, before), true, verbs),
    ...sentences(without(before, after), false, verbs),
  ].sort((left, right) => Number(right.kind === "widened") - Number(left.kind === "widened"));
}

function without(permissions: readonly Permission[], others: readonly Permission[]): Permission[] {
  const known = new Set(others.map(keyOf));
  return permissions.filter((permission) => {
    const key = keyOf(permission);
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}

function keyOf({ effect, subject, action, object, condition }: Permission): string {
  return JSON.stringify([effect, subject, action, object, condition]);
}

/** Puts together what differs by the action alone, then what differs by the object alone. */
function sentences(permissions: readonly Permission[], isNew: boolean, verbs: Verbs): AccessChange[] {
  const byObject = group(permissions, ({ action: _, ...rest }) => JSON.stringify(rest));
  const withActions = byObject.map((list) => ({
    first: list[0] as Permission,
    actions: names(list.map(({ action }) => action)),
  }));
  const bySubject = group(withActions, ({ first: { object: _, action: __, ...rest }, actions }) =>
    JSON.stringify([rest, actions]),
  );
  return bySubject.map((list): AccessChange => {
    const { first, actions } = list[0] as (typeof withActions)[number];
    const { path, effect, subject, condition, everybody } = first;
    const verb =
      effect === "Allow" ? (isNew ? verbs.may : verbs.mayNot) : isNew ? verbs.denied : verbs.notDenied;
    const objects = names(list.map((each) => each.first.object)).trim();
    const on = objects === "" ? "" : ` ${verbs.on} ${objects}`;
    const when = condition === "" ? "" : `, if ${condition}`;
    return {
      kind: (effect === "Allow") === isNew ? "widened" : "narrowed",
      path,
      text: oneLine(`${subject} ${verb} ${actions}${on}${when}`),
      everybody,
    };
  });
}

function names(all: readonly string[]): string {
  const different = [...new Set(all)];
  const more = different.length - MOST_NAMES;
  return [...different.slice(0, MOST_NAMES), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function group<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const list = groups.get(key(item));
    if (list) list.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}
