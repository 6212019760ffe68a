import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { type AwsCredentials, Problem, signedHeaders } from "../../runtime";
import { DependencyError, HttpClient, type PreparedRequest } from "../internal";

/** Checks sessions. */
export interface Sessions {
  /**
   * Checks that a token is that of a good session of a user, which counts as its use.
   *
   * Asks each time: an answer that is remembered, however briefly, would let a session in that was revoked.
   *
   * @param token value of the header `X-Session-Token`, if there is one
   * @param userId subject of the ID token
   * @throws Problem 401 when there is no such session, or it is another user's
   * @throws DependencyError when it cannot be told
   */
  check(token: string | undefined, userId: string): Promise<void>;
}

/** What requests are signed with. */
export interface SessionsConfig {
  /** Where the sessions API is, its stage included. */
  readonly baseUrl: string;
  /** E.g. `eu-west-1`. */
  readonly region: string;
  /** @default the task's role, or what else the AWS SDK finds */
  readonly credentials?: () => Promise<AwsCredentials>;
  /** Milliseconds since 1970. @default the system's clock */
  readonly now?: () => number;
}

/** Tokens as the sessions API makes them are shorter; what is longer is none. */
const MOST_TOKEN_CHARACTERS = 512;

/** The sessions by their HTTP API, api/sessions/v1.yaml, with each request signed. */
export class HttpSessions implements Sessions {
  private readonly client: HttpClient;

  constructor(config: SessionsConfig) {
    this.client = new HttpClient({
      ...{ name: "sessions", baseUrl: config.baseUrl, prepare: signatureOf(config) },
      ...{ timeoutMilliseconds: 1500, totalMilliseconds: 3000 },
    });
  }

  async check(token: string | undefined, userId: string): Promise<void> {
    if (token === undefined || token === "") {
      throw refused("The request needs a session: its token as X-Session-Token.", "Session");
    }
    if (token.length > MOST_TOKEN_CHARACTERS) throw noSession();
    const answer = await this.client.call({
      method: "POST",
      path: "/session-checks",
      json: { token },
      // To check twice is to use twice, at the same moment.
      repeatable: true,
    });
    const { status } = answer;
    // 400: what cannot be a token.
    if (status === 404 || status === 400) throw noSession();
    const { principal } = (status === 200 ? Object(answer.json()) : {}) as { principal?: unknown };
    if (typeof principal !== "string") {
      throw new DependencyError("sessions", "invalidAnswer", { status, attempts: 1 });
    }
    if (principal !== userId) throw noSession();
  }

  /** Ends the connections, once the calls under way have ended. */
  close(): Promise<void> {
    return this.client.close();
  }
}

/** @param challenge tells the client that the session is at fault, not the ID token, whose challenge is `Bearer` */
function refused(detail: string, challenge: string): Problem {
  return new Problem(401, detail, [], { "WWW-Authenticate": challenge });
}

function noSession(): Problem {
  return refused("The session has ended, or is not this user's. Begin one.", 'Session error="invalid_token"');
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html: the chain finds the task's role. */
function signatureOf({ region, credentials = fromNodeProviderChain(), now = Date.now }: SessionsConfig) {
  // No header but the host: what a proxy on the way may add to or change is not signed.
  return async ({ method, url, body }: PreparedRequest) =>
    signedHeaders(
      { method, url, ...(body !== undefined && { body }) },
      { credentials: await credentials(), region, service: "execute-api", now: now() },
    );
}
