import { forwardsCookies, forwardsHeader } from "./cache-key";
import type { Behaviour, CorsHeaders, ResponseHeadersPolicy } from "./distribution";
import { type Headers, headerOf, type ViewerRequest } from "./request";

/** Connection management, and what CloudFront sets itself. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
]);

/** By these the origin tells devices apart, of which it then says `Vary: User-Agent`. */
const OF_THE_DEVICE = ["desktop", "mobile", "smarttv", "tablet"].map(
  (kind) => `cloudfront-is-${kind}-viewer`,
);

/**
 * Headers of an answer as CloudFront passes it on: without connection management, without `Set-Cookie` where the origin gets no
 * cookies, and of `Vary` only what the origin gets to see.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#ResponseCustomRemovedHeaders
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html
 */
export function passedOnHeaders(behaviour: Behaviour, headers: Headers): Headers {
  const withoutCookies = !forwardsCookies(behaviour);
  const named = listOf(headers, "connection").map((name) => name.toLowerCase());
  const { vary: _, ...passedOn } = Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) =>
        !NOT_PASSED_ON.has(name) && !named.includes(name) && !(withoutCookies && name === "set-cookie"),
    ),
  );
  const vary = listOf(headers, "vary").filter((name) => mayVaryBy(behaviour, name.toLowerCase()));
  return { ...passedOn, ...(vary.length > 0 && { vary: vary.join(", ") }) };
}

function mayVaryBy(behaviour: Behaviour, name: string): boolean {
  if (name === "accept-encoding" || name === "cookie") return true;
  // Has the origin asked each time: #ResponseCustomContentNegotiation.
  if (name === "*") return behaviour.cachePolicy.minimumTtlSeconds === 0;
  const shown = name === "user-agent" ? [name, ...OF_THE_DEVICE] : [name];
  return shown.some((header) => forwardsHeader(behaviour, header));
}

function listOf(headers: Headers, name: string): string[] {
  const values = (headerOf(headers, name) ?? "").split(",").map((value) => value.trim());
  return values.filter((value) => value !== "");
}

/**
 * Applies a response headers policy: removes, then adds. Each answer to a viewer gets it, from the cache too.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 *
 * @param headers of the origin's answer
 * @param request of the viewer, for CORS
 */
export function withPolicy(policy: ResponseHeadersPolicy, headers: Headers, request: ViewerRequest): Headers {
  const answer: Record<string, string | readonly string[]> = { ...headers };
  for (const name of policy.removed) delete answer[name];
  const add = (name: string, value: string, override: boolean) => {
    if (override || answer[name] === undefined) answer[name] = value;
  };
  for (const [name, value] of corsOf(policy.cors, request)) add(name, value, policy.cors?.override ?? false);
  for (const { name, value, override } of policy.added) add(name, value, override);
  return answer;
}

/** CORS headers for a viewer; none for an origin that is not named, or when the request is not of a web page. */
function corsOf(cors: CorsHeaders | undefined, { headers, method }: ViewerRequest): [string, string][] {
  const origin = headerOf(headers, "origin");
  if (cors === undefined || origin === undefined) return [];
  const isAllowed = cors.allowOrigins.some((allowed) => matchesOrigin(allowed, origin));
  if (!isAllowed) return [];
  const anyOrigin = cors.allowOrigins.includes("*");
  const isPreflight = method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
  return [
    ["access-control-allow-origin", anyOrigin && !cors.allowCredentials ? "*" : origin],
    ...(cors.allowCredentials ? ([["access-control-allow-credentials", "true"]] as [string, string][]) : []),
    ...listed("access-control-expose-headers", cors.exposeHeaders),
    ...(isPreflight
      ? [
          ...listed("access-control-allow-headers", cors.allowHeaders),
          ...listed("access-control-allow-methods", cors.allowMethods),
          ...listed(
            "access-control-max-age",
            cors.maximumAgeSeconds === undefined ? [] : [String(cors.maximumAgeSeconds)],
          ),
        ]
      : []),
  ];
}

function listed(name: string, values: readonly string[]): [string, string][] {
  return values.length === 0 ? [] : [[name, values.join(", ")]];
}

/** A `*` stands for any characters, once. */
function matchesOrigin(allowed: string, origin: string): boolean {
  const [start = "", end] = allowed.split("*", 2);
  if (end === undefined) return origin === allowed;
  return origin.length >= start.length + end.length && origin.startsWith(start) && origin.endsWith(end);
}
