import { type HttpBindings, RequestError } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { matchedRoutes } from "hono/route";
import { describeError, Problem, withDeadline } from "../../runtime";
import { DependencyError, dependencyProblem } from "./dependency-error";
import type { Logger } from "./logger";
import { currentRequest } from "./request-context";
import type { Authenticate, User } from "./user-tokens";

/** What a route's handler finds in its context. */
export interface ServiceEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: { user: User };
}

/** The context of a route's handler. */
export type ServiceContext = Context<ServiceEnv>;
/** Where routes are added. */
export type ServiceApp = Hono<ServiceEnv>;

/** What answers the requests of a service. */
export interface ServiceAppConfig {
  readonly logger: Logger;
  /** Adds the service's routes, by paths as hono writes them: `/v1/products/:id`. A thrown {@link Problem} is an answer too. */
  readonly routes: (app: ServiceApp) => void;
  /** Tells who makes a request; asked at every route. @default nobody is asked who they are */
  readonly authenticate?: Authenticate;
  /** What an error of a dependency means to the client, where it means something. @default that of the HTTP client; else 500 */
  readonly problemOf?: (error: unknown) => Problem | undefined;
  /** Milliseconds within which the answer must begin; then it is 504. @default 10 000 */
  readonly requestTimeoutMilliseconds?: number;
}

/** The routes of a service in their frame: deadline, sign-in, and problem details for all that fails. */
export function serviceApp(config: ServiceAppConfig): ServiceApp {
  const { authenticate, requestTimeoutMilliseconds = 10_000 } = config;
  const app: ServiceApp = new Hono();
  app.onError((error) => problemAnswer(config, error));
  app.notFound(() => problemAnswer(config, new Problem(404, "No such route.")));
  app.use(async (context, next) => {
    const request = currentRequest();
    if (request) {
      request.route = routeOf(context);
      request.answerBy = performance.now() + requestTimeoutMilliseconds;
    }
    await withDeadline(requestTimeoutMilliseconds, async (deadline) => {
      deadline.addEventListener("abort", () => request?.abort());
      if (authenticate) context.set("user", await authenticate(context.req.header("authorization")));
      await next();
    });
  });
  config.routes(app);
  return app;
}

/** Method and path of a request as the contract writes them, e.g. `GET /v1/products/{id}`; never what the client wrote. */
function routeOf(context: ServiceContext): string {
  const route = matchedRoutes(context).findLast(({ method }) => method !== "ALL");
  const path = route?.path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, "{$1}") ?? "*";
  return `${context.req.method} ${path}`;
}

/** What an error means to the client, as an answer. What is our own fault is logged, without what a user wrote. */
export function problemAnswer(config: ServiceAppConfig, error: unknown): Response {
  const problem = asProblem(error, config);
  const request = currentRequest();
  // A problem that was thrown as one is no surprise: the line of the request has its status.
  if (problem.status >= 500 && !(error instanceof Problem) && !isGivenUp(error)) {
    const { dependency, failure, status, attempts } =
      error instanceof DependencyError ? error : ({} as Partial<DependencyError>);
    const cause = { ...describeError(error), dependency, failure, status, attempts };
    config.logger.error("failed", { route: request?.route, cause });
  }
  return new Response(problem.body(request?.id ?? ""), {
    status: problem.status,
    headers: problemHeaders(problem),
  });
}

/** Work that ended because its request did: the client has gone, or was told already that the time is up. */
function isGivenUp(error: unknown): boolean {
  if (!currentRequest()?.signal.aborted) return false;
  if (error instanceof DependencyError) return error.failure === "aborted";
  return error instanceof Error && error.name === "AbortError";
}

/** Headers of an answer that is a problem. */
export function problemHeaders({ status, headers }: Problem): Record<string, string> {
  return {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    ...(status === 401 && { "WWW-Authenticate": "Bearer" }),
    ...(status === 503 && { "Retry-After": "1" }),
    ...headers,
  };
}

function asProblem(error: unknown, { problemOf }: ServiceAppConfig): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RequestError) return new Problem(400, "The address of the request is none.");
  if (error instanceof Error && error.name === "DeadlineExceeded") {
    return new Problem(504, "The service did not answer in time. Whether a write took place is not known.");
  }
  return (
    problemOf?.(error) ??
    dependencyProblem(error) ??
    new Problem(500, "The service failed. Quote the request id when asking for help.")
  );
}
