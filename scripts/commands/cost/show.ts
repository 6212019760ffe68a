import type { CostReport } from "../../internal/cost";
import { textTable } from "../../internal/text-table";

/** What an environment costs. */
export interface EnvironmentCost extends CostReport {
  /** E.g. `envs/prod`. */
  readonly environment: string;
}

/** What is shown besides the modules. */
interface ShowOptions {
  /** What each resource is charged for. */
  readonly lines: boolean;
}

const COLUMNS = ["module", "fixed", "usage", "USD a month", "not priced"];
const LINE_COLUMNS = ["module", "what", "quantity", "unit", "USD a month", "price of"];

/** The costs as a table in plain text, what is not part of them below it. */
export function describeCosts(cost: EnvironmentCost, options: ShowOptions): string {
  const table = textTable(COLUMNS, [...rowsOf(cost), totalOf(cost)]);
  const lines = options.lines ? ["", textTable(LINE_COLUMNS, linesOf(cost))] : [];
  return [
    `${cost.environment} ${leadOf(cost)}`,
    "",
    table,
    ...lines,
    ...section("Not part of the sum:", missing(cost), "  "),
  ].join("\n");
}

/** The same in Markdown, e.g. for a page or a comment. */
export function markdownOf(cost: EnvironmentCost, options: ShowOptions): string {
  const lines = options.lines ? ["", ...pipes(LINE_COLUMNS, linesOf(cost))] : [];
  return [
    `### Cost of \`${cost.environment}\``,
    "",
    `It ${leadOf(cost)}`,
    "",
    ...pipes(COLUMNS, [...rowsOf(cost), totalOf(cost)]),
    ...lines,
    ...section("Not part of the sum:", missing(cost), "- "),
  ].join("\n");
}

function leadOf({ monthly, pricesOf, unpriced }: EnvironmentCost): string {
  const amount = `${unpriced.length === 0 ? "" : "at least "}${money(monthly)} USD`;
  return pricesOf === ""
    ? "costs nothing that a price is known of."
    : `costs ${amount} a month; its oldest price is of ${pricesOf}.`;
}

/** A row for each module. The last column counts what is named below the table. */
function rowsOf({ modules, unpriced }: EnvironmentCost): string[][] {
  const names = new Set([...modules.map(({ module }) => module), ...unpriced.flatMap((one) => one.modules)]);
  return [...names].sort().map((name) => {
    const { fixed, monthly } = modules.find(({ module }) => module === name) ?? { fixed: 0, monthly: 0 };
    const missing = unpriced.filter((one) => one.modules.includes(name)).length;
    return [name, ...amounts(fixed, monthly), missing === 0 ? "" : String(missing)];
  });
}

function totalOf({ fixed, monthly, unpriced }: EnvironmentCost): string[] {
  return ["all", ...amounts(fixed, monthly), unpriced.length === 0 ? "" : String(unpriced.length)];
}

function amounts(fixed: number, monthly: number): string[] {
  return [fixed, monthly - fixed, monthly].map(money);
}

/** The dearest first. */
function linesOf({ modules }: EnvironmentCost): string[][] {
  return modules
    .flatMap(({ module, lines }) => lines.map((line) => ({ module, ...line })))
    .sort((a, b) => b.monthly - a.monthly)
    .map(({ module, what, quantity, unit, monthly, date }) => [
      module,
      what,
      String(Number(quantity.toPrecision(6))),
      unit,
      money(monthly),
      date,
    ]);
}

function missing({ unpriced }: EnvironmentCost): string[] {
  return unpriced.map(({ type, addresses, why }) => `${addresses.length} × ${type}: ${why}`);
}

function section(title: string, entries: readonly string[], bullet: string): string[] {
  return entries.length === 0 ? [] : ["", title, "", ...entries.map((entry) => `${bullet}${entry}`)];
}

/** A table of Markdown: the first column to the left, numbers to the right. */
function pipes(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const isNumber = header.map((_, column) => rows.every((row) => /^([\d.]+)?$/.test(row[column] ?? "")));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(isNumber.map((right) => (right ? "--:" : "---"))), ...rows.map(line)];
}

/** To the cent; a trifle below nothing, as sums of fractions leave it, is nothing. */
function money(amount: number): string {
  return (Math.round(amount * 100) / 100 + 0).toFixed(2);
}
