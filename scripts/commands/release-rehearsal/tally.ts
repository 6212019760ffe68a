/** How CloudFront answers its viewers. */
export const OUTCOMES = ["hit", "collapsed", "stale", "refreshed", "miss", "passed", "edge"] as const;

/**
 * `hit`: from the edge. `collapsed`: with what the edge was fetching for another. `stale`: from the edge, expired, while it asks anew.
 * `refreshed`: the edge had it, expired, and asked whether it is still the same. `miss`: the edge had it not. `passed`: not cached.
 * `edge`: redirected, refused or answered by a function.
 */
export type Outcome = (typeof OUTCOMES)[number];

/** Numbers of requests and bytes. */
export interface Traffic {
  requests: number;
  bytes: number;
}

/** What a rehearsal counts. Whole numbers all of them. */
export interface Tally {
  /** Answers to viewers, with their headers. */
  readonly viewers: Record<Outcome, Traffic>;
  /** Those by the geography that serves them: what CloudFront charges for. */
  readonly geographies: Record<string, Traffic>;
  /** What the application would send without CloudFront. */
  readonly direct: Traffic;
  /** Answers of each origin to CloudFront, by its id. */
  readonly origins: Record<string, Traffic & { notModified: number }>;
  /** Requests that Origin Shield takes as a layer more, by its region: what is charged for. */
  readonly shieldRequests: Record<string, number>;
  /** Runs of CloudFront Functions. */
  functionRuns: number;
}

/** An empty tally. */
export function emptyTally(): Tally {
  const none = (): Traffic => ({ requests: 0, bytes: 0 });
  return {
    viewers: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, none()])) as Record<Outcome, Traffic>,
    geographies: {},
    direct: none(),
    origins: {},
    shieldRequests: {},
    functionRuns: 0,
  };
}
