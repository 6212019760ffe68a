import { Problem, readJsonBody, readParameters, type Validate } from "../../runtime";
import type { ApiRequest, ApiResponse, Observability } from "../internal";
import * as bodies from "./generated/v1/bodies";
import * as parameters from "./generated/v1/parameters";
import type { components } from "./generated/v1/types";
import {
  formatSessionToken,
  newNonce,
  newSessionToken,
  nextSessionToken,
  parseSessionToken,
  type SessionToken,
  secretHashOf,
  userKeyOf,
} from "./session-token";
import type { Limited, SessionProof, SessionStore, SessionTimes } from "./store";

type Schemas = components["schemas"];

/** Room for a token, and for white space. */
const MOST_BODY_BYTES = 4 * 1024;

/** What the operations work with. */
export interface OperationsConfig {
  readonly store: SessionStore;
  /** Counts tokens that were used after they had been retired as `SessionReuse`, and refusals as `SessionLimited`. */
  readonly observability: Pick<Observability, "count" | "logger">;
}

/** Answers one request. @throws Problem for every refusal */
export type Operation = (request: ApiRequest, signal: AbortSignal) => Promise<ApiResponse>;

/** The API's operations by route, e.g. `GET /sessions/current`. */
export function sessionOperations(config: OperationsConfig): Readonly<Record<string, Operation>> {
  return {
    "POST /sessions": (request, signal) => createSession(config, request, signal),
    "DELETE /sessions": (request, signal) => revokeSessions(config, request, signal),
    "GET /sessions/current": (request, signal) => getSession(config, request, signal),
    "DELETE /sessions/current": (request, signal) => revokeSession(config, request, signal),
    "POST /sessions/current/refresh": (request, signal) => refreshSession(config, request, signal),
    "POST /session-checks": (request, signal) => checkSession(config, request, signal),
  };
}

async function createSession(config: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const principal = principalOf(request);
  const token = newSessionToken(principal);
  const result = await config.store.create(principal, proofOf(token), signal);
  if (result.outcome === "limited") throw tooManyRequests(config, result);
  return answer(201, {
    token: formatSessionToken(token),
    ...moments(result),
  } satisfies Schemas["IssuedSession"]);
}

async function getSession(config: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const token = ownToken(request, parameters.getSession);
  const result = await config.store.read(proofOf(token), signal);
  if (result.outcome === "limited") throw tooManyRequests(config, result);
  if (result.outcome === "missing") throw notFound();
  return answer(200, moments(result) satisfies Schemas["Session"]);
}

async function refreshSession(config: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  const token = ownToken(request, parameters.refreshSession);
  const nonce = newNonce();
  const secretHash = secretHashOf(nextSessionToken(token, nonce));
  const result = await config.store.refresh(proofOf(token), { nonce, secretHash }, signal);
  if (result.outcome === "limited") throw tooManyRequests(config, result);
  if (result.outcome === "reused") {
    config.observability.count("SessionReuse");
    config.observability.logger.warn("a retired session token was used; its session is revoked");
  }
  if (result.outcome !== "found") throw notFound();
  // The nonce of whichever refresh retired the token: this one, or one just before, whose new token is then given again.
  const next = nextSessionToken(token, result.nonce);
  return answer(200, {
    token: formatSessionToken(next),
    ...moments(result),
  } satisfies Schemas["IssuedSession"]);
}

async function revokeSession({ store }: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  // The session's name is enough, whatever became of its secret: a refresh at the same time cannot save it.
  if (!(await store.revoke(ownToken(request, parameters.revokeSession), signal))) throw notFound();
  return { status: 204 };
}

async function revokeSessions({ store }: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  await store.revokeAll(userKeyOf(principalOf(request)), signal);
  return { status: 204 };
}

async function checkSession({ store }: OperationsConfig, request: ApiRequest, signal: AbortSignal) {
  // The gateway lets nobody else through; should the method ever lose its authorisation, this still stands.
  if (request.callerArn === undefined) throw new Problem(403, "The request must be signed by a service.");
  const { token: text } = readJsonBody<Schemas["SessionCheck"]>(
    { contentType: request.header("Content-Type"), body: request.body },
    bodies.checkSession,
    MOST_BODY_BYTES,
  );
  const token = parseSessionToken(text);
  if (!token) throw notFound();
  const result = await store.check(proofOf(token), signal);
  if (result.outcome === "missing") throw notFound();
  const { principal, expiresAt } = result;
  return answer(200, { principal, expiresAt: momentOf(expiresAt) } satisfies Schemas["CheckedSession"]);
}

/**
 * Tells whose request it is.
 *
 * @returns subject of the ID token
 * @throws Problem 401 when the token is another: an access token is not meant to identify a user
 */
function principalOf({ claims }: ApiRequest): string {
  const { sub, token_use: use } = claims;
  if (!sub || use !== "id") throw new Problem(401, "The request needs an ID token of the user pool.");
  return sub;
}

/**
 * Reads the session's token, of the very user whose ID token came with it.
 *
 * @throws Problem 401 without an ID token, 400 without a session's, 404 when that is none, or another user's
 */
function ownToken(request: ApiRequest, validate: Validate): SessionToken {
  const principal = principalOf(request);
  const { "X-Session-Token": text } = readParameters<{ readonly "X-Session-Token": string }>(
    request,
    validate,
    ["X-Session-Token"],
  );
  const token = parseSessionToken(text);
  if (token?.userKey !== userKeyOf(principal)) throw notFound();
  return token;
}

function proofOf(token: SessionToken): SessionProof {
  const { userKey, sessionId } = token;
  return { userKey, sessionId, secretHash: secretHashOf(token) };
}

/** No such session, or not this user's: the answer is the same. */
function notFound(): Problem {
  return new Problem(404, "There is no such session.");
}

function tooManyRequests({ observability }: OperationsConfig, { waitMilliseconds }: Limited): Problem {
  observability.count("SessionLimited");
  return new Problem(429, "The user has asked too often. Try again after Retry-After.", [], {
    "Retry-After": String(Math.ceil(waitMilliseconds / 1000)),
  });
}

function moments({ createdAt, expiresAt, absoluteExpiresAt }: SessionTimes) {
  return {
    createdAt: momentOf(createdAt),
    expiresAt: momentOf(expiresAt),
    absoluteExpiresAt: momentOf(absoluteExpiresAt),
  };
}

function momentOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function answer(status: number, body: object): ApiResponse {
  return { status, headers: { "Cache-Control": "no-store" }, body: JSON.stringify(body) };
}
