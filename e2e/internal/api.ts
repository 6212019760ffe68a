import type { components } from "../../functions/todos/generated/v1/types";
import { endpoints } from "./environment";

type Schemas = components["schemas"];
export type Todo = Schemas["Todo"];
export type TodoInput = Schemas["TodoInput"];
export type TodoPage = Schemas["TodoPage"];
export type Problem = Schemas["Problem"];

/** Headers of a request, e.g. `{ "If-Match": '"1"' }`. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** An answer of the API. `Body` is what the contract promises for success: look at `status` first. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** As it came. */
  readonly text: string;
  /** Parsed where the answer says it is JSON; else undefined. */
  readonly body: Body;
}

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

/** What a request has besides method and path. */
export interface RequestOptions {
  readonly headers?: RequestHeaders;
  readonly body?: unknown;
}

/**
 * The to-do API's client.
 *
 * @param token sent as `Authorization: Bearer <token>`; without it nothing is sent
 */
export function todoApi(token?: string): TodoApi {
  const request: TodoApi["request"] = async (method, path, { headers, body } = {}) => {
    const response = await fetch(`${endpoints().apiUrl}${path}`, {
      method,
      headers: {
        // The emulator sends two bytes behind a preflight's 204, so the connection cannot be used again.
        ...(method === "OPTIONS" && { Connection: "close" }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /^application\/(.+\+)?json\b/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== "" ? JSON.parse(text) : undefined,
    };
  };
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

/**
 * Checks that an answer is problem details (RFC 9457), and gives them.
 *
 * @param status that it must have
 */
export function expectProblem(answer: Answer<unknown>, status: number): Problem {
  expect({ status: answer.status, type: answer.headers.get("content-type"), text: answer.text }).toEqual({
    status,
    type: expect.stringMatching(/^application\/problem\+json\b/),
    text: expect.any(String),
  });
  const problem = answer.body as Problem;
  expect(problem).toMatchObject({ type: "about:blank", status, requestId: expect.stringMatching(/./) });
  return problem;
}
