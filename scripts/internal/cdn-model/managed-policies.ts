import type { CachePolicy, OriginRequestPolicy, Selection } from "./distribution";

const NONE: Selection = { kind: "none", names: [] };
const ALL: Selection = { kind: "all", names: [] };
const only = (...names: readonly string[]): Selection => ({ kind: "whitelist", names });

const METHOD_OVERRIDES = [
  "host",
  "origin",
  "x-http-method-override",
  "x-http-method",
  "x-method-override",
] as const;

/** Keeps what its `changes` do not say otherwise for a day, by path alone. */
function caching(name: string, changes: Partial<CachePolicy>): CachePolicy {
  return {
    name,
    minimumTtlSeconds: 0,
    defaultTtlSeconds: 86_400,
    maximumTtlSeconds: 31_536_000,
    headers: NONE,
    cookies: NONE,
    queryStrings: NONE,
    gzip: true,
    brotli: true,
    ...changes,
  };
}

/**
 * Cache policies that AWS manages, by id.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
export const MANAGED_CACHE_POLICIES: Readonly<Record<string, CachePolicy>> = {
  "2e54312d-136d-493c-8eb9-b001f22f67d2": caching("Amplify", {
    minimumTtlSeconds: 2,
    defaultTtlSeconds: 2,
    maximumTtlSeconds: 600,
    headers: only("authorization", "cloudfront-viewer-country", "host"),
    cookies: ALL,
    queryStrings: ALL,
  }),
  "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": caching("CachingDisabled", {
    defaultTtlSeconds: 0,
    maximumTtlSeconds: 0,
    gzip: false,
    brotli: false,
  }),
  "658327ea-f89d-4fab-a63d-7e88639e58f6": caching("CachingOptimized", { minimumTtlSeconds: 1 }),
  "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": caching("CachingOptimizedForUncompressedObjects", {
    minimumTtlSeconds: 1,
    gzip: false,
    brotli: false,
  }),
  "08627262-05a9-4f76-9ded-b50ca2e3a84f": caching("Elemental-MediaPackage", {
    headers: only("origin"),
    queryStrings: only("aws.manifestfilter", "start", "end", "m"),
    brotli: false,
  }),
  "83da9c7e-98b4-4e11-a168-04f0df8e2c65": caching("UseOriginCacheControlHeaders", {
    defaultTtlSeconds: 0,
    headers: only(...METHOD_OVERRIDES),
    cookies: ALL,
  }),
  "4cc15a8a-d715-48a4-82b8-cc0b614638fe": caching("UseOriginCacheControlHeaders-QueryStrings", {
    defaultTtlSeconds: 0,
    headers: only(...METHOD_OVERRIDES),
    cookies: ALL,
    queryStrings: ALL,
  }),
};

/**
 * Origin request policies that AWS manages, by id.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
 */
export const MANAGED_ORIGIN_REQUEST_POLICIES: Readonly<Record<string, OriginRequestPolicy>> = {
  "216adef6-5c7f-47e4-b989-5492eafa07d3": {
    name: "AllViewer",
    headers: ALL,
    cookies: ALL,
    queryStrings: ALL,
  },
  "b689b0a8-53d0-40ab-baf2-68738e2966ac": {
    name: "AllViewerExceptHostHeader",
    headers: { kind: "allExcept", names: ["host"] },
    cookies: ALL,
    queryStrings: ALL,
  },
  "59781a5b-3903-41f3-afcb-af62929ccde1": {
    name: "CORS-CustomOrigin",
    headers: only("origin"),
    cookies: NONE,
    queryStrings: NONE,
  },
  "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": {
    name: "CORS-S3Origin",
    headers: only("origin", "access-control-request-headers", "access-control-request-method"),
    cookies: NONE,
    queryStrings: NONE,
  },
  "acba4595-bd28-49b8-b9fe-13317c0390fa": {
    name: "UserAgentRefererHeaders",
    headers: only("user-agent", "referer"),
    cookies: NONE,
    queryStrings: NONE,
  },
};
