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
import * as bodies from "../generated/v2/bodies";
import * as parameters from "../generated/v2/parameters";
import type { operations as Contract, components } from "../generated/v2/types";
import type { Operations, OperationsConfig } from "../operations";
import { type PageScope, pageToken, readPageToken } from "../page-token";
import { ownerOf, readTodoBody, todoIdOf } from "../request";
import type { TodoStatus } from "../todo";
import { addTodo, readTodo, removeTodo, updateTodo } from "../todos";
import { changesOf, inputOf, type SaidInput, shownTodo } from "./representation";

type HeadersOf<Name extends keyof Contract> = NonNullable<Contract[Name]["parameters"]["header"]>;
type QueryOf<Name extends keyof Contract> = NonNullable<Contract[Name]["parameters"]["query"]>;

const STATUSES: readonly TodoStatus[] = ["open", "done"];

/** Version 2, api/todos/v2.yaml. */
export const operations: Operations = {
  "GET /todos": listTodos,
  "POST /todos": createTodo,
  "GET /todos/{id}": getTodo,
  "PATCH /todos/{id}": changeTodo,
  "DELETE /todos/{id}": deleteTodo,
};

async function listTodos({ reader }: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const asked = readParameters<QueryOf<"listTodos"> & HeadersOf<"listTodos"> & { readonly limit: number }>(
    request,
    parameters.listTodos,
    ["If-None-Match", "Cache-Control"],
  );
  const { scope, after } = startOf(owner, asked.status, asked.pageToken);
  const { items, more } = await reader.list(
    { ...scope, limit: asked.limit, ...(after !== undefined && { after }) },
    { consistent: wantsConsistent(request), signal },
  );
  const last = items.at(-1);
  const page: components["schemas"]["TodoPage"] = {
    items: items.map(shownTodo),
    ...(more && last !== undefined && { nextPageToken: pageToken(scope, last.id) }),
  };
  const body = JSON.stringify(page);
  return conditionalAnswer(asked["If-None-Match"], contentTag(body), body);
}

/**
 * Where a page begins, and what its list holds. A token is good for one filter, which it need not be given with.
 *
 * @throws Problem 400 when the token is another's, or of another filter than the one that is given
 */
function startOf(owner: string, status?: TodoStatus, token?: string): { scope: PageScope; after?: string } {
  const asked = { owner, ...(status !== undefined && { status }) };
  if (token === undefined) return { scope: asked };
  const scopes: PageScope[] =
    status === undefined ? [asked, ...STATUSES.map((one) => ({ owner, status: one }))] : [asked];
  for (const scope of scopes) {
    const after = readPageToken(scope, token);
    if (after !== undefined) return { scope, after };
  }
  const detail =
    "must be the nextPageToken of the page before, for the same user, and for the status when one is given";
  throw invalidRequest([{ parameter: "pageToken", detail }]);
}

async function createTodo(config: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const { "Idempotency-Key": key } = readParameters<HeadersOf<"createTodo">>(request, parameters.createTodo, [
    "Idempotency-Key",
  ]);
  const input = inputOf(readTodoBody<SaidInput>(request, bodies.createTodo));
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

async function changeTodo(config: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const owner = ownerOf(request);
  const id = todoIdOf(request);
  const { "If-Match": ifMatch } = readParameters<HeadersOf<"changeTodo">>(request, parameters.changeTodo, [
    "If-Match",
  ]);
  const patch = readTodoBody<components["schemas"]["TodoPatch"]>(
    request,
    bodies.changeTodo,
    "application/merge-patch+json",
  );
  if (ifMatch === undefined) {
    throw new Problem(428, "PATCH needs If-Match with the ETag that was read, or *.");
  }
  const change = { owner, id, expected: expectedVersion(ifMatch), signal };
  return changedAnswer(shownTodo(await updateTodo(config, change, changesOf(patch))));
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
