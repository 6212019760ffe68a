import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, EXIT } from "../../internal/cli";

/** Time and chance, which tests replace. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Those of the machine. */
export const CLOCK: Clock = { now: Date.now, sleep, random: Math.random };

/** How long to go on. */
export interface Budget {
  readonly clock: Clock;
  /** Milliseconds since 1970 at which it is used up. */
  readonly deadline: number;
}

const FIRST_MILLISECONDS = 1000;
const LONGEST_MILLISECONDS = 20_000;

/** Names of errors that go by themselves: CloudFront's limits of requests and of what is in progress, a lost connection. */
const PASSING = new Set([
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "TooManyInvalidationsInProgress",
  "ServiceUnavailable",
  "SlowDown",
  "InternalError",
  "RequestTimeout",
  "TimeoutError",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
]);

/** True for an error that a later call may not meet. */
export function isPassing(error: unknown): boolean {
  const {
    name = "",
    code = "",
    $metadata,
  } = (error ?? {}) as {
    name?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return PASSING.has(name) || PASSING.has(code) || status === 429 || status >= 500;
}

/**
 * Calls until it succeeds or fails in a way that lasts, with pauses that grow and are drawn by chance, so that many that were
 * throttled together do not come back together.
 *
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 *
 * @param onRetry told of each pause, in milliseconds
 * @throws the error that lasts; CommandError when the budget is used up
 */
export async function retrying<T>(
  call: () => Promise<T>,
  { clock, deadline }: Budget,
  onRetry: (error: Error, milliseconds: number) => void,
): Promise<T> {
  for (let longest = FIRST_MILLISECONDS; ; longest = Math.min(longest * 2, LONGEST_MILLISECONDS)) {
    try {
      return await call();
    } catch (error) {
      // A call is cut off at the deadline alone.
      if ((error as Error | undefined)?.name === "AbortError") throw outOfTime("has not answered");
      if (!isPassing(error)) throw error;
      // From a half: no chance makes it hammer on.
      const pause = Math.round(longest * (0.5 + clock.random() / 2));
      if (clock.now() + pause > deadline) {
        const { name } = error as Error;
        throw outOfTime(name === "TimeoutError" ? "still does not answer" : `still answers ${name}`);
      }
      onRetry(error as Error, pause);
      await clock.sleep(pause);
    }
  }
}

/** What is said when the budget is used up. */
export function outOfTime(what: string): CommandError {
  return new CommandError(
    "CloudFront",
    `${what} at the end of --timeout`,
    "run the same command again: it goes on from there",
    EXIT.unfinished,
  );
}
