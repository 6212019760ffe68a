import { rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Bytes up to which a body is kept in memory; larger ones are in files. */
const MEMORY_BYTES = 64 * 1024;

/** Bytes that are read from a file at a time. */
const CHUNK_BYTES = 64 * 1024;

/** A body was cut off: the origin, or whoever read it, went away. */
export class BrokenBodyError extends Error {
  override readonly name = "BrokenBodyError";
}

/**
 * The bytes of one object, which can be read while they still come: readers wait for what is not there yet. One writer, any number
 * of readers, in memory that does not grow with the object.
 */
export class ObjectBody {
  private readonly chunks: Buffer[] = [];
  private file: FileHandle | undefined;
  private length = 0;
  private state: "growing" | "complete" | "broken" = "growing";
  private removed = false;
  private readers = 0;
  private waiting: (() => void)[] = [];
  private onAbandoned: (() => void) | undefined;

  /** @param path of the file that is made when the body is large */
  constructor(private readonly path: string) {}

  /** Bytes that are there. */
  get size(): number {
    return this.length;
  }

  /** All bytes are there. */
  get isComplete(): boolean {
    return this.state === "complete";
  }

  /** The whole body when it is in memory. Undefined for a large one, and for one that still grows. */
  get inMemory(): Buffer | undefined {
    if (this.state !== "complete" || this.file !== undefined) return undefined;
    if (this.chunks.length > 1) this.chunks.splice(0, this.chunks.length, Buffer.concat(this.chunks));
    return this.chunks[0] ?? Buffer.alloc(0);
  }

  /** Adds bytes. Resolves when more may come. */
  async append(chunk: Buffer): Promise<void> {
    if (this.file === undefined && this.length + chunk.length <= MEMORY_BYTES) {
      this.chunks.push(chunk);
    } else {
      const file = await this.spill();
      await writeAll(file, chunk, this.length);
    }
    this.length += chunk.length;
    this.notify();
  }

  /** No more bytes come. */
  finish(): void {
    if (this.state !== "growing") return;
    this.state = "complete";
    this.notify();
    this.discardIfUnused();
  }

  /** No more bytes come, and those that are there are not all. */
  break(): void {
    if (this.state !== "growing") return;
    this.state = "broken";
    this.notify();
    this.discardIfUnused();
  }

  /** Frees memory and file once nobody reads it any more. */
  remove(): void {
    this.removed = true;
    this.discardIfUnused();
  }

  /** Tells when a reader has gone away before its end, no other is left, and the body still grows. */
  whenAbandoned(listener: () => void): void {
    this.onAbandoned = listener;
  }

  /** Announces a reader, so that the body stays until it has been read or released. */
  acquire(): void {
    this.readers += 1;
  }

  /** The announced reader is done. @param early it has not read all that it wanted */
  release(early: boolean): void {
    this.readers -= 1;
    if (early && this.readers === 0 && this.state === "growing") this.onAbandoned?.();
    this.discardIfUnused();
  }

  /**
   * Reads bytes, in pieces, as they come. The reader is announced before, and released after it.
   *
   * @param last byte to be read, included. @default the last one there is
   * @throws BrokenBodyError when the body breaks off before
   */
  async *read(first = 0, last = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer, void> {
    let position = first;
    while (position <= last) {
      while (position >= this.length && this.state === "growing") {
        await new Promise<void>((done) => this.waiting.push(done));
      }
      if (position >= this.length) {
        if (this.state === "broken") throw new BrokenBodyError("the body has broken off");
        return;
      }
      const end = Math.min(this.length, last + 1, position + CHUNK_BYTES);
      const chunk = await this.readPiece(position, end);
      position += chunk.length;
      yield chunk;
    }
  }

  private async readPiece(start: number, end: number): Promise<Buffer> {
    // Its chunks are still there while it is spilled into a file.
    if (this.file === undefined) return pieceOf(this.chunks, start, end);
    const buffer = Buffer.allocUnsafe(end - start);
    const { bytesRead } = await this.file.read(buffer, 0, buffer.length, start);
    if (bytesRead === 0) throw new BrokenBodyError(`${this.path} is shorter than it was written`);
    return buffer.subarray(0, bytesRead);
  }

  /** Moves what is in memory into the file. */
  private async spill(): Promise<FileHandle> {
    if (this.file !== undefined) return this.file;
    const file = await open(this.path, "wx+", 0o600);
    await writeAll(file, Buffer.concat(this.chunks), 0);
    this.file = file;
    this.chunks.length = 0;
    return file;
  }

  private notify(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  private discardIfUnused(): void {
    if (!this.removed || this.readers > 0 || this.state === "growing") return;
    this.chunks.length = 0;
    const { file } = this;
    if (file === undefined) return;
    this.file = undefined;
    rmSync(this.path, { force: true });
    void file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

/** Bytes from `start` to before `end` of buffers that follow one another. At least one byte, of one buffer. */
function pieceOf(chunks: readonly Buffer[], start: number, end: number): Buffer {
  let offset = 0;
  for (const chunk of chunks) {
    if (start < offset + chunk.length) return chunk.subarray(start - offset, end - offset);
    offset += chunk.length;
  }
  throw new BrokenBodyError(`byte ${start} is not there`);
}
