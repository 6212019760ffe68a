import type { Behaviour, CachePolicy, Selection } from "./distribution";
import { cookiesOf, headerOf, parametersOf, type QueryParameter, type ViewerRequest } from "./request";

/** What tells cached objects of one distribution apart. Its domain name is part of every key, and is left out here. */
export interface CacheKey {
  /** `OPTIONS`, whose answers are cached apart. Undefined for GET and HEAD. */
  readonly method?: "OPTIONS";
  readonly path: string;
  /** The chosen parameters in the order in which they came. */
  readonly query: readonly QueryParameter[];
  /** The chosen headers that the request has, by name. Their case does not count, that of their values does. */
  readonly headers: Readonly<Record<string, string>>;
  /** The chosen cookies that the request has, by name in natural order. */
  readonly cookies: readonly QueryParameter[];
  /** `Accept-Encoding` in CloudFront's form: `br,gzip`, `br` or `gzip`. Undefined when it does not count. */
  readonly acceptEncoding?: string;
}

/**
 * The key under which the answer to a request is cached, after the function on viewer requests has run.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-the-cache-key.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/QueryStringParameters.html (order and case of parameters)
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/header-caching.html (case of headers)
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html (order and case of cookies)
 */
export function cacheKey(policy: CachePolicy, request: ViewerRequest): CacheKey {
  const encoding = acceptEncoding(policy, headerOf(request.headers, "accept-encoding"));
  return {
    ...(request.method === "OPTIONS" && { method: "OPTIONS" }),
    path: request.path,
    query: parametersOf(request.query).filter(({ name }) => selects(policy.queryStrings, name)),
    headers: headersInKey(policy, request),
    cookies: cookiesOf(request.headers)
      .filter(({ name }) => selects(policy.cookies, name))
      .sort((a, b) => compare(a.name, b.name)),
    ...(encoding !== undefined && { acceptEncoding: encoding }),
  };
}

/** One text for a key: two keys are the same exactly when their texts are. */
export function textOfKey({ method, path, query, headers, cookies, acceptEncoding }: CacheKey): string {
  const pairs = (values: readonly QueryParameter[]) => values.map(({ name, value }) => [name, value]);
  return JSON.stringify([
    path,
    pairs(query),
    Object.entries(headers).sort(([a], [b]) => compare(a, b)),
    pairs(cookies),
    acceptEncoding ?? null,
    method ?? null,
  ]);
}

/** Whether a header, cookie or parameter is chosen. Header names in lower case. */
export function selects({ kind, names }: Selection, name: string): boolean {
  switch (kind) {
    case "none":
      return false;
    case "all":
      return true;
    case "whitelist":
      return names.includes(name);
    case "allExcept":
      return !names.includes(name);
  }
}

/** Whether the origin gets cookies of the viewer, in the key or besides it. */
export function forwardsCookies({ cachePolicy, originRequestPolicy }: Behaviour): boolean {
  return cachePolicy.cookies.kind !== "none" || (originRequestPolicy?.cookies.kind ?? "none") !== "none";
}

/** Whether the origin gets that header of the viewer, in the key or besides it. @param name in lower case */
export function forwardsHeader({ cachePolicy, originRequestPolicy }: Behaviour, name: string): boolean {
  return (
    selects(cachePolicy.headers, name) ||
    (originRequestPolicy !== undefined && selects(originRequestPolicy.headers, name))
  );
}

/**
 * `Accept-Encoding` as CloudFront puts it into the key, and sends it to the origin, where a policy has compressed objects cached.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cache-key-understand-cache-policy.html#cache-policy-compressed-objects
 *
 * @param value the viewer's header
 * @returns undefined when the viewer takes neither form that the policy has cached
 */
export function acceptEncoding(
  { gzip, brotli }: CachePolicy,
  value: string | undefined,
): "br,gzip" | "br" | "gzip" | undefined {
  const taken = (value ?? "").split(",").flatMap((part) => {
    const [coding = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    return parameters.some((text) => /^q=0(\.0*)?$/.test(text)) ? [] : [coding];
  });
  const takesBrotli = brotli && taken.includes("br");
  const takesGzip = gzip && taken.includes("gzip");
  if (takesBrotli && takesGzip) return "br,gzip";
  if (takesBrotli) return "br";
  return takesGzip ? "gzip" : undefined;
}

function headersInKey(policy: CachePolicy, request: ViewerRequest): Record<string, string> {
  if (policy.headers.kind === "none") return {};
  const chosen: Record<string, string> = {};
  const all: ViewerRequest["headers"] = { ...request.headers, host: request.host };
  for (const name of Object.keys(all)) {
    // In its normalised form it is a part of the key by itself.
    if (name === "accept-encoding" && (policy.gzip || policy.brotli)) continue;
    const value = headerOf(all, name);
    if (selects(policy.headers, name) && value !== undefined) chosen[name] = value;
  }
  return chosen;
}

/** By code units, the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
