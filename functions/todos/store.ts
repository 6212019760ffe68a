import type { ExpectedVersion } from "../../runtime";
import type { Todo, TodoInput, TodoStatus } from "./todo";

/** How a read is done. */
export interface ReadOptions {
  /** Sees every write that was answered before; costs twice as much and goes past DAX. */
  readonly consistent: boolean;
  /** Aborted when the answer would come too late. */
  readonly signal: AbortSignal;
}

/** Which to-dos a list holds. */
export interface ListQuery {
  /** Subject of the user's token. */
  readonly owner: string;
  readonly status?: TodoStatus;
  /** Most to-dos. */
  readonly limit: number;
  /** Only to-dos older than the one with this id, which need not exist any more. */
  readonly after?: string;
}

/** To-dos, newest first. */
export interface ListResult {
  readonly items: readonly Todo[];
  /** There are older ones. */
  readonly more: boolean;
}

/** Reads to-dos of one owner. Another owner's are not there. */
export interface TodoReader {
  get(owner: string, id: string, options: ReadOptions): Promise<Todo | undefined>;
  list(query: ListQuery, options: ReadOptions): Promise<ListResult>;
}

/** Identifies a request to add a to-do, so that repeating it adds nothing. */
export interface IdempotentRequest {
  /** SHA-256 of the client's key, hexadecimal. */
  readonly keyHash: string;
  /** Hash of what the request says. */
  readonly inputHash: string;
  /** Seconds since 1970 after which the key is free again. */
  readonly expiresAt: number;
}

/** What became of adding a to-do: added; added before, under the id; or the key belongs to another request. */
export type CreateResult =
  | { readonly outcome: "created" }
  | { readonly outcome: "repeated"; readonly id: string }
  | { readonly outcome: "otherRequest" };

/** What became of changing a to-do: done; not there; or of another version. */
export type ChangeResult<T> =
  | { readonly outcome: "done"; readonly value: T }
  | { readonly outcome: "missing" }
  | { readonly outcome: "conflict"; readonly version: number };

/** A change of one to-do. */
export interface Change {
  readonly owner: string;
  readonly id: string;
  readonly expected: ExpectedVersion;
  readonly signal: AbortSignal;
}

/** Writes to-dos of one owner. Each write is one atomic step. */
export interface TodoWriter {
  /** @param request @default repeating the call adds another */
  create(owner: string, todo: Todo, signal: AbortSignal, request?: IdempotentRequest): Promise<CreateResult>;
  /**
   * @param fields that take another value; what is not among them stays
   * @param updatedAt ISO 8601
   */
  update(change: Change, fields: Partial<TodoInput>, updatedAt: string): Promise<ChangeResult<Todo>>;
  remove(change: Change): Promise<ChangeResult<undefined>>;
}
