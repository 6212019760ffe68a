/**
 * What the functions share: logs, metrics and traces, the frame of an HTTP handler, and what of `runtime/` they use.
 *
 * @module
 */
export {
  DeadlineExceeded,
  describeError,
  type EnvironmentNames,
  invalidRequest,
  isUuid,
  Problem,
  readEnvironment,
  type Validate,
  type ValidationError,
  type Violation,
  violations,
  withDeadline,
} from "../../runtime";
export {
  type ApiHandler,
  type ApiHandlerConfig,
  type ApiRequest,
  type ApiResponse,
  apiHandler,
} from "./api-handler";
export { createObservability, type Observability } from "./observability";
export { Tracing, type TracingConfig } from "./tracing";
