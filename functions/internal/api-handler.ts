import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { describeError, Problem, readTrace, withDeadline } from "../../runtime";
import type { Observability } from "./observability";

/** A request as the handlers see it. */
export interface ApiRequest {
  /** Method and path as the contract writes them, e.g. `GET /todos/{id}`. */
  readonly route: string;
  /** Path that was asked for, below the stage, e.g. `/todos` or `/todos/`: the gateway takes one for the other. */
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Query parameters, each with all its values. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Value of a header, whatever the case of its name; of several lines, their values joined by `, `. */
  header(name: string): string | undefined;
  /** Raw body. Absent when there is none, or an empty one. */
  readonly body?: Buffer;
  /** Claims of the token, as the gateway's authorizer passed them on. */
  readonly claims: Readonly<Record<string, string | undefined>>;
  /** ARN of the AWS principal that signed the request. Only of operations that IAM authorises. */
  readonly callerArn?: string;
}

/** An answer. Security headers are added to it. */
export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
}

/** What makes a Lambda handler of a REST API. */
export interface ApiHandlerConfig {
  readonly observability: Observability;
  /** The origin whose pages may read answers. @default none */
  readonly corsOrigin?: string;
  /** Headers of every answer, errors too; pages may read them. @default none but those that all handlers give */
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers one request; a thrown {@link Problem} is an answer too. `signal` is aborted when time is up. */
  readonly answer: (request: ApiRequest, signal: AbortSignal) => Promise<ApiResponse>;
  /** What an error of a dependency means to the client. @default every error is 500 */
  readonly problemOf?: (error: unknown) => Problem | undefined;
  /** Milliseconds kept before the function's own timeout, to answer in. @default 500 */
  readonly marginMilliseconds?: number;
}

/** A Lambda handler behind API Gateway's proxy integration. */
export type ApiHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/**
 * Frames a REST handler: answers before the function's timeout, turns errors into problem details, adds headers, and writes
 * one log line, the metrics and the trace of each request.
 */
export function apiHandler(config: ApiHandlerConfig): ApiHandler {
  const { logger, tracing, publishMetrics } = config.observability;
  return async (event, context) => {
    const startedAt = performance.now();
    logger.addContext(context);
    const requestId = event.requestContext.requestId;
    const request = readRequest(event);
    const { id: traceId } = readTrace(request.header, Date.now());
    // One request is handled at a time: until the next, every line is of this one.
    logger.appendKeys({ requestId, traceId });
    const milliseconds = context.getRemainingTimeInMillis() - (config.marginMilliseconds ?? 500);
    const response = await tracing.capture(
      "request",
      () =>
        withDeadline(milliseconds, (signal) => config.answer(request, signal)).catch((error: unknown) => {
          const problem = asProblem(error, config);
          if (problem.status >= 500) {
            logger.error("failed", { route: request.route, cause: describeError(error) });
          }
          return problemResponse(problem, requestId);
        }),
      (answered) => ({
        annotations: { route: request.route, ...(answered && { status: answered.status }) },
        ...(answered && { status: answered.status }),
      }),
    );
    logger.info("request", {
      route: request.route,
      status: response.status,
      milliseconds: Math.round(performance.now() - startedAt),
    });
    publishMetrics();
    await tracing.flush();
    return proxyResult(response, config);
  };
}

function readRequest(event: APIGatewayProxyEvent): ApiRequest {
  const headers = readHeaders(event);
  const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  const callerArn = event.requestContext.identity?.userArn;
  const query = Object.entries(event.queryStringParameters ?? {}).map(([name, value]) => {
    return [name, event.multiValueQueryStringParameters?.[name] ?? [value ?? ""]] as const;
  });
  return {
    route: `${event.httpMethod} ${event.resource}`,
    path: event.path,
    pathParameters: event.pathParameters ?? {},
    query: Object.fromEntries(query),
    header: (name) => headers.get(name.toLowerCase()),
    ...(body.byteLength > 0 && { body }),
    claims: (event.requestContext.authorizer?.["claims"] ?? {}) as ApiRequest["claims"],
    ...(callerArn && { callerArn }),
  };
}

/** Headers by their names in lower case. `event.headers` has the last line alone of a header that was sent in several. */
function readHeaders({ headers, multiValueHeaders }: APIGatewayProxyEvent): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const [name, values] of Object.entries(multiValueHeaders ?? headers ?? {})) {
    if (values === undefined) continue;
    const key = name.toLowerCase();
    // https://www.rfc-editor.org/rfc/rfc9110#section-5.3
    all.set(key, [all.get(key) ?? [], values].flat().join(", "));
  }
  return all;
}

function asProblem(error: unknown, { problemOf }: ApiHandlerConfig): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Error && error.name === "DeadlineExceeded") {
    return new Problem(504, "The service did not answer in time. Whether a write took place is not known.");
  }
  return (
    problemOf?.(error) ?? new Problem(500, "The service failed. Quote the request id when asking for help.")
  );
}

function problemResponse(problem: Problem, requestId: string): ApiResponse {
  return {
    status: problem.status,
    headers: {
      ...problem.headers,
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...(problem.status === 401 && { "WWW-Authenticate": "Bearer" }),
      ...(problem.status === 503 && { "Retry-After": "1" }),
    },
    body: problem.body(requestId),
  };
}

function proxyResult({ status, headers, body }: ApiResponse, config: ApiHandlerConfig) {
  const { corsOrigin, headers: always = {} } = config;
  return {
    statusCode: status,
    headers: {
      ...(body !== undefined && { "Content-Type": "application/json" }),
      // The client alone may keep an answer, and asks with its ETag before it uses it.
      "Cache-Control": "private, no-cache",
      "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
      "X-Content-Type-Options": "nosniff",
      ...(corsOrigin !== undefined && {
        "Access-Control-Allow-Origin": corsOrigin,
        "Access-Control-Expose-Headers": ["ETag", "Location", "Retry-After", ...Object.keys(always)].join(
          ",",
        ),
        Vary: "Origin",
      }),
      ...always,
      ...headers,
    },
    body: body ?? "",
  };
}
