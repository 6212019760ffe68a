import { type ApiHandler, apiHandler, type Observability, Problem } from "../internal";
import { dependencyProblem } from "./dependency-problem";
import { type OperationsConfig, todoOperations } from "./operations";

/** What the to-do API's handler works with. */
export interface TodosHandlerConfig extends OperationsConfig {
  readonly observability: Observability;
  /** @default no browser may read answers */
  readonly corsOrigin?: string;
}

/** The Lambda handler of the to-do API, given its store, clock and randomness. */
export function todosHandler(config: TodosHandlerConfig): ApiHandler {
  const operations = todoOperations(config);
  return apiHandler({
    observability: config.observability,
    problemOf: dependencyProblem,
    ...(config.corsOrigin !== undefined && { corsOrigin: config.corsOrigin }),
    answer: (request, signal) => {
      const operation = operations[request.route];
      if (!operation) throw new Problem(404, "No such route.");
      return operation(request, signal);
    },
  });
}
