/** What of GitHub's answer decides whether to ask again. */
export interface Refusal {
  /** HTTP status; 500 where there was no answer at all. */
  readonly status: number;
  readonly message: string;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/** How to wait. Tests replace it. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** How often it is asked in all. */
const ATTEMPTS = 5;

/** Longest pause that is waited for, in seconds: a job costs money while it waits. */
const PATIENCE_SECONDS = 300;

/** https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api: at least a minute, where nothing is said. */
const SECONDARY_SECONDS = 60;

/**
 * How long to wait before asking again.
 *
 * @param attempt 1 after the first
 * @returns milliseconds; undefined when asking again is of no use
 */
export function pauseAfter(refusal: Refusal, attempt: number, clock: Clock): number | undefined {
  if (attempt >= ATTEMPTS) return undefined;
  const seconds = secondsAfter(refusal, attempt, clock);
  if (seconds === undefined || seconds > PATIENCE_SECONDS) return undefined;
  // Runs that were refused together do not come back together.
  return Math.ceil(seconds * 1000 * (1 + clock.random() / 4));
}

function secondsAfter({ status, message, headers }: Refusal, attempt: number, clock: Clock) {
  const told = Number(headers["retry-after"]);
  if (status === 403 || status === 429) {
    if (headers["retry-after"] !== undefined && told >= 0) return told;
    if (headers["x-ratelimit-remaining"] !== undefined && Number(headers["x-ratelimit-remaining"]) === 0) {
      return Math.max(1, Number(headers["x-ratelimit-reset"]) - clock.now() / 1000);
    }
    return status === 429 || /secondary rate limit/i.test(message) ? SECONDARY_SECONDS * attempt : undefined;
  }
  if (status < 500) return undefined;
  return headers["retry-after"] !== undefined && told >= 0 ? told : 2 ** (attempt - 1);
}
