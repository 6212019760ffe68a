/** When a request is sent again. */
export interface RetryPolicy {
  /** How often a request is sent in all. 1 is never again. @default 4 */
  readonly attempts: number;
  /** The longest wait before the second attempt; before each further one it is twice that. @default 200 */
  readonly firstDelayMilliseconds: number;
  /** The longest wait at all. An answer whose `Retry-After` asks for more is given to the caller. @default 5000 */
  readonly mostDelayMilliseconds: number;
}

export const RETRY_POLICY: RetryPolicy = {
  attempts: 4,
  firstDelayMilliseconds: 200,
  mostDelayMilliseconds: 5000,
};

/** Answers that tell of a moment: too many requests, or a service that is busy or away. */
const PASSING = [429, 502, 503, 504];
/** Safe to send again by HTTP itself: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
const IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

/** Whether a request may be sent again when it is not known what became of it. */
export function repeatable(method: string, headers: Headers): boolean {
  return IDEMPOTENT.includes(method.toUpperCase()) || headers.has("Idempotency-Key");
}

/**
 * How long to wait before a request is sent again.
 *
 * @param sent how often it has been, 1 or more
 * @param response what was answered; undefined when nothing was
 * @param random from 0 to 1: clients that failed together do not come back together
 * @param now milliseconds since 1970
 * @returns milliseconds; undefined when it must not be
 */
export function delayBefore(
  sent: number,
  response: Response | undefined,
  policy: RetryPolicy,
  random: number,
  now: number,
): number | undefined {
  if (sent >= policy.attempts) return undefined;
  if (response && !PASSING.includes(response.status)) return undefined;
  const most = Math.min(policy.firstDelayMilliseconds * 2 ** (sent - 1), policy.mostDelayMilliseconds);
  const asked = retryAfter(response?.headers.get("Retry-After") ?? "", now);
  if (asked > policy.mostDelayMilliseconds) return undefined;
  return asked + random * most;
}

/** Of seconds, or of a date. Milliseconds from now, 0 when it says nothing. */
function retryAfter(value: string, now: number): number {
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
