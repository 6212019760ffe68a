import { type CacheDirectives, directivesOf } from "./cache-control";
import { forwardsCookies } from "./cache-key";
import type { Behaviour, CachePolicy, Distribution } from "./distribution";
import { type Headers, headerOf } from "./request";

/** What was decisive for how long an answer is kept. */
export type FreshnessRule =
  | "caching-disabled"
  | "status-not-cached"
  | "too-large"
  | "forbidden-by-origin"
  | "vary-all"
  | "minimum-ttl"
  | "s-maxage"
  | "max-age"
  | "expires"
  | "default-ttl"
  | "error-minimum-ttl";

/** How long an answer of the origin is kept, and what for. */
export interface Freshness {
  /** Kept at all. One that is kept for 0 s is asked about again with each request. */
  readonly stored: boolean;
  /** Seconds until the origin is asked again. */
  readonly ttlSeconds: number;
  readonly rule: FreshnessRule;
  /** The same for a reader, e.g. `max-age=3600, within the policy's 0 to 86400 s`. */
  readonly reason: string;
  /** Serves the requests that came while it was fetched, too. Otherwise each of them asks the origin. */
  readonly shared: boolean;
  /** The origin may be asked whether the object is still the same (`If-None-Match`, `If-Modified-Since`). */
  readonly conditional: boolean;
  /** Seconds after it has expired for which it is still served while the origin is asked in the background. */
  readonly staleWhileRevalidateSeconds: number;
  /** Seconds after it has expired for which it is served when the origin fails. Infinite unless the origin says. */
  readonly staleIfErrorSeconds: number;
}

/** An answer of the origin. */
export interface OriginResponse {
  readonly status: number;
  readonly headers: Headers;
}

/** Seconds that CloudFront keeps an error for which nothing is configured: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html */
export const DEFAULT_ERROR_TTL_SECONDS = 10;

/** Most bytes of an object that is kept; CloudFront answers with an error where it is larger: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-web-distributions */
const MAXIMUM_OBJECT_BYTES = 50 * 1024 ** 3;

/** Errors that are kept whatever the origin says, and those that are kept only with `max-age` or `s-maxage`. */
const ALWAYS_KEPT: ReadonlySet<number> = new Set([404, 410, 414, 500, 501, 502, 503, 504]);
const KEPT_WHEN_TOLD: ReadonlySet<number> = new Set([400, 403, 405, 412, 415]);

/** Errors of which `no-store`, `no-cache` and `private` are heeded. */
const HEEDED: ReadonlySet<number> = new Set([404, 410, 414, 501]);

/**
 * How long an answer of the origin is kept.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html#ExpirationDownloadDist
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-3xx-status-codes.html
 *
 * The guide leaves open whether errors are kept where the policy disables caching; here they are not.
 *
 * @param now when it came, in milliseconds since 1970
 */
export function freshness(
  { errorResponses }: Pick<Distribution, "errorResponses">,
  policy: CachePolicy,
  response: OriginResponse,
  now: number,
): Freshness {
  if (policy.maximumTtlSeconds === 0) {
    return notStored("caching-disabled", `the policy ${policy.name} disables caching`);
  }
  const directives = directivesOf(response.headers);
  if (response.status >= 400) {
    const minimum = errorResponses[response.status]?.minimumTtlSeconds ?? DEFAULT_ERROR_TTL_SECONDS;
    return errorFreshness(policy, response.status, minimum, directives, now);
  }
  const bytes = Number(headerOf(response.headers, "content-length") ?? 0);
  if (bytes > MAXIMUM_OBJECT_BYTES) {
    return notStored(
      "too-large",
      `CloudFront keeps no object of more than ${MAXIMUM_OBJECT_BYTES} bytes and answers with an error, got ${bytes}; ` +
        "its parts can be asked for by ranges",
    );
  }
  return {
    ...objectFreshness(policy, response, directives, now),
    staleWhileRevalidateSeconds: Math.min(
      directives.staleWhileRevalidateSeconds ?? 0,
      policy.maximumTtlSeconds,
    ),
    staleIfErrorSeconds:
      directives.staleIfErrorSeconds === undefined
        ? Number.POSITIVE_INFINITY
        : Math.min(directives.staleIfErrorSeconds, policy.maximumTtlSeconds),
  };
}

/**
 * Whether answers of a behaviour are kept for requests of a method.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesCachedHTTPMethods
 */
export function isCached({ cachedMethods, cachePolicy }: Behaviour, method: string): boolean {
  return cachePolicy.maximumTtlSeconds > 0 && cachedMethods.includes(method);
}

/**
 * Whether requests of a behaviour that come while the same object is fetched wait for it (request collapsing), unless the answer turns
 * out not to be `shared`.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-traffic-spikes
 */
export function isCollapsed(behaviour: Behaviour): boolean {
  return behaviour.cachePolicy.maximumTtlSeconds > 0 && !forwardsCookies(behaviour);
}

type Kept = Omit<Freshness, "staleWhileRevalidateSeconds" | "staleIfErrorSeconds">;

function objectFreshness(
  policy: CachePolicy,
  { headers }: OriginResponse,
  directives: CacheDirectives,
  now: number,
): Kept {
  const { minimumTtlSeconds: minimum } = policy;
  const { noCache, noStore, isPrivate, maxAgeSeconds, sharedMaxAgeSeconds } = directives;
  const kept = { stored: true, shared: true, conditional: true };
  const named = namedDirectives(directives);
  if (named.length > 0) {
    const words = `Cache-Control: ${named.join(", ")}`;
    if (minimum > 0) {
      const reason = `the policy's minimum of ${minimum} s goes before ${words}`;
      return { ...kept, ttlSeconds: minimum, rule: "minimum-ttl", reason };
    }
    if (noStore || isPrivate) return notStored("forbidden-by-origin", words);
    if (noCache) {
      return { ...kept, ttlSeconds: 0, rule: "forbidden-by-origin", reason: words, shared: false };
    }
  }
  if (minimum === 0 && variesByAll(headers)) {
    const reason = "Vary: * has the origin asked each time, without a condition";
    return { stored: true, shared: true, conditional: false, ttlSeconds: 0, rule: "vary-all", reason };
  }
  const told = toldSeconds(directives, now);
  if (told === undefined) {
    const ttlSeconds = Math.max(minimum, policy.defaultTtlSeconds);
    const reason = `the origin does not say, the policy's default is ${policy.defaultTtlSeconds} s${
      ttlSeconds > policy.defaultTtlSeconds ? ` and its minimum ${minimum} s` : ""
    }`;
    return { ...kept, ttlSeconds, rule: "default-ttl", reason };
  }
  const ttlSeconds = Math.min(Math.max(told.seconds, minimum), policy.maximumTtlSeconds);
  return {
    ...kept,
    ttlSeconds,
    rule: told.rule,
    reason: `${told.words}, ${bounded(told.seconds, ttlSeconds)} the policy's ${minimum} to ${policy.maximumTtlSeconds} s`,
    shared: minimum > 0 || !(maxAgeSeconds === 0 || sharedMaxAgeSeconds === 0),
  };
}

function errorFreshness(
  { maximumTtlSeconds }: CachePolicy,
  status: number,
  minimum: number,
  directives: CacheDirectives,
  now: number,
): Freshness {
  const told = toldSeconds(directives, now);
  const isTold = directives.maxAgeSeconds !== undefined || directives.sharedMaxAgeSeconds !== undefined;
  if (!ALWAYS_KEPT.has(status) && !(KEPT_WHEN_TOLD.has(status) && isTold)) {
    const when = KEPT_WHEN_TOLD.has(status) ? " without max-age or s-maxage" : "";
    return notStored("status-not-cached", `CloudFront does not keep the status ${status}${when}`);
  }
  const named = namedDirectives(directives);
  if (HEEDED.has(status) && named.length > 0) {
    return notStored("forbidden-by-origin", `Cache-Control: ${named.join(", ")} with the status ${status}`);
  }
  const seconds = told === undefined ? 0 : Math.min(told.seconds, maximumTtlSeconds);
  const byOrigin = told !== undefined && seconds > minimum;
  const ttlSeconds = Math.max(seconds, minimum);
  return {
    stored: ttlSeconds > 0,
    ttlSeconds,
    rule: byOrigin ? told.rule : "error-minimum-ttl",
    reason: byOrigin
      ? `${told.words}, more than the ${minimum} s for the status ${status}${seconds < told.seconds ? `, at most the policy's ${maximumTtlSeconds} s` : ""}`
      : `the ${minimum} s that the status ${status} is kept at least`,
    shared: true,
    conditional: false,
    staleWhileRevalidateSeconds: 0,
    // An error is not served in place of an error.
    staleIfErrorSeconds: 0,
  };
}

/** The time that the origin names, and by which header; `max-age` and `s-maxage` go before `Expires`. */
function toldSeconds(
  { maxAgeSeconds, sharedMaxAgeSeconds, expiresAt }: CacheDirectives,
  now: number,
): { readonly seconds: number; readonly rule: FreshnessRule; readonly words: string } | undefined {
  if (sharedMaxAgeSeconds !== undefined) {
    return { seconds: sharedMaxAgeSeconds, rule: "s-maxage", words: `s-maxage=${sharedMaxAgeSeconds}` };
  }
  if (maxAgeSeconds !== undefined) {
    return { seconds: maxAgeSeconds, rule: "max-age", words: `max-age=${maxAgeSeconds}` };
  }
  if (expiresAt === undefined) return undefined;
  const seconds = Math.max(0, Math.floor((expiresAt - now) / 1000));
  return { seconds, rule: "expires", words: `Expires in ${seconds} s` };
}

function namedDirectives({ noCache, noStore, isPrivate }: CacheDirectives): string[] {
  return [
    ...(noCache ? ["no-cache"] : []),
    ...(noStore ? ["no-store"] : []),
    ...(isPrivate ? ["private"] : []),
  ];
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#ResponseCustomContentNegotiation */
function variesByAll(headers: Headers): boolean {
  return (headerOf(headers, "vary") ?? "").split(",").some((name) => name.trim() === "*");
}

function bounded(told: number, ttl: number): string {
  if (told < ttl) return "raised to the least of";
  return told > ttl ? "cut to the most of" : "within";
}

function notStored(rule: FreshnessRule, reason: string): Freshness {
  return {
    stored: false,
    ttlSeconds: 0,
    rule,
    reason,
    shared: false,
    conditional: false,
    staleWhileRevalidateSeconds: 0,
    staleIfErrorSeconds: 0,
  };
}
