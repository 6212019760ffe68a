import { Problem } from "../../runtime";
import { type ApiHandler, apiHandler, type Observability } from "../internal";
import { CacheUnavailable } from "./cache";
import { type OperationsConfig, sessionOperations } from "./operations";

/** What the sessions API's handler works with. */
export interface SessionsHandlerConfig extends OperationsConfig {
  readonly observability: Observability;
  /** @default no browser may read answers */
  readonly corsOrigin?: string;
}

/** The Lambda handler of the sessions API, given its store. */
export function sessionsHandler(config: SessionsHandlerConfig): ApiHandler {
  const operations = sessionOperations(config);
  return apiHandler({
    observability: config.observability,
    problemOf: (error) =>
      error instanceof CacheUnavailable
        ? new Problem(503, "The store of the sessions is away. Try again.")
        : undefined,
    ...(config.corsOrigin !== undefined && { corsOrigin: config.corsOrigin }),
    answer: (request, signal) => {
      const operation = operations[request.route];
      if (!operation) throw new Problem(404, "No such route.");
      return operation(request, signal);
    },
  });
}
