import { setTimeout as wait } from "node:timers/promises";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { CircuitBreaker } from "../../runtime";
import { ApiContract } from "../../scripts/internal/api-contract";
import { recordingObservability } from "../internal/recording-observability";
import { Cache, type CacheLimits } from "./cache";
import { type CacheAddress, connectToValkey } from "./cache-connection";
import { type CacheCredentialSource, noCredentials } from "./cache-credentials";
import { sessionsHandler } from "./handler";
import type { SessionRules, SessionStore } from "./store";

/** Rules of the tests: half an hour idle, eight hours at most, three sessions, a request in ten seconds but five at once. */
export const RULES: SessionRules = {
  idleMilliseconds: 1_800_000,
  maximumMilliseconds: 28_800_000,
  graceMilliseconds: 10_000,
  sessionsPerUser: 3,
  millisecondsPerRequest: 10_000,
  burst: 5,
};

/** Rules under which nobody asks too often. */
export const GENEROUS: SessionRules = { ...RULES, millisecondsPerRequest: 1, burst: 1_000_000 };

/** A service that may check sessions. */
export const SERVICE_ARN = "arn:aws:sts::111111111111:assumed-role/acme-test-storefront/task";

/** For tests: a clock that moves when it is told to. It begins at the present, by which Valkey expires keys. */
export function testClock() {
  const clock = { time: Date.now(), now: () => clock.time };
  return clock;
}

/** For tests: a cache at an address, with the pauses and the breaker of the deployed one. */
export function testCache(
  address: Partial<CacheAddress> & Pick<CacheAddress, "port">,
  credentials: CacheCredentialSource = noCredentials,
  limits?: CacheLimits,
) {
  const { observability, lines, counted } = recordingObservability();
  const whole: CacheAddress = { host: "127.0.0.1", tls: false, ...address };
  const cache = new Cache({
    connect: async (renew, signal) => connectToValkey(whole, await credentials(renew), signal),
    breaker: new CircuitBreaker({ failures: 3, openMilliseconds: 2000, now: () => performance.now() }),
    pause: (attempt) => wait(Math.random() * 50 * 2 ** attempt),
    now: () => performance.now(),
    observability,
    ...(limits && { limits }),
  });
  return { cache, lines, counted };
}

/** What a call says besides its method and path. */
export interface Call {
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly headers?: Record<string, string>;
  /** The session's token. */
  readonly token?: string;
  /** Claims of the ID token. @default those of `user-1` */
  readonly claims?: Record<string, string>;
  /** Who signed. @default a service, for checks; else nobody */
  readonly callerArn?: string | null;
}

const CONTRACT = new ApiContract("api/sessions/v1.yaml");

/** For tests: a client of a handler on a store. An answer that the contract does not have fails the test. */
export function sessionsClient(store: SessionStore) {
  const { observability, lines, counted } = recordingObservability();
  const handler = sessionsHandler({ observability, store });
  const call = async (method: string, path: string, options: Call = {}) => {
    const { token, callerArn = path === "/session-checks" ? SERVICE_ARN : null } = options;
    const headers = {
      ...((options.body ?? options.rawBody) !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { "x-session-token": token }),
      ...options.headers,
    };
    const claims = options.claims ?? { sub: "user-1", token_use: "id", email: "ann@example.com" };
    const result = await handler(
      {
        httpMethod: method,
        resource: path,
        path,
        headers,
        multiValueHeaders: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, [value]]),
        ),
        body: options.rawBody ?? (options.body === undefined ? null : JSON.stringify(options.body)),
        isBase64Encoded: false,
        requestContext: {
          requestId: "request-1",
          identity: { userArn: callerArn },
          ...(path !== "/session-checks" && { authorizer: { claims } }),
        },
      } as unknown as APIGatewayProxyEvent,
      // The deployed function's time.
      { getRemainingTimeInMillis: () => 5000 } as Context,
    );
    const { statusCode: status, body: text } = result;
    const answered = result.headers as Record<string, string>;
    const answer = { status, headers: new Headers(answered), text };
    expect(CONTRACT.violationsAt(method, path, answer)).toEqual([]);
    return { status, headers: answered, body: text === "" ? undefined : JSON.parse(text) };
  };
  const create = async (options: Call = {}) => (await call("POST", "/sessions", options)).body;
  const check = (token: string) => call("POST", "/session-checks", { body: { token } });
  return { call, create, check, lines, counted };
}

/** Claims of another user than the client's own. */
export const userB = { sub: "user-2", token_use: "id" };
