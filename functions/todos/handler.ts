import { type ApiHandler, apiHandler, type Observability, Problem } from "../internal";
import { dependencyProblem } from "./dependency-problem";
import type { OperationsConfig } from "./operations";
import { versions } from "./versions";

/** What the to-do API's handler works with. */
export interface TodosHandlerConfig extends OperationsConfig {
  readonly observability: Observability;
  /** Version of the API, e.g. `v1`. */
  readonly version: string;
  /** Headers of every answer, by which clients learn that the version is deprecated. @default none: it is not */
  readonly deprecationHeaders?: Readonly<Record<string, string>>;
  /** @default no browser may read answers */
  readonly corsOrigin?: string;
}

/**
 * The Lambda handler of one version of the to-do API, given its store, clock and randomness.
 *
 * @throws Error when there is no such version
 */
export function todosHandler(config: TodosHandlerConfig): ApiHandler {
  const operations = Object.hasOwn(versions, config.version) ? versions[config.version] : undefined;
  if (!operations) {
    const known = Object.keys(versions).join(", ");
    throw new Error(
      `environment: API_VERSION must be one of ${known}, got ${JSON.stringify(config.version)}`,
    );
  }
  return apiHandler({
    observability: config.observability,
    problemOf: dependencyProblem,
    ...(config.deprecationHeaders && { headers: config.deprecationHeaders }),
    ...(config.corsOrigin !== undefined && { corsOrigin: config.corsOrigin }),
    answer: (request, signal) => {
      const operation = operations[request.route];
      if (!operation) throw new Problem(404, "No such route.");
      return operation(config, request, signal);
    },
  });
}
