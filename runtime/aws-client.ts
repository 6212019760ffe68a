/** How long an AWS client tries. */
export interface AwsClientLimits {
  readonly attempts: number;
  /** Milliseconds to connect, for each attempt. */
  readonly connectionMilliseconds: number;
  /** Milliseconds until the answer begins, for each attempt. */
  readonly requestMilliseconds: number;
  /**
   * Connections, one for each request at once: what waits for one uses up its time to connect. As many as a server takes requests.
   *
   * @default the client's own, 50
   */
  readonly connections?: number;
}

/** Together with the waits between attempts, well within 10 seconds. */
export const AWS_CLIENT_LIMITS: AwsClientLimits = {
  attempts: 3,
  connectionMilliseconds: 500,
  requestMilliseconds: 2000,
};

/**
 * Configuration of an AWS client that gives up in time.
 *
 * Retries are the client's standard ones: exponential waits with full jitter, and a budget that stops retrying when most
 * calls fail.
 */
export function boundedClientConfig(limits: AwsClientLimits = AWS_CLIENT_LIMITS) {
  const { connections: maxSockets } = limits;
  return {
    maxAttempts: limits.attempts,
    retryMode: "standard",
    requestHandler: {
      connectionTimeout: limits.connectionMilliseconds,
      requestTimeout: limits.requestMilliseconds,
      // Otherwise the client only warns: https://github.com/smithy-lang/smithy-typescript/pull/1734
      throwOnRequestTimeout: true,
      ...(maxSockets !== undefined && { httpsAgent: { maxSockets }, httpAgent: { maxSockets } }),
    },
  } as const;
}
