import { Problem } from "../../runtime";

/**
 * How a call to another service failed: no answer in time; no connection; not tried, as it has failed all along; too busy (429,
 * 503); a fault of its own (other 5xx); an answer that is none; given up, as nobody waits for it any more.
 */
export type DependencyFailure =
  | "timeout"
  | "unreachable"
  | "circuitOpen"
  | "busy"
  | "fault"
  | "invalidAnswer"
  | "aborted";

/** What is known of a failed call. */
export interface DependencyErrorDetails {
  /** HTTP status, if there was an answer. */
  readonly status?: number;
  /** Seconds after which the service asked to be called again. */
  readonly retryAfterSeconds?: number;
  /** Attempts that were made. */
  readonly attempts: number;
  readonly cause?: unknown;
}

/** A call to another service failed, after all its attempts. */
export class DependencyError extends Error {
  override readonly name = "DependencyError";
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly attempts: number;

  constructor(
    /** Name of the service that was called, e.g. `catalog`. */
    readonly dependency: string,
    readonly failure: DependencyFailure,
    details: DependencyErrorDetails,
  ) {
    super(`${dependency}: ${failure}`, { cause: details.cause });
    this.status = details.status;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.attempts = details.attempts;
  }
}

/** What a failed call to another service means to our own client. @returns nothing for any other error */
export function dependencyProblem(error: unknown): Problem | undefined {
  if (!(error instanceof DependencyError)) return undefined;
  const { dependency, failure, retryAfterSeconds } = error;
  switch (failure) {
    case "timeout":
    case "aborted":
      return new Problem(
        504,
        `The service ${dependency} did not answer in time. Whether a write took place is not known.`,
      );
    case "unreachable":
    case "circuitOpen":
      return new Problem(503, `The service ${dependency} is away. Try again.`);
    case "busy":
      return new Problem(503, `The service ${dependency} is busy. Try again.`, [], {
        "Retry-After": String(retryAfterSeconds ?? 1),
      });
    case "fault":
    case "invalidAnswer":
      return new Problem(502, `The service ${dependency} failed.`);
  }
}
