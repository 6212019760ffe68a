import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import type { RowError } from "./product-row";

/** Errors of rows as a CSV file on disk: they may be as many as the rows. */
export class ErrorFile {
  private written = 0;

  private constructor(
    private readonly folder: string,
    private readonly stream: WriteStream,
  ) {}

  /** Begins a file of its own, with the names of the columns: `line,id,column,problem`. */
  static async open(): Promise<ErrorFile> {
    const folder = await mkdtemp(join(tmpdir(), "catalog-import-"));
    const stream = createWriteStream(join(folder, "errors.csv"));
    await once(stream, "open");
    const file = new ErrorFile(folder, stream);
    await file.append(["line", "id", "column", "problem"]);
    return file;
  }

  /** Errors that were added. */
  get errors(): number {
    return this.written;
  }

  async add({ line, id, column, problem }: RowError): Promise<void> {
    this.written++;
    await this.append([String(line), id ?? "", column ?? "", problem]);
  }

  /** Ends the file. @returns its path, and its size in bytes */
  async end(): Promise<{ readonly path: string; readonly bytes: number }> {
    this.stream.end();
    await once(this.stream, "finish");
    const path = String(this.stream.path);
    return { path, bytes: (await stat(path)).size };
  }

  /** Deletes the file. */
  async remove(): Promise<void> {
    this.stream.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async append(fields: readonly string[]): Promise<void> {
    // What was written to be a formula is none in a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection
    const text = stringify([[...fields]], { escape_formulas: true, record_delimiter: "windows" });
    if (!this.stream.write(text)) await once(this.stream, "drain");
  }
}
