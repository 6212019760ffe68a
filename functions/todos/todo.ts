import { createHash } from "node:crypto";
import { timeOfUuidV7 } from "../../runtime";

/** `open` or `done`. */
export type TodoStatus = "open" | "done";
/** How much a to-do matters. */
export type TodoPriority = "low" | "normal" | "high";

/** What a client says of a to-do. */
export interface TodoInput {
  readonly title: string;
  /** Empty when there is none. */
  readonly note: string;
  readonly status: TodoStatus;
  readonly priority: TodoPriority;
  /** RFC 3339, as it was sent; null when there is none. */
  readonly dueAt: string | null;
  /** Keys of files, below the user's own folder. */
  readonly attachments: readonly string[];
}

/** A to-do as the service knows it. Each version of the API shows it in its own way. */
export interface Todo extends TodoInput {
  /** UUID version 7. */
  readonly id: string;
  /** Counts the changes, from 1. */
  readonly version: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/**
 * The to-do that a request to add one makes. Only of its arguments, so a repeated request can be answered as the first was,
 * whatever became of the to-do since.
 */
export function createdTodo(id: string, input: TodoInput): Todo {
  const createdAt = new Date(timeOfUuidV7(id)).toISOString();
  return todoOf({ id, version: 1, createdAt, updatedAt: createdAt }, input);
}

/** Puts together what the service knows and what the client said, always in the same order. */
export function todoOf(
  known: Pick<Todo, "id" | "version" | "createdAt" | "updatedAt">,
  input: TodoInput,
): Todo {
  const { id, version, createdAt, updatedAt } = known;
  const { title, note, status, priority, dueAt, attachments } = input;
  return { id, title, note, status, priority, dueAt, attachments, version, createdAt, updatedAt };
}

/**
 * Hash of what a client said, the same for any order of its fields, for defaults left out or not, and in every version of the API.
 * A priority counts only where it is none of all that version 1 knows: what was hashed before there were any stays what it was.
 */
export function hashOfInput({ title, note, status, priority, dueAt, attachments }: TodoInput): string {
  const said = [title, note, status, dueAt, attachments, ...(priority === "normal" ? [] : [priority])];
  return sha256(JSON.stringify(said)).toString("base64url");
}

/** SHA-256 of text. */
export function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
