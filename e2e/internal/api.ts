import type { components } from "../../functions/todos/generated/v1/types";
import { endpoints } from "./environment";
import { type Answer, type RequestHeaders, type RequestOptions, send } from "./http";

type Schemas = components["schemas"];
export type Todo = Schemas["Todo"];
export type TodoInput = Schemas["TodoInput"];
export type TodoPage = Schemas["TodoPage"];

/** The to-do API as one user's client sees it. Nothing is thrown for a status. */
export interface TodoApi {
  list(
    query?: Readonly<Record<string, string | number>>,
    headers?: RequestHeaders,
  ): Promise<Answer<TodoPage>>;
  create(input: TodoInput, headers?: RequestHeaders): Promise<Answer<Todo>>;
  read(id: string, headers?: RequestHeaders): Promise<Answer<Todo>>;
  /** @param headers with `If-Match`, else the answer is 428 */
  replace(id: string, input: TodoInput, headers?: RequestHeaders): Promise<Answer<Todo>>;
  remove(id: string, headers?: RequestHeaders): Promise<Answer<undefined>>;
  /** Any request, to go against the contract on purpose. A body that is no text is sent as JSON. */
  request<Body>(method: string, path: string, options?: RequestOptions): Promise<Answer<Body>>;
}

/**
 * The to-do API's client.
 *
 * @param token sent as `Authorization: Bearer <token>`; without it nothing is sent
 */
export function todoApi(token?: string): TodoApi {
  const request: TodoApi["request"] = (method, path, { headers, ...options } = {}) =>
    send(method, `${endpoints().apiUrl}${path}`, {
      ...options,
      headers: { ...(token !== undefined && { Authorization: `Bearer ${token}` }), ...headers },
    });
  const path = (id: string) => `/todos/${encodeURIComponent(id)}`;
  const withHeaders = (headers?: RequestHeaders) => (headers ? { headers } : {});
  return {
    request,
    list: (query = {}, headers) => {
      const search = new URLSearchParams(
        Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
      );
      return request("GET", `/todos${search.size > 0 ? `?${search}` : ""}`, withHeaders(headers));
    },
    create: (body, headers) => request("POST", "/todos", { body, ...withHeaders(headers) }),
    read: (id, headers) => request("GET", path(id), withHeaders(headers)),
    replace: (id, body, headers) => request("PUT", path(id), { body, ...withHeaders(headers) }),
    remove: (id, headers) => request("DELETE", path(id), withHeaders(headers)),
  };
}
