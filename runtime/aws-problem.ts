import { Problem } from "./problem";

const THROTTLED = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "ThrottledException",
  "RequestLimitExceeded",
  "SlowDown",
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
 * What an error of an AWS client, after its last attempt, means to a client of ours.
 *
 * @param dependency what is asked, e.g. `database`
 * @param writes whether what was asked may have been a write
 * @returns 503 when trying again later helps, 504 when there was no answer; nothing for what is our own fault
 */
export function awsProblem(dependency: string, writes: boolean): (error: unknown) => Problem | undefined {
  return (error) => {
    const { name = "", code = "", $metadata, CancellationReasons = [] } = Object(error) as ClientError;
    if (name === "TimeoutError") {
      const unknown = writes ? " Whether a write took place is not known." : "";
      return new Problem(504, `The ${dependency} did not answer in time.${unknown}`);
    }
    const cancelled = CancellationReasons.some(({ Code = "" }) => TEMPORARY_REASONS.has(Code));
    if (THROTTLED.has(name) || cancelled) return new Problem(503, `The ${dependency} is busy. Try again.`);
    if (UNREACHABLE.has(code) || ($metadata?.httpStatusCode ?? 0) >= 500) {
      return new Problem(503, `The ${dependency} is away. Try again.`);
    }
    return undefined;
  };
}

/** {@link awsProblem} of a DynamoDB client. */
export const dynamoDbProblem = awsProblem("database", true);
