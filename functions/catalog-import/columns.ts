/** Columns that a file must have, and those that it may have besides; in any order. */
export const COLUMNS = {
  required: ["id", "name", "priceCents", "currency", "available"],
  optional: ["description", "listed"],
} as const;

/** A column of the file. */
export type Column = (typeof COLUMNS)["required" | "optional"][number];

/** Nothing of the file can be imported. The message is for whoever put it there. */
export class FileRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "FileRefused";
  }
}

/**
 * Reads the first row.
 *
 * @throws FileRefused naming each column that is missing, not known or there twice
 */
export function readColumns(names: readonly string[]): readonly Column[] {
  const known: readonly string[] = [...COLUMNS.required, ...COLUMNS.optional];
  const wrong = [
    ...COLUMNS.required.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
    ...names.filter((name) => !known.includes(name)).map((name) => `${quoted(name)} is not known`),
    ...names
      .filter((name, index) => known.includes(name) && names.indexOf(name) !== index)
      .map((name) => `${name} is there twice`),
  ];
  if (wrong.length === 0) return names as readonly Column[];
  throw new FileRefused(
    `line 1 must name the columns: ${COLUMNS.required.join(",")}, and as you like ${COLUMNS.optional.join(",")}; ` +
      `${wrong.slice(0, 10).join("; ")}`,
  );
}

/** A value in quotes, as an error names it: not all of it where it is long. */
export function quoted(value: string): string {
  return `"${shortened(value)}"`;
}

/** A value, or its beginning where it is long. */
export function shortened(value: string): string {
  const most = 60;
  return value.length > most ? `${value.slice(0, most)}…` : value;
}
