import { type CatalogWriter, ROWS_AT_ONCE, type RowOutcome } from "./catalog-writer";
import { type Column, FileRefused, readColumns } from "./columns";
import { linesOf } from "./lines";
import { type ProductRow, type RowError, readProductRow } from "./product-row";
import { recordsOf } from "./records";

/** Most rows of a file: the ids are kept in memory, to know one that comes twice, and all must be done within the function's time. */
export const MOST_ROWS = 250_000;
/** Chunks of rows that are written at once. */
const CHUNKS_AT_ONCE = 3;

/** What became of a file's rows. */
export interface ImportCounts {
  /** All but the first, and empty lines. */
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  /** The product was so already. */
  readonly unchanged: number;
  /** With at least one error. */
  readonly failed: number;
}

/** What became of a file. */
export interface ImportResult {
  readonly counts: ImportCounts;
  /** Why the file, or what is left of it, was not read. */
  readonly refused?: string;
}

/** What an import works with. */
export interface ImportConfig {
  readonly writer: Pick<CatalogWriter, "write">;
  /** Takes one error after the other. */
  readonly report: (error: RowError) => Promise<void>;
  /** When the file was put, ISO 8601 in milliseconds. */
  readonly putAt: string;
  readonly signal: AbortSignal;
  /** @default MOST_ROWS */
  readonly mostRows?: number;
}

/** Why a row that was read is not in the catalogue. */
const REFUSALS: Partial<Record<RowOutcome, string>> = {
  newer:
    "the product was changed after the file was put, and stays as it is: put the file again if the row is right",
  contended: "the product was being changed by others all the time: put the row again",
};

/**
 * Imports the rows of a CSV file, in bounded memory however many they are. What is wrong with one row costs no other.
 *
 * @throws the writer's errors, and those of the bytes; doing it again changes nothing of what is done
 */
export async function importFile(
  bytes: AsyncIterable<Uint8Array>,
  { writer, report, putAt, signal, mostRows = MOST_ROWS }: ImportConfig,
): Promise<ImportResult> {
  const counts = { rows: 0, added: 0, changed: 0, unchanged: 0, failed: 0 };
  const lineOfId = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let columns: readonly Column[] | undefined;
  let chunk: ProductRow[] = [];
  let refused: string | undefined;

  const fail = async (errors: readonly RowError[]) => {
    counts.failed++;
    for (const error of errors) await report(error);
  };
  const write = async (rows: readonly ProductRow[]) => {
    const outcomes = await writer.write(rows, putAt, signal);
    for (const [index, outcome] of outcomes.entries()) {
      const { line, id } = rows[index] as ProductRow;
      const problem = REFUSALS[outcome];
      if (problem !== undefined) await fail([{ line, id, problem }]);
      else counts[outcome as "added" | "changed" | "unchanged"]++;
    }
  };
  /** Begins to write what is read, and waits while too much is under way. */
  const flush = async () => {
    const rows = chunk;
    chunk = [];
    const writing: Promise<void> = write(rows)
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => running.delete(writing));
    running.add(writing);
    if (running.size >= CHUNKS_AT_ONCE) await Promise.race(running);
    if (failures.length > 0) throw failures[0];
  };

  try {
    for await (const record of recordsOf(linesOf(bytes))) {
      signal.throwIfAborted();
      if (!columns) {
        if ("problem" in record) throw new FileRefused(`line ${record.line}: ${record.problem}`);
        columns = readColumns(record.fields);
        continue;
      }
      if (counts.rows === mostRows) {
        throw new FileRefused(
          `a file must have at most ${mostRows} rows: split it; those before are imported`,
        );
      }
      counts.rows++;
      if ("problem" in record) {
        await fail([record]);
        continue;
      }
      const row = readProductRow(columns, record.line, record.fields);
      if (isErrors(row)) {
        await fail(row);
        continue;
      }
      const before = lineOfId.get(row.id);
      if (before !== undefined) {
        await fail([
          { line: row.line, id: row.id, column: "id", problem: `is that of line ${before} already` },
        ]);
        continue;
      }
      lineOfId.set(row.id, row.line);
      chunk.push(row);
      if (chunk.length === ROWS_AT_ONCE) await flush();
    }
    if (!columns) throw new FileRefused("the file is empty");
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    refused = error.message;
  } finally {
    // Nothing is under way once this has ended, however it ends.
    await Promise.all(running);
  }
  if (chunk.length > 0) await flush();
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
  return { counts, ...(refused !== undefined && { refused }) };
}

function isErrors(row: ProductRow | readonly RowError[]): row is readonly RowError[] {
  return Array.isArray(row);
}
