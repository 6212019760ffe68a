import type { Action, AttributeChange } from "../plan";
import { ACTIONS } from "./build";
import type { ChangeReport, Counts, EnvironmentReport, FunctionChange, Warning } from "./report";

/** What is done to a resource, in a word. */
const WORDS: Readonly<Record<Action, string>> = {
  delete: "destroyed",
  replace: "replaced",
  update: "changed",
  create: "created",
  import: "imported",
  move: "moved",
  forget: "forgotten",
  read: "read",
};

/** Characters of a value that are shown. */
const VALUE_CHARACTERS = 400;

/** Stands in a report for a value that is not known yet. */
const LATER = "(known after apply)";

/** e.g. `1 replaced, 12 changed`; nothing where nothing happens. */
export function describeCounts(counts: Counts): string {
  return ACTIONS.filter((action) => counts[action] > 0)
    .map((action) => `${group(counts[action])} ${WORDS[action]}`)
    .join(", ");
}

/** What happens to an environment, in a few words. */
export function describeTitle({ status, counts, outputs }: EnvironmentReport): string {
  if (status === "error") return "the plan failed";
  if (status === "no-change") return "no change";
  return describeCounts({ ...counts, read: 0 }) || `${count(outputs.length, "output")} changed`;
}

/** The cost before and after; undefined where it stays as it is, as far as that is known. */
export function describeCost(
  { cost }: EnvironmentReport,
  quote: (text: string) => string,
): string | undefined {
  if (cost === null || (cost.before === cost.after && cost.unpriced.length === 0)) return undefined;
  const { before, after, unpriced } = cost;
  const sign = after < before ? "−" : "+";
  const change = `${dollars(before)} → ${dollars(after)} (${sign}${dollars(Math.abs(after - before))})`;
  const rest = unpriced.length > 0 ? `, not counting all of ${unpriced.map(quote).join(", ")}` : "";
  return `${change}${rest}.`;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

/** One line about a resource, e.g. `replaced: todo-table/table (aws_dynamodb_table), forced by hash_key`. */
export function describeChange(change: ChangeReport): string {
  const { action, path, type, replacedBy, reason, previousAddress } = change;
  const thing = path.startsWith(`${type}.`) ? path : `${path} (${type})`;
  return oneLine(
    [
      `${WORDS[action]}: ${thing}`,
      ...(previousAddress !== undefined ? [`moved from ${previousAddress}`] : []),
      ...(replacedBy.length > 0 ? [`forced by ${list(replacedBy)}`] : []),
      ...(reason !== undefined ? [reason] : []),
    ].join(", "),
  );
}

/**
 * What changes in a resource: lines that begin with `- ` for what was, `+ ` for what will be, and two spaces for remarks. What is
 * destroyed has none.
 */
export function attributeLines({ action, attributes, replacedBy }: ChangeReport): string[] {
  if (action === "delete" || action === "forget") return [];
  const forces = (path: string) => replacedBy.includes(path);
  // What forces a replacement is what its reader looks for.
  const ordered = [
    ...attributes.filter(({ path }) => forces(path)),
    ...attributes.filter(({ path }) => !forces(path)),
  ];
  const later = ordered.filter(
    (each) => each.after === LATER && each.from === undefined && !forces(each.path),
  );
  const lines = ordered.filter((each) => !later.includes(each)).flatMap(linesOf);
  if (later.length > 0) lines.push(`  known after apply: ${list(later.map(({ path }) => path))}`);
  return lines.map(oneLine);
}

function linesOf({ path, before, after, from, sameMeaning }: AttributeChange): string[] {
  if (sameMeaning) return [`  ${path}: only written in another way`];
  if (isText(before) && isText(after)) {
    const lines = listLines(path, before.split("\n"), after.split("\n"));
    if (lines.length > 0) return lines;
  }
  if (Array.isArray(before) || Array.isArray(after)) return listLines(path, asList(before), asList(after));
  return [
    ...(before !== undefined ? [`- ${path} = ${show(before)}`] : []),
    ...(after !== undefined
      ? [`+ ${path} = ${from === undefined ? show(after) : `${from}, known after apply`}`]
      : []),
  ];
}

/** A text of several lines, such as code: its lines are compared. */
function isText(value: unknown): value is string {
  return typeof value === "string" && value.includes("\n");
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** A line for each element that goes or comes. */
function listLines(path: string, before: readonly unknown[], after: readonly unknown[]): string[] {
  const come = after.map(show);
  const gone = before.map(show).filter((text) => {
    const same = come.indexOf(text);
    if (same !== -1) come.splice(same, 1);
    return same === -1;
  });
  return [...gone.map((text) => `- ${path}: ${text}`), ...come.map((text) => `+ ${path}: ${text}`)];
}

/** A value in one line, long ones by their beginning and length. */
export function show(value: unknown): string {
  if (value === LATER || value === "(sensitive)") return value;
  const text = JSON.stringify(value) ?? "null";
  if (text.length <= VALUE_CHARACTERS) return text;
  return `${shorten(text, VALUE_CHARACTERS)} (${group(text.length)} characters)`;
}

/** A sentence about a resource whose loss loses data, with names as `quote` writes them. */
export function describeWarning(warning: Warning, quote: (text: string) => string): string {
  const { path, type, action, loses, replacedBy, reason, acknowledged, acknowledgedBecause } = warning;
  const thing = path.startsWith(`${type}.`) ? quote(path) : `${quote(path)} (${quote(type)})`;
  const why =
    replacedBy.length > 0
      ? ` Forced by ${replacedBy.map(quote).join(", ")}.`
      : reason !== undefined
        ? ` Why: ${reason}.`
        : "";
  const permission = acknowledged
    ? ` Acknowledged${acknowledgedBecause ? `: ${endless(acknowledgedBecause)}.` : "."}`
    : " Not acknowledged in the specification.";
  return oneLine(
    `${thing} is ${action === "replace" ? "replaced" : "destroyed"}: it loses its ${loses}.${why}${permission}`,
  );
}

/** e.g. `112.3 KB → 113.7 KB (+1 436 bytes, +1.3 %)`. */
export function describeSize({ beforeBytes, afterBytes }: FunctionChange): string {
  if (beforeBytes === null || afterBytes === null) {
    if (beforeBytes === afterBytes) return "size not known";
    return beforeBytes === null ? kilobytes(afterBytes ?? 0) : `${kilobytes(beforeBytes)} before`;
  }
  const difference = afterBytes - beforeBytes;
  if (difference === 0) return `${kilobytes(afterBytes)}, as before`;
  const sign = difference < 0 ? "−" : "+";
  const percent =
    beforeBytes === 0 ? "" : `, ${sign}${Math.abs((100 * difference) / beforeBytes).toFixed(1)} %`;
  return `${kilobytes(beforeBytes)} → ${kilobytes(afterBytes)} (${sign}${count(Math.abs(difference), "byte")}${percent})`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}

/** e.g. `5 000`. */
export function group(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, " ");
}

/** e.g. `1 resource`, `5 000 resources`. */
export function count(number: number, thing: string): string {
  return `${group(number)} ${thing}${number === 1 ? "" : "s"}`;
}

/** A text's beginning, and that it goes on. Never half a character. */
export function shorten(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Without anything that begins a line, or hides in one. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ");
}

function endless(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
