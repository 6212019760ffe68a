import * as z from "zod";
import {
  certificateArn,
  domainName,
  hostedZoneId,
  httpsUrl,
  origin,
  redirectUrl,
  secretArn,
  slug,
  wholeNumber,
} from "./fields";

/** A custom attribute of users. Cognito can add attributes to a pool but neither rename, change nor remove one. */
const customAttribute = z.strictObject({
  /** Name without `custom:`, up to 20 characters. */
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,20}$/, {
    error: "must be 1 to 20 letters, digits, dots, hyphens or underscores, without custom:",
  }),
  type: z.enum(["String", "Number", "Boolean", "DateTime"]),
  /** It may change once it is set. @default true */
  mutable: z.boolean().default(true),
  /** Users may set it themselves. Never for what decides on rights. @default false: administrators alone */
  userWritable: z.boolean().default(false),
});

const attributeMapping = z.record(z.string(), z.string());
const providerName = z.string().regex(/^[A-Za-z0-9_.-]{3,32}$/, {
  error: "must be 3 to 32 letters, digits, dots, hyphens or underscores",
});

/** OpenID Connect identity provider. */
const oidcProvider = z.strictObject({
  /** Name of the provider, shown on the sign-in page. */
  name: providerName,
  /** Issuer, e.g. `https://login.example.com`. */
  issuer: httpsUrl,
  /** The pool's client id at the provider. */
  clientId: z.string().min(1),
  /** ARN of the Secrets Manager secret that holds the client secret; never the secret itself. */
  clientSecretArn: secretArn,
  /** Scopes asked for. @default ["openid", "email"] */
  scopes: z.array(z.string().min(1)).min(1).default(["openid", "email"]),
  /** Attributes of the pool to claims of the provider. @default `{ email: "email" }` */
  attributeMapping: attributeMapping.default({ email: "email" }),
});

/** SAML 2.0 identity provider; exactly one of `metadataUrl` and `metadataFile`. */
const samlProvider = z.strictObject({
  /** Name of the provider, shown on the sign-in page. */
  name: providerName,
  /** Where Cognito reads the metadata, and reads it again. */
  metadataUrl: httpsUrl.optional(),
  /** File that holds the metadata document, from the project's folder. */
  metadataFile: z.string().min(1).optional(),
  /** Attributes of the pool to attributes of the assertion. */
  attributeMapping,
});

/** Sign-up and sign-in. */
const auth = z.strictObject({
  /** TOTP codes as second factor. @default "optional" */
  mfa: z.enum(["optional", "required"]).default("optional"),
  /** Cognito's risk checks; costs per user when not off. @default "off" */
  threatProtection: z.enum(["off", "audit", "enforced"]).default("off"),
  /** Minutes that access and ID tokens live, 5 to 1440. @default 15 */
  accessTokenMinutes: wholeNumber(5, 1440).default(15),
  /** Days that a refresh token lives, 1 to 3650. @default 30 */
  refreshTokenDays: wholeNumber(1, 3650).default(30),
  /** Where the sign-in page may return to, e.g. `acme://signed-in`. */
  callbackUrls: z.array(redirectUrl).min(1),
  /** Where the sign-out page may return to. */
  logoutUrls: z.array(redirectUrl).min(1),
  /** The sign-in page's own domain. @default a prefix of Cognito's domain */
  domain: z
    .strictObject({
      name: domainName,
      /** Certificate in us-east-1, whatever the environment's region. */
      certificateArn,
      /** Route 53 zone for the alias records. @default none: the records are kept elsewhere */
      hostedZoneId: hostedZoneId.optional(),
    })
    .optional(),
  /** SES identity that sends the mail. @default Cognito's own sender, 50 mails a day */
  sesIdentityArn: z
    .string()
    .regex(/^arn:aws:ses:[a-z0-9-]+:\d{12}:identity\/.+$/, { error: "must be the ARN of an SES identity" })
    .optional(),
  /** Address that mail comes from. @default the SES identity, or `no-reply@` it when it is a domain */
  senderEmail: z.email({ error: "must be an e-mail address" }).optional(),
  /** Shortest password, 8 to 99 characters. @default 12 */
  passwordMinimumLength: wholeNumber(8, 99).default(12),
  /**
   * Each use of a refresh token gives a new one; the old one is good for this many seconds more, 0 to 60. Clients must then refresh
   * at the token endpoint or by `GetTokensFromRefreshToken`. @default refresh tokens are not rotated
   */
  refreshTokenRotationGraceSeconds: wholeNumber(0, 60).optional(),
  /** Scopes that access tokens of the sign-in page can hold. @default none */
  scopes: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[!#-.0-[\]-~]{1,256}$/, {
          error: "must be 1 to 256 printable characters without spaces, quotes, slashes and backslashes",
        }),
        description: z.string().min(1).max(256),
      }),
    )
    .max(100)
    .default([]),
  /** Groups of users; the lower the precedence, the stronger. @default none */
  groups: z
    .array(
      z.strictObject({
        name: slug(64),
        description: z.string().max(2048),
        precedence: wholeNumber(0, 1000),
      }),
    )
    .default([]),
  /** @default none */
  customAttributes: z.array(customAttribute).max(50).default([]),
  /** @default none */
  oidcProviders: z.array(oidcProvider).default([]),
  /** @default none */
  samlProviders: z.array(samlProvider).default([]),
});

/** The REST API of the to-dos. */
const todoApi = z.strictObject({
  /** Served versions, side by side: each is `api/todos/<version>.yaml`. @default ["v1"] */
  versions: z
    .array(z.string().regex(/^v[1-9]\d*$/, { error: "must be v and a number, like v1" }))
    .min(1)
    .default(["v1"]),
  /** Requests per second of each operation of a version, all callers together, on average. */
  throttleRatePerSecond: wholeNumber(1, 10_000),
  /** Requests of each operation that may come at once above that rate. */
  throttleBurst: wholeNumber(1, 5_000),
  /** Limits of single operations, by `operationId`. @default those above */
  operationThrottles: z
    .record(
      z.string(),
      z.strictObject({ ratePerSecond: wholeNumber(1, 10_000), burst: wholeNumber(1, 5_000) }),
    )
    .default({}),
  /**
   * Invocations of the function at once, for each version. AWS refuses it unless 100 of the account's quota stay unreserved, after
   * this and the upload guard's 5.
   */
  reservedConcurrency: wholeNumber(1, 10_000),
  /** Web page's origin that may call the API. @default none: native clients alone */
  corsOrigin: origin.optional(),
  /** Stage cache for GET, apart for every user. @default none */
  cache: z
    .strictObject({
      /** GB: 0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118 or 237. */
      sizeGigabytes: z.literal([0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237]),
      /** Seconds that an answer lives, 1 to 60; errors are kept as long. */
      ttlSeconds: wholeNumber(1, 60),
    })
    .optional(),
  /** Own domain name of the API. @default API Gateway's */
  domain: z
    .strictObject({
      name: domainName,
      /** Certificate in the environment's region. */
      certificateArn,
      /** Route 53 zone for the alias record. @default none: the record is kept elsewhere */
      hostedZoneId: hostedZoneId.optional(),
    })
    .optional(),
  /** Web application firewall before API and user pool. @default none */
  firewall: z
    .strictObject({
      /** Requests of one address in five minutes before it is blocked. */
      requestsPerFiveMinutesPerIp: wholeNumber(10, 2_000_000_000),
      /**
       * Rules of AWS's common rule set that only count: for those that refuse what is meant well.
       * @default ["SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING", "CrossSiteScripting_BODY"]: long notes, long answers of
       * identity providers, notes that quote HTML, which the API takes and gives as JSON alone
       */
      countedCommonRules: z
        .array(z.string().min(1))
        .default(["SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING", "CrossSiteScripting_BODY"]),
    })
    .optional(),
});

const capacity = z.strictObject({ minimum: wholeNumber(1, 40_000), maximum: wholeNumber(1, 40_000) });

/** The table of the to-dos. */
const table = z.strictObject({
  /** Days that the table can be restored to any second of, 1 to 35. @default 35 */
  pointInTimeRecoveryDays: wholeNumber(1, 35).default(35),
  /** Provisioned capacity with auto scaling. @default on demand */
  provisioned: z.strictObject({ read: capacity, write: capacity }).optional(),
  /** Most units per second on demand, read and write: what a flood can cost. Not with `provisioned`. @default AWS's quota */
  onDemandMaximum: z.strictObject({ read: wholeNumber(1, 40_000), write: wholeNumber(1, 40_000) }).optional(),
});

/** The in-memory cache before the table; needs `network`. */
const dax = z.strictObject({
  /** E.g. `dax.t3.small`, `dax.r5.large`. */
  nodeType: z.string().regex(/^dax\.(t2|t3|r4|r5|r7i)\.[a-z0-9]+$/, {
    error: "must be a DAX node type, like dax.t3.small or dax.r5.large",
  }),
  /** 1 to 11; 3 and more survive the loss of a zone. */
  nodes: wholeNumber(1, 11),
  /** Seconds that an item stays cached, and so may be stale after a write. @default 5 */
  recordTtlSeconds: wholeNumber(1, 86_400).default(5),
  /** Seconds that a list stays cached, and so may be stale after a write. @default 5 */
  queryTtlSeconds: wholeNumber(1, 86_400).default(5),
});

/** Files that the app reads and writes straight in S3, a folder per user. */
const files = z.strictObject({
  /** Web pages' origins that may use the bucket. @default none: native clients alone */
  corsOrigins: z.array(origin).default([]),
  /** Days that overwritten and deleted versions stay. @default 30 */
  noncurrentVersionDays: wholeNumber(1, 3650).default(30),
  /** Largest file in MiB; a larger one is removed at once after its upload. @default 100 */
  maxObjectMegabytes: wholeNumber(1, 5_000).default(100),
});

/** System A: the to-do back end for a mobile app. */
export const todo = z.strictObject({
  auth,
  api: todoApi,
  table: table.prefault({}),
  /** @default none: the function reads the table */
  dax: dax.optional(),
  files: files.prefault({}),
});
