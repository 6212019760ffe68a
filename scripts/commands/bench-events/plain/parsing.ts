/** Reads the file by itself: nothing is written. */
import { parse } from "csv-parse/sync";
import { importFile } from "../../../../functions/catalog-import/import-file";
import { linesOf } from "../../../../functions/catalog-import/lines";
import { recordsOf } from "../../../../functions/catalog-import/records";
import { catalogFile } from "../catalog-file";

/** Files by their rows, made once: not what is measured. */
const files = new Map<number, readonly Buffer[]>();

/** What is read, and how far: `csv` is csv-parse alone, given all of it at once; `records` is the import's reading; `checked` its checks too. */
export interface ParsingEvent {
  readonly rows: number;
  readonly how: "csv" | "records" | "checked";
}

/** @returns rows that were read, the first not counted */
export async function handler({ rows, how }: ParsingEvent): Promise<number> {
  const chunks = files.get(rows) ?? [...catalogFile(rows)];
  files.set(rows, chunks);
  if (how === "csv") return parse(Buffer.concat(chunks)).length - 1;
  const bytes = oneByOne(chunks);
  if (how === "records") {
    let count = -1;
    for await (const record of recordsOf(linesOf(bytes))) if ("fields" in record) count++;
    return count;
  }
  const { counts } = await importFile(bytes, {
    writer: { write: async (chunk) => chunk.map(() => "added") },
    report: async () => undefined,
    putAt: new Date().toISOString(),
    signal: new AbortController().signal,
  });
  return counts.added;
}

async function* oneByOne(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
