/**
 * One client of all APIs of the platform.
 *
 * @module
 */
export { type ApiName, type Deprecation, PlatformClient, type PlatformClientConfig } from "./client";
export { ConnectionError, NotModifiedError, type Problem, ProblemError, type Violation } from "./errors";
export * as catalog from "./generated/catalog/models/index";
export * as orders from "./generated/orders/models/index";
export * as sessions from "./generated/sessions/models/index";
export * as storefront from "./generated/storefront/models/index";
export * as todosV1 from "./generated/todos-v1/models/index";
export * as todosV2 from "./generated/todos-v2/models/index";
export type { RetryPolicy } from "./retry";
export type { IdTokenSource, TokenReason } from "./tokens";
