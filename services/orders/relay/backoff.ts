/** Milliseconds to wait before another attempt: exponential, with full jitter. */
export interface Backoff {
  readonly firstMilliseconds: number;
  readonly mostMilliseconds: number;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

/** @param attempt 1 for the wait after the first failure */
export function waitAfter(attempt: number, { firstMilliseconds, mostMilliseconds, random }: Backoff): number {
  return random() * Math.min(mostMilliseconds, firstMilliseconds * 2 ** Math.min(attempt - 1, 30));
}
