import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { stringify } from "csv-stringify/sync";
import type { RowError } from "./product-row";

/** Most errors that are written of a file. Each has less than a kilobyte, and the function 512 MB of disk. */
const MOST_ERRORS = 100_000;

/** How errors are kept. */
export interface ErrorFileConfig {
  /** Errors that are written; others are left out. @default 100000 */
  readonly most?: number;
  /** Begins a file. @default the disk's */
  readonly create?: (path: string) => WriteStream;
}

/** Errors of rows as a CSV file on disk: they may be many times as many as the rows. */
export class ErrorFile {
  private added = 0;

  private constructor(
    private readonly folder: string,
    private readonly stream: WriteStream,
    private readonly most: number,
  ) {
    // It is thrown to the next one who adds, or ends; that nobody hears of it in between must not end the process.
    stream.on("error", () => undefined);
  }

  /** Begins a file of its own, with the names of the columns: `line,id,column,problem`. @throws what the disk answers */
  static async open({
    most = MOST_ERRORS,
    create = createWriteStream,
  }: ErrorFileConfig = {}): Promise<ErrorFile> {
    const folder = await mkdtemp(join(tmpdir(), "catalog-import-"));
    const file = new ErrorFile(folder, create(join(folder, "errors.csv")), most);
    try {
      await once(file.stream, "open");
      await file.append(["line", "id", "column", "problem"]);
      return file;
    } catch (error) {
      await file.remove();
      throw error;
    }
  }

  /** Errors that are in the file. */
  get written(): number {
    return Math.min(this.added, this.most);
  }

  /** Whether there are more than are in the file. */
  get truncated(): boolean {
    return this.added > this.most;
  }

  /** @throws what the disk answers, e.g. that it is full; to this call or a later one */
  async add({ line, id, column, problem }: RowError): Promise<void> {
    this.added++;
    if (this.added <= this.most) await this.append([String(line), id ?? "", column ?? "", problem]);
  }

  /**
   * Ends the file.
   *
   * @returns its path, and its size in bytes
   * @throws what the disk has answered
   */
  async end(): Promise<{ readonly path: string; readonly bytes: number }> {
    this.stream.end();
    await finished(this.stream);
    const path = String(this.stream.path);
    return { path, bytes: (await stat(path)).size };
  }

  /** Deletes the file. */
  async remove(): Promise<void> {
    this.stream.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async append(fields: readonly string[]): Promise<void> {
    if (this.stream.errored) throw this.stream.errored;
    // What was written to be a formula is none in a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection
    const text = stringify([[...fields]], { escape_formulas: true, record_delimiter: "windows" });
    if (!this.stream.write(text)) await once(this.stream, "drain");
  }
}
