import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import type { Construct } from "constructs";
import type { CdnDownloadsConfig } from "./config";

/** Two years, as the preload lists ask for. */
const HSTS_SECONDS = 63_072_000;

/** What a browser may read besides the headers that CORS always shows: enough to resume and verify a download. */
const EXPOSED_HEADERS = ["Accept-Ranges", "Age", "Content-Length", "Content-Range", "ETag", "X-Cache"];

/** What tells of the origin's software, to nobody's use but an attacker's. */
const REMOVED_HEADERS = ["Server", "X-Powered-By"];

/**
 * Adds the policy of response headers: what protects browsers, and CORS for the origins that are named. CloudFront answers CORS
 * itself, so `Origin` is in no cache key.
 *
 * @returns its id
 */
export function addResponseHeadersPolicy(
  scope: Construct,
  { label, corsOrigins = [] }: CdnDownloadsConfig,
): string {
  return new CloudfrontResponseHeadersPolicy(scope, "response-headers-policy", {
    name: label.name("downloads", 128),
    comment: "Headers that protect browsers.",
    securityHeadersConfig: {
      strictTransportSecurity: {
        accessControlMaxAgeSec: HSTS_SECONDS,
        // A domain's other hosts are not this module's to decide on.
        includeSubdomains: false,
        preload: false,
        override: true,
      },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "DENY", override: true },
      referrerPolicy: { referrerPolicy: "no-referrer", override: true },
    },
    customHeadersConfig: {
      items: [{ header: "X-Permitted-Cross-Domain-Policies", value: "none", override: true }],
    },
    removeHeadersConfig: { items: REMOVED_HEADERS.map((header) => ({ header })) },
    ...(corsOrigins.length > 0 && {
      corsConfig: {
        accessControlAllowCredentials: false,
        accessControlAllowHeaders: { items: ["*"] },
        accessControlAllowMethods: { items: ["GET", "HEAD"] },
        accessControlAllowOrigins: { items: [...corsOrigins] },
        accessControlExposeHeaders: { items: EXPOSED_HEADERS },
        accessControlMaxAgeSec: 3600,
        originOverride: true,
      },
    }),
    // CloudFront removes no policy that a behaviour still names.
    lifecycle: { createBeforeDestroy: true },
  }).id;
}
