import { createHash } from "node:crypto";
import { timeOfUuidV7 } from "../../runtime";
import type { components } from "./generated/v1/types";

/** A to-do as clients see it. */
export type Todo = components["schemas"]["Todo"];
/** `open` or `done`. */
export type TodoStatus = components["schemas"]["TodoStatus"];
/** What a client says of a to-do, once validated: defaults are filled in. */
export type TodoInput = Required<components["schemas"]["TodoInput"]>;
/** One page of a list. */
export type TodoPage = components["schemas"]["TodoPage"];

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
  const { title, note, status, dueAt, attachments } = input;
  return { id, title, note, status, dueAt, attachments, version, createdAt, updatedAt };
}

/** Hash of what a client said, the same for any order of its fields and for defaults left out or not. */
export function hashOfInput({ title, note, status, dueAt, attachments }: TodoInput): string {
  return sha256(JSON.stringify([title, note, status, dueAt, attachments])).toString("base64url");
}

/** SHA-256 of text. */
export function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
