import { Problem } from "./problem";

const THROTTLED = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "ThrottledException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);
/** Why a transaction was cancelled though nothing is wrong with it. */
const TEMPORARY_REASONS = new Set([
  "TransactionConflict",
  "ProvisionedThroughputExceeded",
  "ThrottlingError",
]);
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "EHOSTUNREACH",
]);

interface ClientError {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

/**
 * What an error of the DynamoDB client, after its last attempt, means to a client of ours.
 *
 * @returns 503 when trying again later helps, 504 when there was no answer; nothing for what is our own fault
 */
export function dynamoDbProblem(error: unknown): Problem | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { name = "", code = "", $metadata, CancellationReasons = [] } = error as ClientError;
  if (name === "TimeoutError") {
    return new Problem(504, "The database did not answer in time. Whether a write took place is not known.");
  }
  const cancelled = CancellationReasons.some(({ Code = "" }) => TEMPORARY_REASONS.has(Code));
  if (THROTTLED.has(name) || cancelled) return new Problem(503, "The database is busy. Try again.");
  if (UNREACHABLE.has(code) || ($metadata?.httpStatusCode ?? 0) >= 500) {
    return new Problem(503, "The database is away. Try again.");
  }
  return undefined;
}
