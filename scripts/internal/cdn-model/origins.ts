import type { Behaviour, Distribution, Origin } from "./distribution";

/** The origins that a behaviour asks, the first one first. */
export interface Target {
  readonly origins: readonly [Origin] | readonly [Origin, Origin];
  /** Answers of the first after which the second is asked. Empty with one origin. */
  readonly failoverStatuses: readonly number[];
}

/**
 * Where a behaviour's objects come from: an origin, or the two of a group.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
 *
 * @throws Error when the distribution has no such origin
 */
export function targetOf(distribution: Distribution, { targetId, pathPattern }: Behaviour): Target {
  const group = distribution.originGroups[targetId];
  if (group === undefined) {
    return { origins: [originOf(distribution, targetId, pathPattern)], failoverStatuses: [] };
  }
  const [first, second] = group.members;
  return {
    origins: [originOf(distribution, first, pathPattern), originOf(distribution, second, pathPattern)],
    failoverStatuses: group.failoverStatuses,
  };
}

/**
 * Whether the second origin of a group is asked after what came of the first: only for requests that read.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorOriginGroups.html
 *
 * @param outcome status of the first origin's answer; undefined when it could not be reached or did not answer in time
 */
export function failsOver({ origins, failoverStatuses }: Target, method: string, outcome?: number): boolean {
  if (origins.length === 1 || !["GET", "HEAD", "OPTIONS"].includes(method)) return false;
  return outcome === undefined || failoverStatuses.includes(outcome);
}

/**
 * Longest time in seconds that an origin which does not answer holds up the next step: the second origin, or the viewer's error.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html#controlling-attempts-and-timeouts
 */
export function patienceSeconds(origin: Origin): { readonly connecting: number; readonly answering: number } {
  return {
    connecting: origin.connectionAttempts * origin.connectionTimeoutSeconds,
    answering: origin.connectionAttempts * origin.readTimeoutSeconds,
  };
}

function originOf({ origins }: Distribution, id: string, pathPattern: string): Origin {
  const origin = origins[id];
  if (origin !== undefined) return origin;
  throw new Error(`behaviour ${pathPattern}: there is no origin ${id}`);
}
