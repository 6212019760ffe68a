/** A CloudFront distribution as this package sees it: all that decides what happens to a request, with references resolved. */
export interface Distribution {
  /** Name of the resource in Terraform, e.g. `downloads_distribution_CC7E4045`. */
  readonly resource: string;
  readonly enabled: boolean;
  /** Own domain names. Without one, CloudFront's alone is served. */
  readonly aliases: readonly string[];
  /** Object that is served at `/`, without a slash, e.g. `index.html`. */
  readonly defaultRootObject?: string;
  readonly priceClass: string;
  /** In the order in which they are matched; the last is the default and matches all. */
  readonly behaviours: readonly Behaviour[];
  /** By id. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** By id. No id is both an origin's and a group's. */
  readonly originGroups: Readonly<Record<string, OriginGroup>>;
  /** What is configured for errors, by the status of the origin. */
  readonly errorResponses: Readonly<Record<number, ErrorResponse>>;
  readonly geoRestriction: GeoRestriction;
  /** The web ACL, by id or as Terraform refers to it. Its rules are not part of the model. */
  readonly webAcl?: string;
}

/** What applies to the paths of one pattern. */
export interface Behaviour {
  /** `*` for the default. */
  readonly pathPattern: string;
  readonly isDefault: boolean;
  /** Id of an origin or of an origin group. */
  readonly targetId: string;
  readonly viewerProtocolPolicy: "allow-all" | "https-only" | "redirect-to-https";
  readonly allowedMethods: readonly string[];
  readonly cachedMethods: readonly string[];
  readonly compress: boolean;
  readonly cachePolicy: CachePolicy;
  readonly originRequestPolicy?: OriginRequestPolicy;
  readonly responseHeadersPolicy?: ResponseHeadersPolicy;
  /** Runs before the cache is looked into. */
  readonly viewerRequest?: EdgeFunctionSource;
  /** Runs before the viewer is answered. */
  readonly viewerResponse?: EdgeFunctionSource;
  /** Key groups, by id or as Terraform refers to them; with any, only signed requests are served. */
  readonly trustedKeyGroups: readonly string[];
}

/** Which of the viewer's headers, cookies or query parameters are chosen. */
export interface Selection {
  readonly kind: "none" | "whitelist" | "allExcept" | "all";
  /** The ones that are named, of headers in lower case. Empty with `none` and `all`. */
  readonly names: readonly string[];
}

/** How long answers are kept, and what tells them apart. */
export interface CachePolicy {
  readonly name: string;
  readonly minimumTtlSeconds: number;
  readonly defaultTtlSeconds: number;
  readonly maximumTtlSeconds: number;
  readonly headers: Selection;
  readonly cookies: Selection;
  readonly queryStrings: Selection;
  readonly gzip: boolean;
  readonly brotli: boolean;
}

/** What the origin is sent besides the parts of the cache key. */
export interface OriginRequestPolicy {
  readonly name: string;
  readonly headers: Selection;
  readonly cookies: Selection;
  readonly queryStrings: Selection;
}

/** Headers that are set on or taken from the answers to viewers. */
export interface ResponseHeadersPolicy {
  readonly name: string;
  readonly cors?: CorsHeaders;
  /** Security and custom headers. */
  readonly added: readonly AddedHeader[];
  /** Names, in lower case. */
  readonly removed: readonly string[];
}

/** A header of a response headers policy. */
export interface AddedHeader {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** Goes before what the origin says. */
  readonly override: boolean;
}

/** CORS headers of a response headers policy. */
export interface CorsHeaders {
  readonly allowCredentials: boolean;
  readonly allowHeaders: readonly string[];
  readonly allowMethods: readonly string[];
  /** Origins, or `*`, also as the first part of a domain. */
  readonly allowOrigins: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maximumAgeSeconds?: number;
  readonly override: boolean;
}

/** A CloudFront Function. */
export interface EdgeFunctionSource {
  readonly name: string;
  /** As it is deployed. */
  readonly code: string;
}

/** Where objects come from. */
export interface Origin {
  readonly id: string;
  readonly kind: "custom" | "s3";
  /** Domain name, or Terraform's reference to it, e.g. `${aws_s3_bucket.files.bucket_regional_domain_name}`. */
  readonly domainName: string;
  /** Put before each path, e.g. `/v2`. Empty usually. */
  readonly path: string;
  /** Names of the headers that CloudFront adds, in lower case. Their values may be secrets and are left out. */
  readonly customHeaders: readonly string[];
  /** How it is spoken to. */
  readonly protocolPolicy: "http-only" | "https-only" | "match-viewer";
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly connectionAttempts: number;
  readonly connectionTimeoutSeconds: number;
  readonly readTimeoutSeconds: number;
  /** Region of Origin Shield. Undefined without it. */
  readonly shieldRegion?: string;
  /** CloudFront signs its requests to it (origin access control). */
  readonly signsRequests: boolean;
}

/** Two origins: the second is asked where the first fails. */
export interface OriginGroup {
  readonly id: string;
  /** Ids of the origins, the first one first. */
  readonly members: readonly [string, string];
  /** Answers of the first after which the second is asked. */
  readonly failoverStatuses: readonly number[];
}

/** What is done about one status of the origin. */
export interface ErrorResponse {
  /** Seconds that it is kept at least. Undefined: CloudFront's own 10 s. */
  readonly minimumTtlSeconds?: number;
  /** Path of the page that is served in its place. */
  readonly pagePath?: string;
  /** Status that the viewer gets with that page. */
  readonly responseStatus?: number;
}

/** Countries that are served. */
export interface GeoRestriction {
  readonly kind: "none" | "whitelist" | "blacklist";
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
}
