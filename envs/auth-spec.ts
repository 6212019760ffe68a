import * as z from "zod";
import {
  certificateArn,
  domainName,
  hostedZoneId,
  httpsUrl,
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
export const auth = z.strictObject({
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
