import {
  type Behaviour,
  type CachePolicy,
  type Distribution,
  type Freshness,
  freshness,
  type Origin,
} from ".";

/** When the answers of these tests come. */
const NOW = Date.parse("2026-11-24T12:00:00Z");

/** A date for `Expires`, so many seconds after the answer. */
export function inSeconds(seconds: number): string {
  return new Date(NOW + seconds * 1000).toUTCString();
}

/** How long an answer with that `Cache-Control` is kept. `errorTtl` is what is configured for its status. */
export function freshnessOf(
  cacheControl: string | undefined,
  policy: Partial<CachePolicy> = {},
  {
    status = 200,
    headers = {},
    errorTtl,
  }: { status?: number; headers?: Record<string, string>; errorTtl?: number } = {},
): Freshness {
  const errorResponses = errorTtl === undefined ? {} : { [status]: { minimumTtlSeconds: errorTtl } };
  const all = { ...headers, ...(cacheControl !== undefined && { "cache-control": cacheControl }) };
  return freshness({ errorResponses }, policyOf(policy), { status, headers: all }, NOW);
}

/** A policy that keeps answers by path alone, for as long as the origin says, up to a year; for a day when it does not say. */
export function policyOf(changes: Partial<CachePolicy> = {}): CachePolicy {
  return {
    name: "test",
    minimumTtlSeconds: 0,
    defaultTtlSeconds: 86_400,
    maximumTtlSeconds: 31_536_000,
    headers: { kind: "none", names: [] },
    cookies: { kind: "none", names: [] },
    queryStrings: { kind: "none", names: [] },
    gzip: false,
    brotli: false,
    ...changes,
  };
}

/** A behaviour that reads from the origin `alb`: the default, unless it has a pattern. */
export function behaviourOf(changes: Partial<Behaviour> = {}): Behaviour {
  const { pathPattern = "*" } = changes;
  return {
    pathPattern,
    isDefault: pathPattern === "*",
    targetId: "alb",
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD", "OPTIONS"],
    cachedMethods: ["GET", "HEAD"],
    compress: false,
    cachePolicy: policyOf(),
    trustedKeyGroups: [],
    ...changes,
  };
}

/** A custom origin that is spoken to by HTTP. */
export function originOf(changes: Partial<Origin> = {}): Origin {
  return {
    id: "alb",
    kind: "custom",
    domainName: "origin.example.com",
    path: "",
    customHeaders: [],
    protocolPolicy: "http-only",
    httpPort: 80,
    httpsPort: 443,
    connectionAttempts: 3,
    connectionTimeoutSeconds: 10,
    readTimeoutSeconds: 30,
    signsRequests: false,
    ...changes,
  };
}

/** A distribution with the origin `alb` and these behaviours; the default is added when it is missing. */
export function distributionOf(
  behaviours: readonly Behaviour[] = [],
  changes: Partial<Distribution> = {},
): Distribution {
  return {
    resource: "test",
    enabled: true,
    aliases: [],
    priceClass: "PriceClass_All",
    behaviours: behaviours.some(({ isDefault }) => isDefault) ? behaviours : [...behaviours, behaviourOf()],
    origins: { alb: originOf() },
    originGroups: {},
    errorResponses: {},
    geoRestriction: { kind: "none", countries: [] },
    ...changes,
  };
}
