import * as z from "zod";
import { containerService, serviceDomain } from "./container-spec";
import { certificateArn, domainName, hostedZoneId, origin, region, slug, wholeNumber } from "./fields";

/** One year in seconds. */
const YEAR = 31_536_000;

/** Names that go into a cache key: of query parameters, headers or cookies. */
const keyParts = z
  .array(
    z.string().regex(/^[A-Za-z0-9_.~-]+$/, {
      error: "must be letters, digits, dots, hyphens, underscores and tildes",
    }),
  )
  .max(10)
  .default([]);

/** Paths that are cached alike. The key is the path and what is named here; the origin is sent nothing else. */
const pathClass = z.strictObject({
  /** Name of the class, part of resource names: up to 24 characters, e.g. `versioned`. */
  name: slug(24),
  /** Path with `*` for any characters and `?` for one, e.g. `/updates/*`. The first class that matches is taken. */
  pathPattern: z.string().startsWith("/", { error: "must begin with a slash" }).max(255),
  /** Whether the origin's `Cache-Control` and `Expires` decide, within minimum and maximum, or `defaultTtlSeconds` always. */
  originCacheHeaders: z.enum(["honour", "ignore"]),
  /** Seconds that an answer is kept when the origin does not say. */
  defaultTtlSeconds: wholeNumber(0, YEAR),
  /** Seconds at least, only with `honour`. Above 0 it overrules even `no-store`. @default 0 */
  minimumTtlSeconds: wholeNumber(0, YEAR).exactOptional(),
  /** Seconds at most, only with `honour`. @default one year */
  maximumTtlSeconds: wholeNumber(0, YEAR).exactOptional(),
  /** Query parameters in the key: for URLs without a version. @default none */
  cacheKeyQueryStrings: keyParts,
  /** Headers in the key; never one with many values. @default none */
  cacheKeyHeaders: keyParts,
  /** Cookies in the key. @default none */
  cacheKeyCookies: keyParts,
  /** Texts are compressed; archives gain nothing. @default false */
  compress: z.boolean().default(false),
  /** Served only with a signature by one of `signingKeys`. @default false */
  signed: z.boolean().default(false),
});

/** Who holds the private half gives out signed URLs and cookies. */
const signingKey = z.strictObject({
  /** Name of the key, up to 24 characters, e.g. `shop-2026`. */
  name: slug(24),
  /** Public key as PEM, RSA of 2048 bits or ECDSA P-256. Never the private one. */
  publicKeyPem: z.string().min(1),
});

/** Web application firewall at the edge. */
const firewall = z.strictObject({
  /** Requests of one address in five minutes before it is blocked. A company's clients often share one. */
  requestsPerFiveMinutesPerIp: wholeNumber(10, 2_000_000_000),
  /**
   * Rules of AWS's common rule set that only count: for those that refuse what is meant well.
   * @default ["NoUserAgent_HEADER", "RestrictedExtensions_URIPATH", "SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING"]: updaters
   * that do not name themselves, files called .ini or .log, uploads to the application, signatures
   */
  countedCommonRules: z
    .array(z.string().min(1))
    .default([
      "NoUserAgent_HEADER",
      "RestrictedExtensions_URIPATH",
      "SizeRestrictions_BODY",
      "SizeRestrictions_QUERYSTRING",
    ]),
});

const countries = z
  .array(
    z.string().regex(/^[A-Z]{2}$/, { error: "must be a country's code of two capital letters, like DE" }),
  )
  .min(1)
  .exactOptional();

const percent = z
  .number()
  .gt(0, { error: "must be above 0 and below 100" })
  .lt(100, { error: "must be above 0 and below 100" });

/**
 * System C: CloudFront in front of release downloads. modules/cdn-downloads says more of each field, and fills in the defaults of those
 * that may be left out.
 */
export const downloads = z.strictObject({
  /**
   * Where the files are: behind the application's load balancer, in a bucket that is made here, or both while they move; then the
   * first is asked, and the second where the first fails or has no such file.
   */
  origin: z.enum(["alb", "s3", "alb-then-s3", "s3-then-alb"]),
  /** Domain name of the load balancer, one of its certificate. @default that of `albArn` or of `service` */
  albDomainName: domainName.exactOptional(),
  /**
   * ARN of the load balancer. Alone, it is called by its own name, which no certificate holds: with `albProtocol` "http". Beside
   * `albDomainName`, it says where `albIngress` is made. @default none
   */
  albArn: z
    .string()
    .regex(/^arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/app\/[a-zA-Z0-9-]+\/[0-9a-f]+$/, {
      error: "must be the ARN of an application load balancer",
    })
    .exactOptional(),
  /**
   * Lets CloudFront in: into the security group of `albArn`, by name the first where it has several, and by the secret header through its listener on `albPort`, whose
   * default action should refuse. @default none: the load balancer's owner does it
   */
  albIngress: z
    .strictObject({
      /** Where the requests go. */
      targetGroupArn: z.string().regex(/^arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/.+$/, {
        error: "must be the ARN of a target group",
      }),
      /** Place among the listener's rules, 1 to 50000. */
      priority: wholeNumber(1, 50_000),
    })
    .exactOptional(),
  /**
   * The files behind a load balancer of the platform: `services/updates` on `cluster`, which serves them from a bucket that is made here.
   * @default none: the application that serves them is there already
   */
  service: containerService
    .extend({
      /** Names and certificate of the load balancer: `origin.<name>`. @default none: only with `albProtocol` "http" */
      domain: serviceDomain.optional(),
    })
    .optional(),
  /** `http` sends the secret by which the load balancer knows CloudFront unencrypted. @default "https" */
  albProtocol: z.enum(["https", "http"]).exactOptional(),
  /** Port of the load balancer's listener: 80, 443 or 1024 to 65535. @default 443, with `albProtocol` "http" 80 */
  albPort: z
    .number()
    .refine((port) => port === 80 || port === 443 || wholeNumber(1024, 65_535).safeParse(port).success, {
      error: "must be 80, 443 or a whole number from 1024 to 65535",
    })
    .exactOptional(),
  /** Seconds that CloudFront waits for the load balancer's next bytes, 1 to 60. @default 30 */
  originReadTimeoutSeconds: wholeNumber(1, 60).exactOptional(),
  /**
   * Names of the secrets by which the load balancer knows CloudFront, 1 to 3; the first is sent. To rotate: add one at the end, deploy;
   * tell the load balancer; put it first, deploy; remove the old one. @default ["1"]
   */
  originSecretNames: z
    .array(
      z.string().regex(/^[a-z0-9-]{1,24}$/, {
        error: "must be 1 to 24 lower-case letters, digits and hyphens",
      }),
    )
    .min(1)
    .max(3)
    .exactOptional(),
  /** Region of Origin Shield, the one cache that asks the origin, or `off`. @default the region, or the nearest that has it */
  originShieldRegion: z
    .string()
    .refine((text) => text === "off" || region.safeParse(text).success, {
      error: 'must be "off" or an AWS region, like eu-west-1',
    })
    .exactOptional(),
  /** Paths that are cached, in the order in which a request is matched. @default latest, versioned and other updates, downloads */
  pathClasses: z.array(pathClass).min(1).exactOptional(),
  /** All other paths: `pass` them to the origin, uncached, or `refuse` them with 404 at the edge. */
  otherPaths: z.enum(["pass", "refuse"]),
  /**
   * Seconds that an error of the origin is kept at the edge, 0 to 300. 400, 403 and 405 are kept only when the origin sends `max-age` or
   * `s-maxage`. @default 5
   */
  errorTtlSeconds: wholeNumber(0, 300).exactOptional(),
  /** Extensions that are lower-cased on their way, without the dot, e.g. `["zip"]`. @default the module's */
  lowerCasedExtensions: z
    .array(
      z.string().regex(/^[a-z0-9]+$/, { error: "must be lower-case letters and digits, without the dot" }),
    )
    .exactOptional(),
  /** Own domain name. @default CloudFront's, whose certificate takes old TLS too */
  domain: z
    .strictObject({
      name: domainName,
      /** Certificate in us-east-1, whatever the environment's region. */
      certificateArn,
      /** Route 53 zone for the alias records. @default none: the records are kept elsewhere */
      hostedZoneId: hostedZoneId.optional(),
    })
    .optional(),
  /** @default none */
  firewall: firewall.optional(),
  /** Edges that serve: the fewer, the cheaper. @default "PriceClass_All" */
  priceClass: z.enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"]).exactOptional(),
  /** The only countries that are served, e.g. `["DE"]`. Not with `deniedCountries`. @default all */
  allowedCountries: countries,
  /** Countries that are not served. @default none */
  deniedCountries: countries,
  /** Web pages' origins that may read the files, or `*`. @default none */
  corsOrigins: z
    .array(
      z.string().refine((text) => text === "*" || origin.safeParse(text).success, {
        error: "must be * or one origin without a path, like https://www.example.com",
      }),
    )
    .default([]),
  /** Keys of which each opens the path classes that are `signed`, up to 5. @default none */
  signingKeys: z.array(signingKey).max(5).default([]),
  /** Days that overwritten and deleted files stay in the bucket. @default 30 */
  noncurrentVersionDays: wholeNumber(1, 3650).exactOptional(),
  /** Days that the access logs are kept. @default the environment's `logRetentionDays` */
  accessLogRetentionDays: wholeNumber(1, 3653).optional(),
  /** Alarm: viewer requests that fail with 5xx, in percent. @default 1 */
  alarmErrorRatePercent: percent.exactOptional(),
  /** Alarm: percentage of viewers' requests that are refused with 403. @default 5 */
  alarmForbiddenRatePercent: percent.exactOptional(),
  /** Alarm: milliseconds of the origin's answer that one in ten exceeds. @default 3000 */
  alarmOriginLatencyMilliseconds: wholeNumber(1, 60_000).exactOptional(),
  /** Alarm: requests that reach the origin in a minute. @default 6000 */
  alarmOriginRequestsPerMinute: wholeNumber(1, 1_000_000_000).exactOptional(),
  /** Alarm: percentage of requests that the cache answers, in busy times. @default 80 */
  alarmCacheHitRatePercent: percent.exactOptional(),
});
