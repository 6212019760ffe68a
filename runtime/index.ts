/**
 * What code that runs has in common, wherever it runs: functions and container services. The environment read once, problem
 * details, validation against generated validators, events, traces, deadlines, conditional requests, a circuit breaker,
 * ids that sort by time.
 *
 * Knows neither Lambda nor an HTTP server, and imports but types from any package.
 *
 * @module
 */

export { marshal, type PlainValue, unmarshal } from "./attributes";
export { AWS_CLIENT_LIMITS, type AwsClientLimits, boundedClientConfig } from "./aws-client";
export { awsProblem, dynamoDbProblem } from "./aws-problem";
export { type AwsCredentials, presignedUrl, type SignatureConfig, signedHeaders } from "./aws-signature";
export { CircuitBreaker, type CircuitBreakerConfig } from "./circuit-breaker";
export {
  contentTag,
  type ExpectedVersion,
  expectedVersion,
  hasCurrent,
  newestSeen,
  versionTag,
} from "./conditional";
export { DeadlineExceeded, withDeadline } from "./deadline";
export { type EnvironmentNames, readEnvironment } from "./environment";
export { describeError, type ErrorDescription } from "./error-description";
export {
  type CloudEvent,
  type EventContract,
  type EventContracts,
  type EventOf,
  InvalidEvent,
  type NewEvent,
  newEvent,
  readEvent,
} from "./event";
export { isUuid } from "./formats";
export {
  CONTROL_KEY,
  controlQuery,
  GENERATIONS_MILLISECONDS,
  type Generations,
  generationsOf,
  type HistoryFulfilment,
  type HistoryKey,
  type HistoryPart,
  historyKey,
  historyPartition,
  KnownGenerations,
} from "./order-history";
export { invalidRequest, Problem, type Violation } from "./problem";
export {
  isProductId,
  PRODUCT_LISTING,
  type Product,
  type ProductInput,
  productItem,
  productOf,
  productOfItem,
  productTextViolations,
} from "./product";
export {
  type JsonMediaType,
  type ParametersOfRequest,
  readJsonBody,
  readParameters,
  wantsConsistent,
} from "./request";
export { newTrace, readTrace, type Trace, traceHeaders } from "./trace";
export { newUuidV7, timeOfUuidV7 } from "./uuid-v7";
export { type Validate, type ValidationError, violations } from "./validation";
