/**
 * What the functions share: the environment read once, logs, metrics and traces, the frame of an HTTP handler with its
 * problem details, and validation against generated validators.
 *
 * @module
 */
export {
  type ApiHandler,
  type ApiHandlerConfig,
  type ApiRequest,
  type ApiResponse,
  apiHandler,
} from "./api-handler";
export { DeadlineExceeded, withDeadline } from "./deadline";
export { type EnvironmentNames, readEnvironment } from "./environment";
export { describeError } from "./error-description";
export { isUuid } from "./formats";
export { createObservability, type Observability } from "./observability";
export { invalidRequest, Problem, type Violation } from "./problem";
export { Tracing, type TracingConfig } from "./tracing";
export { type Validate, type ValidationError, violations } from "./validation";
