import { JwtVerifier } from "aws-jwt-verify";
import { JwksValidationError, JwkValidationError } from "aws-jwt-verify/error";
import { SimpleJwksCache, SimplePenaltyBox } from "aws-jwt-verify/jwk";
import { Problem } from "../../runtime";
import type { UserPoolSettings } from "./settings";

/** Who makes a request. */
export interface User {
  /** Subject of the ID token: the user's id in the pool. */
  readonly id: string;
  /** Groups of the pool that the user is in. */
  readonly groups: readonly string[];
}

/**
 * Tells who makes a request.
 *
 * @param authorization value of the header, if there is one
 * @throws Problem 401 when it names nobody, 503 when that cannot be told now
 */
export type Authenticate = (authorization: string | undefined) => Promise<User>;

/** What tokens are verified with. */
export interface UserTokensConfig extends UserPoolSettings {
  /** Milliseconds that fetching the keys may take. @default 2000 */
  readonly fetchTimeoutMilliseconds?: number;
  /** Seconds after a token with an unknown key before the keys are fetched again: whoever makes up tokens causes no more. @default 10 */
  readonly refetchSeconds?: number;
  /** Seconds that the keys are good before they are fetched again: one that the pool has withdrawn is taken no longer. @default 3600 */
  readonly keepSeconds?: number;
}

/** The keys could not be had: says nothing of the token. */
class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

/** Keys of a user pool are two, and small. */
const MOST_KEY_BYTES = 64 * 1024;

/**
 * Verifies ID tokens of a Cognito user pool: signature, issuer, audience, expiry and use. The keys are fetched when they are first needed,
 * again when a token names another, never more often than every {@link UserTokensConfig.refetchSeconds} seconds, and again when they are old.
 *
 * @throws Error when `userPoolId` is no id of a pool
 */
export function userTokens(config: UserTokensConfig): Authenticate {
  const { clientId: audience, fetchTimeoutMilliseconds = 2000 } = config;
  const { refetchSeconds = 10, keepSeconds = 3600 } = config;
  /** When the keys of an address are to be fetched again. */
  const oldAt = new Map<string, number>();
  const jwksCache = new SimpleJwksCache({
    fetcher: {
      fetch: async (url) => {
        const keys = await fetchKeys(url, fetchTimeoutMilliseconds);
        oldAt.set(url, performance.now() + keepSeconds * 1000);
        return keys;
      },
    },
    penaltyBox: new SimplePenaltyBox({ waitSeconds: refetchSeconds }),
  });
  // Nobody waits for it: until they have come, and where they cannot be had, those that are known are good.
  const renewOldKeys = () => {
    for (const [url, time] of oldAt) {
      if (performance.now() < time) continue;
      oldAt.set(url, performance.now() + refetchSeconds * 1000);
      jwksCache.getJwks(url).catch(() => undefined);
    }
  };
  const verifier = JwtVerifier.create(
    issuersOf(config).map(({ issuer, jwksUri }) => ({ issuer, audience, jwksUri })),
    { jwksCache },
  );
  return async (authorization) => {
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) throw refused("The request needs an ID token of the user pool.", false);
    renewOldKeys();
    try {
      const claims = await verifier.verify(token);
      return userOfClaims(claims);
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (isUnavailable(error)) {
        throw new Problem(503, "The token cannot be checked now. Try again.");
      }
      throw refused("The ID token has expired, or is not of this user pool.");
    }
  };
}

function userOfClaims(claims: Readonly<Record<string, unknown>>): User {
  const { sub, token_use: use, exp, "cognito:groups": groups } = claims;
  // An access token is not meant to identify a user.
  if (use !== "id" || typeof sub !== "string" || sub === "" || typeof exp !== "number") {
    throw refused("The request needs an ID token of the user pool.");
  }
  const names = Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [];
  return { id: sub, groups: names };
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-3: a request without a token is told no error. */
function refused(detail: string, hadToken = true): Problem {
  const challenge = hadToken ? 'Bearer error="invalid_token"' : "Bearer";
  return new Problem(401, detail, [], { "WWW-Authenticate": challenge });
}

function isUnavailable(error: unknown): boolean {
  return (
    error instanceof KeysUnavailable ||
    error instanceof JwksValidationError ||
    error instanceof JwkValidationError
  );
}

/** Cognito writes a pool's issuer in one of two forms. */
function issuersOf({ userPoolId, issuer, jwksUrl }: UserPoolSettings) {
  const region = /^([a-z]+(?:-[a-z]+)+-\d)_[A-Za-z0-9]+$/.exec(userPoolId)?.[1];
  if (region === undefined) {
    throw new Error(`environment: USER_POOL_ID must be an id such as eu-west-1_AbCdEfGhI, got ${userPoolId}`);
  }
  const issuers =
    issuer !== undefined
      ? [issuer]
      : ["cognito-idp", "issuer-cognito-idp"].map(
          (host) => `https://${host}.${region}.amazonaws.com/${userPoolId}`,
        );
  return issuers.map((name) => ({ issuer: name, jwksUri: jwksUrl ?? `${name}/.well-known/jwks.json` }));
}

async function fetchKeys(url: string, timeoutMilliseconds: number): Promise<ArrayBuffer> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(timeoutMilliseconds),
      redirect: "error",
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const keys = await response.arrayBuffer();
    if (keys.byteLength > MOST_KEY_BYTES) throw new Error(`${keys.byteLength} bytes`);
    return keys;
  } catch (error) {
    throw new KeysUnavailable("the keys of the user pool could not be fetched", { cause: error });
  }
}
