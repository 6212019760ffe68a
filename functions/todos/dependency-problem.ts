import { Problem } from "../internal";

const THROTTLED = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "ThrottledException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);
/**
 * To-dos of one owner and their index are together at most 10 GB:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections.SizeLimit
 */
const FULL = "ItemCollectionSizeLimitExceeded";
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
 * What an error of the DynamoDB client, after its last attempt, means to the API's client.
 *
 * @returns 503 when trying again later helps, 504 when there was no answer, 409 when the owner's space is used up; nothing for what is this function's own fault
 */
export function dependencyProblem(error: unknown): Problem | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { name = "", code = "", $metadata, CancellationReasons = [] } = error as ClientError;
  if (name === "TimeoutError") {
    return new Problem(504, "The database did not answer in time. Whether a write took place is not known.");
  }
  const reasons = CancellationReasons.map(({ Code = "" }) => Code);
  if (name === `${FULL}Exception` || reasons.includes(FULL)) {
    return new Problem(
      409,
      "The user's to-dos take up all the space there is. Delete some, or make them smaller.",
    );
  }
  const cancelled = reasons.some((reason) => TEMPORARY_REASONS.has(reason));
  if (THROTTLED.has(name) || cancelled) return new Problem(503, "The database is busy. Try again.");
  if (UNREACHABLE.has(code) || ($metadata?.httpStatusCode ?? 0) >= 500) {
    return new Problem(503, "The database is away. Try again.");
  }
  return undefined;
}
