import { createHash, createHmac, randomBytes } from "node:crypto";

/**
 * A session's token in its parts: where the session is, which one it is, and what proves it.
 *
 * The first two find the session, the third is the secret, of which the store has the hash alone. So no look-up ever compares
 * secrets, a token that was good once is known from one that was made up, and all that belongs to a user is in one place of the store.
 */
export interface SessionToken {
  /** {@link userKeyOf} the session's user. */
  readonly userKey: string;
  /** Id of the session, 128 random bits; stays the same when the secret is replaced. */
  readonly sessionId: string;
  /** 256 bits. */
  readonly secret: Buffer;
}

const BYTES = { userKey: 16, sessionId: 16, secret: 32 } as const;
const FORM = /^([\w-]{22})\.([\w-]{22})\.([\w-]{43})$/;

/** Where a user's sessions are: a hash of the subject of the ID token, so that tokens and keys of the store hold none. */
export function userKeyOf(principal: string): string {
  return createHash("sha256").update(principal).digest().subarray(0, BYTES.userKey).toString("base64url");
}

/** Makes the token of a new session. */
export function newSessionToken(principal: string): SessionToken {
  return {
    userKey: userKeyOf(principal),
    sessionId: randomBytes(BYTES.sessionId).toString("base64url"),
    secret: randomBytes(BYTES.secret),
  };
}

/** The token as clients have it. */
export function formatSessionToken({ userKey, sessionId, secret }: SessionToken): string {
  return `${userKey}.${sessionId}.${secret.toString("base64url")}`;
}

/** Reads a token; undefined when the text is none. */
export function parseSessionToken(text: string): SessionToken | undefined {
  const [, userKey, sessionId, secret] = FORM.exec(text) ?? [];
  if (userKey === undefined || sessionId === undefined || secret === undefined) return undefined;
  return { userKey, sessionId, secret: Buffer.from(secret, "base64url") };
}

/** What the store keeps of a token. The secret is as random as the hash, so a plain one will do. */
export function secretHashOf({ secret }: SessionToken): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** Random text that, with the old token, makes the next. */
export function newNonce(): string {
  return randomBytes(BYTES.secret).toString("base64url");
}

/**
 * The token that follows on this one. Whoever has the old token and the nonce gets the same again; the store, which has the nonce
 * and hashes, does not.
 */
export function nextSessionToken(token: SessionToken, nonce: string): SessionToken {
  return { ...token, secret: createHmac("sha256", token.secret).update(nonce).digest() };
}
