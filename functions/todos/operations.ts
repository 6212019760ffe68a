import {
  contentTag,
  expectedVersion,
  hasCurrent,
  invalidRequest,
  newestSeen,
  newUuidV7,
  Problem,
  readParameters,
  versionTag,
  wantsConsistent,
} from "../../runtime";
import type { ApiRequest, ApiResponse } from "../internal";
import * as bodies from "./generated/v1/bodies";
import * as parameters from "./generated/v1/parameters";
import type { operations } from "./generated/v1/types";
import { pageToken, readPageToken } from "./page-token";
import { notFound, ownerOf, readTodoInput, todoIdOf } from "./request";
import type { ChangeResult, IdempotentRequest, TodoReader, TodoWriter } from "./store";
import { createdTodo, hashOfInput, sha256, type Todo, type TodoInput, type TodoPage } from "./todo";

const IDEMPOTENCY_SECONDS = 24 * 60 * 60;

/** What the operations work with. */
export interface OperationsConfig {
  readonly reader: TodoReader;
  readonly writer: TodoWriter;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Cryptographically random bytes. */
  readonly random: (bytes: number) => Uint8Array;
}

/** Answers one request. @throws Problem for every refusal */
export type Operation = (request: ApiRequest, signal: AbortSignal) => Promise<ApiResponse>;

type HeadersOf<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["header"]>;
type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["query"]>;

/** The API's operations by route, e.g. `GET /todos/{id}`. */
export function todoOperations(config: OperationsConfig): Readonly<Record<string, Operation>> {
  return {
    "GET /todos": (request, signal) => listTodos(config, request, signal),
    "POST /todos": (request, signal) => createTodo(config, request, signal),
    "GET /todos/{id}": (request, signal) => getTodo(config, request, signal),
    "PUT /todos/{id}": (request, signal) => replaceTodo(config, request, signal),
    "DELETE /todos/{id}": (request, signal) => deleteTodo(config, request, signal),
  };
}

async function listTodos({ reader }: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const asked = readParameters<QueryOf<"listTodos"> & HeadersOf<"listTodos"> & { readonly limit: number }>(
    request,
    parameters.listTodos,
    ["If-None-Match", "Cache-Control"],
  );
  const scope = { owner, ...(asked.status !== undefined && { status: asked.status }) };
  const after = asked.nextToken === undefined ? undefined : readPageToken(scope, asked.nextToken);
  if (asked.nextToken !== undefined && after === undefined) {
    const detail = "must be the nextToken of the page before, for the same user and status";
    throw invalidRequest([{ parameter: "nextToken", detail }]);
  }
  const { items, more } = await reader.list(
    { ...scope, limit: asked.limit, ...(after !== undefined && { after }) },
    { consistent: wantsConsistent(request), signal },
  );
  const last = items.at(-1);
  const page: TodoPage = {
    items: [...items],
    ...(more && last !== undefined && { nextToken: pageToken(scope, last.id) }),
  };
  const body = JSON.stringify(page);
  return conditionalAnswer(asked["If-None-Match"], contentTag(body), body);
}

async function createTodo(config: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const { "Idempotency-Key": key } = readParameters<HeadersOf<"createTodo">>(request, parameters.createTodo, [
    "Idempotency-Key",
  ]);
  const input = readTodoInput(request, bodies.createTodo);
  const now = config.now();
  const todo = createdTodo(newUuidV7(now, config.random(10)), input);
  const result = await config.writer.create(
    owner,
    todo,
    signal,
    key === undefined ? undefined : idempotentRequest(key, input, now),
  );
  if (result.outcome === "otherRequest") {
    throw new Problem(422, "The Idempotency-Key was used with another body.");
  }
  return createdAnswer(request, result.outcome === "repeated" ? createdTodo(result.id, input) : todo);
}

function idempotentRequest(key: string, input: TodoInput, now: number): IdempotentRequest {
  return {
    keyHash: sha256(key).toString("hex"),
    inputHash: hashOfInput(input),
    expiresAt: Math.floor(now / 1000) + IDEMPOTENCY_SECONDS,
  };
}

async function getTodo({ reader }: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const id = todoIdOf(request);
  const headers = readParameters<HeadersOf<"getTodo">>(request, parameters.getTodo, [
    "If-None-Match",
    "Cache-Control",
  ]);
  const ifNoneMatch = headers["If-None-Match"];
  const consistent = wantsConsistent(request);
  let todo = await reader.get(owner, id, { consistent, signal });
  // Older than what the client has: a cache has not seen the change yet. A client must not go back in time.
  if (!consistent && (todo?.version ?? 0) < newestSeen(ifNoneMatch)) {
    todo = await reader.get(owner, id, { consistent: true, signal });
  }
  if (!todo) throw notFound();
  return conditionalAnswer(ifNoneMatch, versionTag(todo.version), JSON.stringify(todo));
}

async function replaceTodo(config: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const id = todoIdOf(request);
  const { "If-Match": ifMatch } = readParameters<HeadersOf<"replaceTodo">>(request, parameters.replaceTodo, [
    "If-Match",
  ]);
  const input = readTodoInput(request, bodies.replaceTodo);
  if (ifMatch === undefined) {
    throw new Problem(428, "PUT needs If-Match with the ETag that was read, or *.");
  }
  const change = { owner, id, expected: expectedVersion(ifMatch), signal };
  const updatedAt = new Date(config.now()).toISOString();
  const todo = changed(await config.writer.replace(change, input, updatedAt));
  return { status: 200, headers: { ETag: versionTag(todo.version) }, body: JSON.stringify(todo) };
}

async function deleteTodo({ writer }: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const id = todoIdOf(request);
  const { "If-Match": ifMatch } = readParameters<HeadersOf<"deleteTodo">>(request, parameters.deleteTodo, [
    "If-Match",
  ]);
  const expected = ifMatch === undefined ? "any" : expectedVersion(ifMatch);
  changed(await writer.remove({ owner, id, expected, signal }));
  return { status: 204 };
}

/** What a change gave. @throws Problem 404, or 412 with the current ETag */
function changed<T>(result: ChangeResult<T>): T {
  if (result.outcome === "missing") throw notFound();
  if (result.outcome === "conflict") {
    throw new Problem(412, "The to-do has changed since; its current ETag is in the header.", [], {
      ETag: versionTag(result.version),
    });
  }
  return result.value;
}

function createdAnswer({ path }: ApiRequest, todo: Todo): ApiResponse {
  // Relative to the request's URL, which alone is right everywhere: an absolute path would leave out what a proxy or the local
  // emulator has before the stage. The gateway takes /todos/ for /todos, and what is relative to it is not the same.
  const location = path.endsWith("/") ? todo.id : `todos/${todo.id}`;
  return {
    status: 201,
    headers: { ETag: versionTag(todo.version), Location: location },
    body: JSON.stringify(todo),
  };
}

function conditionalAnswer(ifNoneMatch: string | undefined, tag: string, body: string): ApiResponse {
  if (hasCurrent(ifNoneMatch, tag)) return { status: 304, headers: { ETag: tag } };
  return { status: 200, headers: { ETag: tag }, body };
}
