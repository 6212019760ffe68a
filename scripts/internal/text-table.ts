/**
 * Tables in plain text: numbers to the right, all else to the left.
 *
 * @module
 */

/** What a cell holds; undefined leaves it empty. */
export type Cell = string | number | undefined;

/**
 * Lays out a table, without a line at its end.
 *
 * @param header title of each column; may be empty
 * @param rows as many cells each. A column whose cells are all numbers, or texts like `1.50`, is set to the right
 */
export function textTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => header.map((_title, column) => String(row[column] ?? "")));
  const columns = header.map((title, column) => {
    const texts = cells.map((row) => row[column] as string);
    const width = Math.max(...[title, ...texts].map(({ length }) => length));
    const numeric =
      texts.every((text) => /^(-?\d+(\.\d+)?)?$/.test(text)) && texts.some((text) => text !== "");
    return (text: string) => (numeric ? text.padStart(width) : text.padEnd(width));
  });
  const line = (row: readonly string[]) =>
    columns
      .map((pad, column) => pad(row[column] as string))
      .join("  ")
      .trimEnd();
  return [header, ...cells].map(line).join("\n");
}
