import { parse } from "csv-parse/sync";
import { type Line, MOST_CHARACTERS } from "./lines";

/** Lines that are parsed at once. */
const LINES_AT_ONCE = 200;

/** One row of a CSV file: its fields, or why it has none. */
export type CsvRecord = {
  /** Where it begins, from 1. */
  readonly line: number;
} & ({ readonly fields: readonly string[] } | { readonly problem: string });

/** A line that is still to be read, and how many quotes are in it. */
interface PendingLine extends Line {
  readonly quotes: number;
}

/**
 * Reads the rows of a CSV file (RFC 4180) in bounded memory. Empty lines are no rows.
 *
 * What is wrong with a row costs no other: where a quote is not closed, the rows behind it are not taken for one long field, but reading
 * goes on with the next line.
 */
export async function* recordsOf(lines: AsyncIterable<Line>): AsyncGenerator<CsvRecord> {
  const iterator = lines[Symbol.asyncIterator]();
  let ahead: PendingLine[] = [];
  /** Lines at the beginning of `ahead` that are read already. */
  let taken = 0;
  /** @returns the line so many behind the next one; nothing behind the last */
  const peek = async (index: number): Promise<PendingLine | undefined> => {
    while (ahead.length - taken <= index) {
      const { value, done } = await iterator.next();
      if (done) return undefined;
      ahead.push({ ...value, quotes: quotesIn(value.text) });
    }
    return ahead[taken + index];
  };
  const take = (count: number) => {
    taken += count;
    // Only once they are the most: each line is moved a few times at most, however many are ahead.
    if (2 * taken < ahead.length) return;
    ahead = ahead.slice(taken);
    taken = 0;
  };
  let batch: PendingLine[] = [];
  const flush = () => {
    const records = parseLines(batch);
    batch = [];
    return records;
  };
  for (let first = await peek(0); first; first = await peek(0)) {
    if (first.text !== undefined && first.quotes % 2 === 0) {
      take(1);
      if (first.text !== "") batch.push(first);
      if (batch.length === LINES_AT_ONCE) yield* flush();
      continue;
    }
    yield* flush();
    const count = first.text === undefined ? 1 : await linesOfRecord(peek);
    const record = count === undefined ? unclosed(first) : parseRecord(ahead.slice(taken, taken + count));
    // A row that is wrong may have taken others for its own: they are read by themselves.
    take("problem" in record ? 1 : (count ?? 1));
    yield record;
  }
  yield* flush();
}

function quotesIn(text = ""): number {
  return text.split('"').length - 1;
}

/** @returns how many lines there are until each quote is closed; nothing if that is too far, or nowhere */
async function linesOfRecord(
  peek: (index: number) => Promise<PendingLine | undefined>,
): Promise<number | undefined> {
  // The ends of lines between them count, so that empty lines do.
  let characters = -1;
  let quotes = 0;
  for (let count = 1; ; count++) {
    const line = await peek(count - 1);
    if (line?.text === undefined) return undefined;
    characters += line.text.length + 1;
    if (characters > MOST_CHARACTERS) return undefined;
    quotes += line.quotes;
    if (quotes % 2 === 0) return count;
  }
}

function unclosed({ number }: Line): CsvRecord {
  return {
    line: number,
    problem: 'a quote is not closed: write " within a field as "", and put the field in quotes',
  };
}

/** Parses lines of which each is a row by itself. */
function parseLines(lines: readonly PendingLine[]): CsvRecord[] {
  if (lines.length === 0) return [];
  try {
    const rows = parseText(lines.map(({ text }) => text).join("\n"));
    return lines.map(({ number }, index) => ({ line: number, fields: rows[index] as string[] }));
  } catch {
    return lines.map((line) => parseRecord([line]));
  }
}

function parseRecord(lines: readonly Line[]): CsvRecord {
  const [{ number: line } = { number: 0 }] = lines;
  if (lines.some(({ text }) => text === undefined)) {
    return { line, problem: `the row must have at most ${MOST_CHARACTERS} characters` };
  }
  try {
    const [fields] = parseText(lines.map(({ text }) => text).join("\n"));
    return { line, fields: fields as string[] };
  } catch {
    // csv-parse's own texts name what was written, and its lines are not the file's.
    return { line, problem: 'a quote stands within a field: write it as "", and put the field in quotes' };
  }
}

function parseText(text: string): string[][] {
  return parse(text, { relax_column_count: true, record_delimiter: "\n" });
}
