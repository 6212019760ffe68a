import { CloudfrontCachePolicy } from "@cdktf/provider-aws/lib/cloudfront-cache-policy";
import type { Construct } from "constructs";
import type { Label } from "../internal/label";
import { type PathClass, ttlOf } from "./path-classes";

/** AWS's own policy CachingDisabled: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
export const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

/**
 * AWS's own policy AllViewerExceptHostHeader. The load balancer's certificate is for its own name:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
 */
export const ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/** Adds the cache policy of one class: its times and its key. @returns its id */
export function addCachePolicy(scope: Construct, label: Label, pathClass: PathClass): string {
  const ttl = ttlOf(pathClass);
  const { cacheKeyHeaders = [], cacheKeyCookies = [], cacheKeyQueryStrings = [] } = pathClass;
  return new CloudfrontCachePolicy(scope, `cache-policy-${pathClass.name}`, {
    name: label.name(`downloads-${pathClass.name}`, 128),
    comment: `Keeps ${pathClass.pathPattern}.`,
    minTtl: ttl.minimum,
    defaultTtl: ttl.default,
    maxTtl: ttl.maximum,
    parametersInCacheKeyAndForwardedToOrigin: {
      headersConfig:
        cacheKeyHeaders.length === 0
          ? { headerBehavior: "none" }
          : { headerBehavior: "whitelist", headers: { items: [...cacheKeyHeaders].sort() } },
      cookiesConfig:
        cacheKeyCookies.length === 0
          ? { cookieBehavior: "none" }
          : { cookieBehavior: "whitelist", cookies: { items: [...cacheKeyCookies].sort() } },
      queryStringsConfig:
        cacheKeyQueryStrings.length === 0
          ? { queryStringBehavior: "none" }
          : { queryStringBehavior: "whitelist", queryStrings: { items: [...cacheKeyQueryStrings].sort() } },
      enableAcceptEncodingGzip: pathClass.compress ?? false,
      enableAcceptEncodingBrotli: pathClass.compress ?? false,
    },
    // CloudFront removes no policy that a behaviour still names.
    lifecycle: { createBeforeDestroy: true },
  }).id;
}
