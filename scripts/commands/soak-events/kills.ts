/** When something is killed. */
export interface Kills {
  /** Of 0 or more, below 1. */
  readonly random: () => number;
  /** Between two, on average. */
  readonly meanMilliseconds: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Milliseconds until the next of events that come at any moment, whenever the last one was. @param random of 0 or more, below 1 */
export function gap(random: () => number, meanMilliseconds: number): number {
  return -Math.log(1 - random()) * meanMilliseconds;
}
