/**
 * What the container services share: a server that drains, the frame of its routes with sign-in, deadline and problem details,
 * logs with the trace, and a client for calls to other services.
 *
 * A service calls {@link startService} with its routes; see services/catalog/index.ts.
 *
 * @module
 */
export type {
  ServiceApp,
  ServiceAppConfig,
  ServiceContext,
  ServiceEnv,
} from "./app";
export { DependencyError, type DependencyFailure, dependencyProblem } from "./dependency-error";
export type { HealthCheck } from "./health";
export {
  type HttpAnswer,
  type HttpCall,
  HttpClient,
  type HttpClientConfig,
  type PreparedRequest,
} from "./http-client";
export { createLogger, type LogFields, type Logger, type LogLevel } from "./logger";
export { createMetrics, type PutMetrics } from "./metrics";
export { bodyOf, parametersOf } from "./request";
export {
  currentTraceparent,
  type RequestContext,
  requestSignal,
  runForEvent,
  tellOfRequest,
} from "./request-context";
export {
  readOneOf,
  readSettings,
  readUrl,
  readUserPool,
  readWholeNumber,
  type ServiceSettings,
  type UserPoolSettings,
} from "./settings";
export { type RunningService, type ServiceConfig, serve, startService } from "./start-service";
export { startUp } from "./start-up";
export { type Authenticate, type User, userTokens } from "./user-tokens";
