import type { Readable } from "node:stream";

/** Conditions of a request, as they were sent. Absent ones do not hold back anything. */
export interface FileConditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: string;
  readonly ifUnmodifiedSince?: string;
  readonly ifRange?: string;
  readonly range?: string;
}

/** What a store answers. Headers are those of the file: ETag, Last-Modified, Content-Type and the like. */
export type FileAnswer =
  | {
      readonly outcome: "found";
      readonly status: 200 | 206;
      readonly headers: Readonly<Record<string, string>>;
      /** Absent when only the headers were asked for. To be read, or destroyed. */
      readonly body?: Readable;
    }
  | { readonly outcome: "notModified"; readonly headers: Readonly<Record<string, string>> }
  | { readonly outcome: "missing" | "conditionFailed" }
  /** @param size of the whole file in bytes */
  | { readonly outcome: "outOfRange"; readonly size: number };

/** Where the files are. */
export interface FileStore {
  /** The file, or the part of it that was asked for. */
  get(key: string, conditions: FileConditions, signal: AbortSignal): Promise<FileAnswer>;
  /** Its headers alone. */
  head(key: string, conditions: FileConditions, signal: AbortSignal): Promise<FileAnswer>;
}
