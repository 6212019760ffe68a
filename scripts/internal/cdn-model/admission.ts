import type { Behaviour, Distribution } from "./distribution";
import { cookiesOf, headerOf, parametersOf, type ViewerRequest } from "./request";

/** An answer that CloudFront gives before it runs a function or looks into its cache. */
export type Refusal =
  | {
      readonly kind: "redirect";
      readonly status: 301 | 307;
      readonly location: string;
      readonly reason: string;
    }
  | { readonly kind: "refuse"; readonly status: 403 | 413; readonly reason: string };

/** Most bytes of a URL, and of a request without its body: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-web-distributions */
export const MAXIMUM_URL_BYTES = 8192;
export const MAXIMUM_REQUEST_BYTES = 20_480;

/** What is known besides the request. */
export interface AdmissionConfig {
  /** Country of the viewer, ISO 3166-1 alpha-2. Undefined: the geo restriction is not looked at. */
  readonly country?: string;
  /** Milliseconds since 1970, for signatures that expire. */
  readonly now: number;
}

/**
 * Whether CloudFront refuses or redirects a request before anything else. The rules of a web ACL are not part of the model.
 *
 * @returns undefined when it does neither
 */
export function refusalOf(
  distribution: Distribution,
  behaviour: Behaviour,
  request: ViewerRequest,
  config: AdmissionConfig,
): Refusal | undefined {
  return (
    refuseSize(request) ??
    refuseCountry(distribution, config.country) ??
    refuseProtocol(behaviour, request) ??
    refuseMethod(behaviour, request) ??
    refuseBody(request) ??
    refuseUnsigned(behaviour, request, config.now)
  );
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomMaxRequestStringLength */
function refuseSize({ protocol, host, path, query, method, headers }: ViewerRequest): Refusal | undefined {
  const url = `${protocol}://${host}${path}${query === "" ? "" : `?${query}`}`;
  const urlBytes = Buffer.byteLength(url);
  if (urlBytes > MAXIMUM_URL_BYTES) {
    return refuse(413, `the URL has ${urlBytes} bytes, CloudFront takes ${MAXIMUM_URL_BYTES}`);
  }
  const headerBytes = Object.keys(headers).reduce(
    (sum, name) => sum + Buffer.byteLength(`${name}: ${headerOf(headers, name)}\r\n`),
    0,
  );
  const bytes = Buffer.byteLength(`${method} ${path}?${query}`) + headerBytes;
  if (bytes <= MAXIMUM_REQUEST_BYTES) return undefined;
  return refuse(413, `the request has ${bytes} bytes, CloudFront takes ${MAXIMUM_REQUEST_BYTES}`);
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/georestrictions.html */
function refuseCountry({ geoRestriction }: Distribution, country: string | undefined): Refusal | undefined {
  if (country === undefined || geoRestriction.kind === "none") return undefined;
  const isListed = geoRestriction.countries.includes(country);
  if (isListed === (geoRestriction.kind === "whitelist")) return undefined;
  const words = isListed ? "is one that is not served" : "is none of those that are served";
  return refuse(403, `the country ${country} ${words}`);
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html */
function refuseProtocol(
  { viewerProtocolPolicy }: Behaviour,
  { protocol, host, path, query, method }: ViewerRequest,
): Refusal | undefined {
  if (protocol === "https" || viewerProtocolPolicy === "allow-all") return undefined;
  if (viewerProtocolPolicy === "https-only") return refuse(403, "only HTTPS is served");
  return {
    kind: "redirect",
    // Other methods are sent again with their body.
    status: method === "GET" || method === "HEAD" ? 301 : 307,
    location: `https://${host}${path}${query === "" ? "" : `?${query}`}`,
    reason: "HTTP is redirected to HTTPS",
  };
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesAllowedHTTPMethods */
function refuseMethod({ allowedMethods }: Behaviour, { method }: ViewerRequest): Refusal | undefined {
  if (allowedMethods.includes(method)) return undefined;
  return refuse(403, `the method ${method} is none of ${allowedMethods.join(", ")}`);
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustom-get-body */
function refuseBody({ method, headers }: ViewerRequest): Refusal | undefined {
  const length = headerOf(headers, "content-length") ?? "0";
  if (method !== "GET" || (length === "0" && headers["transfer-encoding"] === undefined)) return undefined;
  return refuse(403, "a GET has no body, this one does");
}

const SIGNATURE_PARTS = ["Signature", "Key-Pair-Id"] as const;

/**
 * Whether a request has what a signed URL or signed cookies have, and its canned policy has not expired. The signature itself is not
 * checked: the ids of keys are known when they are deployed.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-cookies.html
 */
function refuseUnsigned(
  { trustedKeyGroups }: Behaviour,
  { query, headers }: ViewerRequest,
  now: number,
): Refusal | undefined {
  if (trustedKeyGroups.length === 0) return undefined;
  const parameters = new Map(parametersOf(query).map(({ name, value }) => [name, value]));
  const cookies = new Map(cookiesOf(headers).map(({ name, value }) => [name, value]));
  const inUrl = (name: string) => parameters.get(name);
  const inCookies = (name: string) => cookies.get(`CloudFront-${name}`);
  // A URL that carries a signature is judged by it, whatever the cookies say.
  const part = SIGNATURE_PARTS.some((name) => parameters.has(name)) ? inUrl : inCookies;
  const missing = SIGNATURE_PARTS.filter((name) => part(name) === undefined);
  const expires = part("Expires");
  if (missing.length > 0 || (expires === undefined && part("Policy") === undefined)) {
    const names = missing.length > 0 ? missing.join(" and ") : "Expires or Policy";
    return refuse(403, `only signed requests are served, this one has no ${names}`);
  }
  if (expires !== undefined && Number(expires) * 1000 <= now) {
    return refuse(403, `its signature has expired: Expires=${expires}`);
  }
  return undefined;
}

function refuse(status: 403 | 413, reason: string): Refusal {
  return { kind: "refuse", status, reason };
}
