import { randomBytes } from "node:crypto";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { recordingObservability } from "../internal/recording-observability";
import { type TodosHandlerConfig, todosHandler } from "./handler";
import { MemoryTodoStore } from "./memory-store";

const context = { getRemainingTimeInMillis: () => 10_000 } as Context;

/** What a call says besides its method and path. */
export interface Call {
  readonly body?: unknown;
  readonly rawBody?: string;
  /** Those of several lines as lists. */
  readonly headers?: Record<string, string | string[]>;
  readonly query?: Record<string, string | string[]>;
  readonly claims?: Record<string, string>;
}

/**
 * For tests: a client of a handler with a store in memory and a clock that moves a millisecond at each call.
 *
 * @param config of the handler, changed as a test needs. @default version 1
 * @param store its to-dos. @default none yet
 */
export function todosClient(config: Partial<TodosHandlerConfig> = {}, store = new MemoryTodoStore()) {
  const { observability, lines } = recordingObservability();
  let time = 1_700_000_000_000;
  const handler = todosHandler({
    observability,
    reader: store,
    writer: store,
    now: () => (time += 1),
    random: randomBytes,
    version: "v1",
    ...config,
  });
  const call = async (method: string, path: string, options: Call = {}) => {
    const id = /^\/todos\/(.+)$/.exec(path)?.[1];
    const resource = id === undefined ? path.replace(/\/$/, "") : "/todos/{id}";
    const query = Object.entries(options.query ?? {}).map(([name, value]) => [name, [value].flat()] as const);
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const headers = Object.entries({
      ...((options.body ?? options.rawBody) !== undefined && { "content-type": type }),
      ...options.headers,
    }).map(([name, value]) => [name, [value].flat()] as const);
    const body = options.rawBody ?? (options.body === undefined ? null : JSON.stringify(options.body));
    const result = await handler(
      {
        httpMethod: method,
        resource,
        path,
        pathParameters: id === undefined ? null : { id },
        headers: Object.fromEntries(headers.map(([name, values]) => [name, values.at(-1)])),
        multiValueHeaders: Object.fromEntries(headers),
        queryStringParameters: Object.fromEntries(query.map(([name, values]) => [name, values.at(-1)])),
        multiValueQueryStringParameters: Object.fromEntries(query),
        body,
        isBase64Encoded: false,
        requestContext: {
          requestId: "request-1",
          authorizer: {
            claims: options.claims ?? { sub: "user-1", token_use: "id", email: "ann@example.com" },
          },
        },
      } as unknown as APIGatewayProxyEvent,
      context,
    );
    return {
      status: result.statusCode,
      headers: result.headers as Record<string, string>,
      body: result.body === "" ? undefined : JSON.parse(result.body),
    };
  };
  return { call, store, lines };
}

/** Claims of another user than the client's own. */
export const userB = { sub: "user-2", token_use: "id" };
