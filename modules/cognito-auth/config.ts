import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";

/** An attribute of users that Cognito does not know by itself. It can never be renamed, changed or removed. */
export interface CustomAttribute {
  /** Name without `custom:`, up to 20 letters, digits, dots, hyphens and underscores. */
  readonly name: string;
  readonly type: "String" | "Number" | "Boolean" | "DateTime";
  /** It may change once it is set. @default true */
  readonly mutable?: boolean;
  /**
   * Users may set it themselves through the app. Never for what decides on rights, such as a tenant or a role.
   * @default false: administrators alone
   */
  readonly userWritable?: boolean;
}

/** OpenID Connect identity provider. */
export interface OidcProvider {
  /** Name of the provider, shown on the sign-in page. Replaced when it changes. */
  readonly name: string;
  /** Issuer, e.g. `https://login.example.com`; its discovery document names the endpoints. */
  readonly issuer: string;
  /** The pool's client id at the provider. */
  readonly clientId: string;
  /** ARN of the Secrets Manager secret whose text is the client secret. */
  readonly clientSecretArn: string;
  /** Scopes asked for. @default ["openid", "email"] */
  readonly scopes?: readonly string[];
  /** Attributes of the pool to claims of the provider; must hold `email`. */
  readonly attributeMapping: Readonly<Record<string, string>>;
}

/** SAML 2.0 identity provider; exactly one of `metadataUrl` and `metadataDocument`. */
export interface SamlProvider {
  /** Name of the provider, shown on the sign-in page. Replaced when it changes. */
  readonly name: string;
  /** Where Cognito reads the metadata, and reads it again. */
  readonly metadataUrl?: string;
  /** The metadata as XML text. */
  readonly metadataDocument?: string;
  /** Attributes of the pool to attributes of the assertion; must hold `email`. */
  readonly attributeMapping: Readonly<Record<string, string>>;
}

/** A scope that access tokens can hold; clients ask for `<project>-<environment>-api/<name>`, with a `name` of the users before `api`. */
export interface Scope {
  /** E.g. `todos.read`. */
  readonly name: string;
  /** Shown to whoever grants it. */
  readonly description: string;
}

/** A group of users. */
export interface UserGroup {
  readonly name: string;
  readonly description: string;
  /** The lower, the stronger: decides which group's role a member of several gets. */
  readonly precedence: number;
  /** What members may do with their AWS credentials, besides what every user may. @default nothing; no role of its own */
  readonly statements?: readonly PolicyStatement[];
}

/** Sign-up and sign-in of one environment. */
export interface CognitoAuthConfig {
  /** Names of the environment. */
  readonly label: Label;
  /**
   * Short name of these users beside others of the environment, e.g. `shop`: part of every name. Lower-case letters, digits and hyphens.
   * Another one replaces what is named. @default none: the environment's only users
   */
  readonly name?: string;
  /** TOTP codes as second factor. */
  readonly mfa: "optional" | "required";
  /**
   * Cognito's risk checks: only watching, or acting: breached passwords are refused, suspicious sign-ins ask for the second factor.
   * Anything but `off` needs the Plus plan, which costs per user; `enforced` needs `sesIdentityArn`.
   */
  readonly threatProtection: "off" | "audit" | "enforced";
  /** Shortest password, 8 to 99 characters. @default 12 */
  readonly passwordMinimumLength?: number;
  /** Minutes that access and ID tokens live, 5 to 1440. @default 15 */
  readonly accessTokenMinutes?: number;
  /** Days that a refresh token lives, 1 to 3650. @default 30 */
  readonly refreshTokenDays?: number;
  /**
   * Rotates refresh tokens: each use gives a new one, and the old one is good for this many seconds more, 0 to 60. Clients must
   * then refresh by `GetTokensFromRefreshToken` or the token endpoint; Cognito refuses the flow `REFRESH_TOKEN_AUTH`.
   * @default no rotation
   */
  readonly refreshTokenRotationGraceSeconds?: number;
  /** Where the sign-in page may return to, e.g. `acme://signed-in`. */
  readonly callbackUrls: readonly string[];
  /** Where the sign-out page may return to. */
  readonly logoutUrls: readonly string[];
  /** Own domain name of the sign-in page. @default a prefix of Cognito's domain */
  readonly domainName?: string;
  /** ARN of that domain's certificate, in us-east-1. Required with `domainName`. */
  readonly certificateArn?: string;
  /** Route 53 zone of that domain's alias records. Only with `domainName`. @default none: the records are kept elsewhere */
  readonly hostedZoneId?: string;
  /** ARN of the SES identity that sends the mail. Required when threats are `enforced`. @default Cognito's own sender, 50 mails a day */
  readonly sesIdentityArn?: string;
  /** Address that mail comes from. @default the SES identity, or `no-reply@` it when it is a domain */
  readonly senderEmail?: string;
  /** @default none */
  readonly groups?: readonly UserGroup[];
  /** @default none */
  readonly customAttributes?: readonly CustomAttribute[];
  /** @default none */
  readonly oidcProviders?: readonly OidcProvider[];
  /** @default none */
  readonly samlProviders?: readonly SamlProvider[];
  /** Scopes of the environment's APIs, all granted to the mobile client. @default none */
  readonly scopes?: readonly Scope[];
  /** What a signed-in user may do with temporary AWS credentials. @default nothing */
  readonly authenticatedStatements?: readonly PolicyStatement[];
  /** ARN of the regional web ACL before the pool. @default none */
  readonly webAclArn?: string;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** AWS and Terraform refuse to delete or replace pools and client. */
  readonly deletionProtection: boolean;
}

/** What a thing is named within the environment, e.g. `shop-users`. */
export function thingName({ name }: CognitoAuthConfig, thing: string): string {
  return name === undefined ? thing : `${name}-${thing}`;
}
