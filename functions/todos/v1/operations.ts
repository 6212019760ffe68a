import {
  contentTag,
  expectedVersion,
  invalidRequest,
  Problem,
  readParameters,
  versionTag,
  wantsConsistent,
} from "../../../runtime";
import type { ApiRequest } from "../../internal";
import { changedAnswer, conditionalAnswer, createdAnswer } from "../answers";
import * as bodies from "../generated/v1/bodies";
import * as parameters from "../generated/v1/parameters";
import type { operations as Contract, components } from "../generated/v1/types";
import type { Operations, OperationsConfig } from "../operations";
import { pageToken, readPageToken } from "../page-token";
import { ownerOf, readTodoBody, todoIdOf } from "../request";
import { addTodo, readTodo, removeTodo, updateTodo } from "../todos";
import { shownTodo, type WholeInput } from "./representation";

type HeadersOf<Name extends keyof Contract> = NonNullable<Contract[Name]["parameters"]["header"]>;
type QueryOf<Name extends keyof Contract> = NonNullable<Contract[Name]["parameters"]["query"]>;

/** Version 1, api/todos/v1.yaml. */
export const operations: Operations = {
  "GET /todos": listTodos,
  "POST /todos": createTodo,
  "GET /todos/{id}": getTodo,
  "PUT /todos/{id}": replaceTodo,
  "DELETE /todos/{id}": deleteTodo,
};

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
  const page: components["schemas"]["TodoPage"] = {
    items: items.map(shownTodo),
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
  const input = { ...readTodoBody<WholeInput>(request, bodies.createTodo), priority: "normal" } as const;
  return createdAnswer(request, shownTodo(await addTodo(config, owner, input, signal, key)));
}

async function getTodo(config: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const id = todoIdOf(request);
  const { "If-None-Match": ifNoneMatch } = readParameters<HeadersOf<"getTodo">>(request, parameters.getTodo, [
    "If-None-Match",
    "Cache-Control",
  ]);
  const consistent = wantsConsistent(request);
  const todo = await readTodo(config, { owner, id, ifNoneMatch, consistent, signal });
  return conditionalAnswer(ifNoneMatch, versionTag(todo.version), JSON.stringify(shownTodo(todo)));
}

async function replaceTodo(config: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const id = todoIdOf(request);
  const { "If-Match": ifMatch } = readParameters<HeadersOf<"replaceTodo">>(request, parameters.replaceTodo, [
    "If-Match",
  ]);
  const input = readTodoBody<WholeInput>(request, bodies.replaceTodo);
  if (ifMatch === undefined) {
    throw new Problem(428, "PUT needs If-Match with the ETag that was read, or *.");
  }
  const change = { owner, id, expected: expectedVersion(ifMatch), signal };
  return changedAnswer(shownTodo(await updateTodo(config, change, input)));
}

async function deleteTodo(config: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const id = todoIdOf(request);
  const { "If-Match": ifMatch } = readParameters<HeadersOf<"deleteTodo">>(request, parameters.deleteTodo, [
    "If-Match",
  ]);
  const expected = ifMatch === undefined ? "any" : expectedVersion(ifMatch);
  await removeTodo(config, { owner, id, expected, signal });
  return { status: 204 };
}
