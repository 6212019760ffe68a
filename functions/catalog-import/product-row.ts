import {
  isProductId,
  type ProductInput,
  productTextViolations,
  type Violation,
  violations,
} from "../../runtime";
import { type Column, quoted, shortened } from "./columns";
import { putProduct } from "./generated/v1/bodies";

/** What a row says of a product. */
export interface ProductRow {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly id: string;
  readonly input: ProductInput;
}

/** What is wrong with a row. */
export interface RowError {
  readonly line: number;
  /** As the row has it, but not all of one that is too long; nothing where it has none. */
  readonly id?: string;
  /** Nothing where it is the whole row. */
  readonly column?: Column;
  /** What must hold, and what is there instead. */
  readonly problem: string;
}

/**
 * Reads a row by the rules of the API that writes products, api/catalog/v1.yaml. An empty `description` or `listed` is one that is not there.
 *
 * @returns the product, or each thing that is wrong
 */
export function readProductRow(
  columns: readonly Column[],
  line: number,
  fields: readonly string[],
): ProductRow | readonly RowError[] {
  if (fields.length !== columns.length) {
    const problem = `must have ${columns.length} fields, got ${fields.length}`;
    return [{ line, problem }];
  }
  const texts = Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? ""]));
  const { id = "", ...rest } = texts as Partial<Record<Column, string>>;
  const named = { line, ...(id !== "" && { id: isProductId(id) ? id : shortened(id) }) };
  const body: Record<string, unknown> = {};
  for (const [column, text] of Object.entries(rest)) {
    if (text !== "" || (column !== "description" && column !== "listed"))
      body[column] = READ[column]?.(text) ?? text;
  }
  const broken = columns.filter((column) => texts[column]?.includes("\ufffd"));
  const found: readonly Omit<RowError, "line" | "id">[] = [
    ...broken.map((column) => ({ column, problem: "must be UTF-8" })),
    ...(isProductId(id)
      ? []
      : [
          {
            column: "id" as const,
            problem: `must be 1 to 64 of letters, digits, ".", "_" and "-", the first a letter or digit, got ${quoted(id)}`,
          },
        ]),
    ...bodyViolations(body).map(({ pointer = "", detail }) => {
      const column = pointer.replace("#/", "") as Column;
      return { column, problem: `${detail}, got ${quoted(texts[column] ?? "")}` };
    }),
  ];
  // The first of each column says enough.
  const first = found.filter(
    ({ column }, index) => found.findIndex((other) => other.column === column) === index,
  );
  if (first.length > 0) return first.map((error) => ({ ...named, ...error }));
  return { line, id, input: body as unknown as ProductInput };
}

function bodyViolations(body: Record<string, unknown>): readonly Violation[] {
  const found = violations(putProduct, body, (pointer) => ({ pointer: `#${pointer}` }));
  return found.length > 0 ? found : productTextViolations(body as unknown as ProductInput);
}

/** How columns that are no text are read. What is none of theirs stays text, which the contract then refuses. */
const READ: Readonly<Record<string, (text: string) => unknown>> = {
  priceCents: wholeNumber,
  available: wholeNumber,
  listed: (text) => (text === "true" ? true : text === "false" ? false : text),
};

function wholeNumber(text: string): number | string {
  return /^-?(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : text;
}
