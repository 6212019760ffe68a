import { newestSeen, newUuidV7, Problem, versionTag } from "../../runtime";
import type { OperationsConfig } from "./operations";
import { notFound } from "./request";
import type { Change, ChangeResult, IdempotentRequest } from "./store";
import { createdTodo, hashOfInput, sha256, type Todo, type TodoInput } from "./todo";

const IDEMPOTENCY_SECONDS = 24 * 60 * 60;

/** Which to-do is read, and how. */
export interface Read {
  /** Subject of the user's token. */
  readonly owner: string;
  readonly id: string;
  /** ETags that the client has. @default none */
  readonly ifNoneMatch?: string | undefined;
  /** Goes past every cache. */
  readonly consistent: boolean;
  readonly signal: AbortSignal;
}

/**
 * Adds a to-do, under a key once only.
 *
 * @param key the client's, of this request. @default repeating the call adds another
 * @returns the to-do as it was added, at a repetition too
 * @throws Problem 422 when the key is another request's
 */
export async function addTodo(
  { writer, now, random }: OperationsConfig,
  owner: string,
  input: TodoInput,
  signal: AbortSignal,
  key?: string,
): Promise<Todo> {
  const time = now();
  const todo = createdTodo(newUuidV7(time, random(10)), input);
  const request = key === undefined ? undefined : idempotentRequest(key, input, time);
  const result = await writer.create(owner, todo, signal, request);
  if (result.outcome === "otherRequest") {
    throw new Problem(422, "The Idempotency-Key was used with another body.");
  }
  return result.outcome === "repeated" ? createdTodo(result.id, input) : todo;
}

function idempotentRequest(key: string, input: TodoInput, now: number): IdempotentRequest {
  return {
    keyHash: sha256(key).toString("hex"),
    inputHash: hashOfInput(input),
    expiresAt: Math.floor(now / 1000) + IDEMPOTENCY_SECONDS,
  };
}

/** Reads a to-do. @throws Problem 404 */
export async function readTodo(
  { reader }: OperationsConfig,
  { owner, id, ifNoneMatch, consistent, signal }: Read,
): Promise<Todo> {
  let todo = await reader.get(owner, id, { consistent, signal });
  // Older than what the client has: a cache has not seen the change yet. A client must not go back in time.
  if (!consistent && (todo?.version ?? 0) < newestSeen(ifNoneMatch)) {
    todo = await reader.get(owner, id, { consistent: true, signal });
  }
  if (!todo) throw notFound();
  return todo;
}

/**
 * Changes a to-do.
 *
 * @param fields that take another value; what is not among them stays
 * @throws Problem 404, or 412 with the current ETag
 */
export async function updateTodo(
  { writer, now }: OperationsConfig,
  change: Change,
  fields: Partial<TodoInput>,
): Promise<Todo> {
  return changed(await writer.update(change, fields, new Date(now()).toISOString()));
}

/** Deletes a to-do. @throws Problem 404, or 412 with the current ETag */
export async function removeTodo({ writer }: OperationsConfig, change: Change): Promise<void> {
  changed(await writer.remove(change));
}

/** What a change gave. */
function changed<T>(result: ChangeResult<T>): T {
  if (result.outcome === "missing") throw notFound();
  if (result.outcome === "conflict") {
    throw new Problem(412, "The to-do has changed since; its current ETag is in the header.", [], {
      ETag: versionTag(result.version),
    });
  }
  return result.value;
}
