/**
 * What the functions share: logs, metrics and traces, the frames of a handler of requests and of events, and what of `runtime/` they use.
 *
 * @module
 */
export {
  type CloudEvent,
  DeadlineExceeded,
  describeError,
  type EnvironmentNames,
  type EventContract,
  type EventContracts,
  type EventOf,
  invalidRequest,
  isUuid,
  type NewEvent,
  newEvent,
  Problem,
  readEnvironment,
  readEvent,
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
export {
  type EventContext,
  type EventHandlerConfig,
  type EventLogFields,
  type EventLogger,
  queueHandler,
  streamHandler,
} from "./event-handler";
export { decodeObjectKey } from "./object-key";
export { createObservability, type Observability } from "./observability";
export { Tracing, type TracingConfig } from "./tracing";
