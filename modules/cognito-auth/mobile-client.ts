import { CognitoResourceServer } from "@cdktf/provider-aws/lib/cognito-resource-server";
import type { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client";
import type { Precondition } from "cdktf";
import type { Construct } from "constructs";
import { type CognitoAuthConfig, thingName } from "./config";

/** Attributes of Cognito's that the app may read, so that ID tokens hold. */
const READABLE = ["email", "email_verified", "locale", "name", "zoneinfo"];

/** Attributes of Cognito's that users may set through the app. */
const WRITABLE = ["email", "locale", "name", "zoneinfo"];

/** Cognito sets these by itself and refuses a client that asks to write them. */
const NEVER_WRITABLE = ["email_verified", "phone_number_verified", "username"];

/** What the mobile client needs besides the configuration. */
export interface MobileClientConfig extends CognitoAuthConfig {
  /** Names of the identity providers, as references. */
  readonly providerNames: readonly string[];
  /** What must hold before anything of the pool is changed. */
  readonly precondition: Precondition;
}

/**
 * Adds the client of the mobile app: public, so without a secret; signs in by the authorization code flow, with PKCE, or by
 * SRP, never by sending the password.
 */
export function addMobileClient(
  scope: Construct,
  pool: CognitoUserPool,
  config: MobileClientConfig,
): CognitoUserPoolClient {
  const rotationSeconds = config.refreshTokenRotationGraceSeconds;
  const tokenMinutes = config.accessTokenMinutes ?? 15;
  return new CognitoUserPoolClient(scope, "mobile-client", {
    name: config.label.name(thingName(config, "mobile"), 128),
    userPoolId: pool.id,
    generateSecret: false,
    // PKCE is the app's part: Cognito checks the challenge of every request that brings one, and cannot be told to ask for it.
    allowedOauthFlowsUserPoolClient: true,
    allowedOauthFlows: ["code"],
    allowedOauthScopes: [
      "openid",
      "email",
      "profile",
      // Lets users who signed in by the page manage their own account: password, second factor, sign-out everywhere.
      "aws.cognito.signin.user.admin",
      ...addScopes(scope, pool, config),
    ],
    callbackUrls: [...config.callbackUrls],
    logoutUrls: [...config.logoutUrls],
    supportedIdentityProviders: ["COGNITO", ...config.providerNames],
    // Cognito refuses the refresh flow in clients that rotate:
    // https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html
    explicitAuthFlows: [
      "ALLOW_USER_SRP_AUTH",
      ...(rotationSeconds === undefined ? ["ALLOW_REFRESH_TOKEN_AUTH"] : []),
    ],
    accessTokenValidity: tokenMinutes,
    idTokenValidity: tokenMinutes,
    refreshTokenValidity: config.refreshTokenDays ?? 30,
    tokenValidityUnits: [{ accessToken: "minutes", idToken: "minutes", refreshToken: "days" }],
    enableTokenRevocation: true,
    ...(rotationSeconds !== undefined && {
      refreshTokenRotation: [{ feature: "ENABLED", retryGracePeriodSeconds: rotationSeconds }],
    }),
    authSessionValidity: 3,
    preventUserExistenceErrors: "ENABLED",
    enablePropagateAdditionalUserContextData: false,
    readAttributes: readAttributes(config),
    writeAttributes: writeAttributes(config),
    // A new client has a new id, which every app that is out there lacks.
    lifecycle: { preventDestroy: config.deletionProtection, precondition: [config.precondition] },
  });
}

/** Adds the resource server of the scopes, if there are any. */
function addScopes(scope: Construct, pool: CognitoUserPool, config: CognitoAuthConfig): string[] {
  const { label, scopes = [] } = config;
  if (scopes.length === 0) return [];
  const server = new CognitoResourceServer(scope, "api", {
    userPoolId: pool.id,
    identifier: label.name(thingName(config, "api"), 256),
    name: label.name(thingName(config, "api"), 256),
    scope: scopes.map(({ name, description }) => ({ scopeName: name, scopeDescription: description })),
  });
  return scopes.map(({ name }) => `${server.identifier}/${name}`);
}

function readAttributes(config: CognitoAuthConfig): string[] {
  const custom = (config.customAttributes ?? []).map(({ name }) => `custom:${name}`);
  const mapped = mappedAttributes(config).filter((name) => name !== "username");
  return [...new Set([...READABLE, ...custom, ...mapped])].sort();
}

/** Cognito sets mapped attributes with the client's rights: a sign-in by a provider fails where they are missing. */
function writeAttributes(config: CognitoAuthConfig): string[] {
  const custom = (config.customAttributes ?? [])
    .filter(({ userWritable }) => userWritable === true)
    .map(({ name }) => `custom:${name}`);
  const mapped = mappedAttributes(config).filter((name) => !NEVER_WRITABLE.includes(name));
  return [...new Set([...WRITABLE, ...custom, ...mapped])].sort();
}

function mappedAttributes({ oidcProviders = [], samlProviders = [] }: CognitoAuthConfig): string[] {
  return [...oidcProviders, ...samlProviders].flatMap((provider) => Object.keys(provider.attributeMapping));
}
