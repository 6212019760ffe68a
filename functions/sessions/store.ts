/** When a session began and ends, in milliseconds since 1970. */
export interface SessionTimes {
  readonly createdAt: number;
  /** Ends then unless it is used before. */
  readonly expiresAt: number;
  /** Ends then at the latest. */
  readonly absoluteExpiresAt: number;
}

/** Names one session. */
export interface SessionReference {
  /** Where the sessions of its user are. */
  readonly userKey: string;
  readonly sessionId: string;
}

/** What is shown to use a session: its name, and the hash of the token's secret. */
export interface SessionProof extends SessionReference {
  readonly secretHash: string;
}

/** What the next token of a session is made with. */
export interface NextSecret {
  /** Makes it from the token before. */
  readonly nonce: string;
  readonly secretHash: string;
}

/** There is no such session: never was, expired, revoked, or the secret is another. */
export interface Missing {
  readonly outcome: "missing";
}

/** The user has asked too often. */
export interface Limited {
  readonly outcome: "limited";
  /** Milliseconds until one request is allowed again. */
  readonly waitMilliseconds: number;
}

/** The session, as it is now. */
export interface Found extends SessionTimes {
  readonly outcome: "found";
}

/** The session and its user, as the ID token named them. */
export interface Checked extends Found {
  readonly principal: string;
}

/** The session goes on under the token that the nonce makes. */
export interface Refreshed extends Found {
  readonly nonce: string;
}

/** The token had been retired before, so two parties have had one: the session is revoked. */
export interface Reused {
  readonly outcome: "reused";
}

/** Rules that the store holds. */
export interface SessionRules {
  /** Milliseconds after the last use at which a session ends. */
  readonly idleMilliseconds: number;
  /** Milliseconds after its beginning at which it ends. */
  readonly maximumMilliseconds: number;
  /** Milliseconds for which a retired token is still good. */
  readonly graceMilliseconds: number;
  /** Sessions of one user at once; one more ends the oldest. */
  readonly sessionsPerUser: number;
  /** Milliseconds in which a user may create, read or refresh once, on average. */
  readonly millisecondsPerRequest: number;
  /** Such requests that may come at once. */
  readonly burst: number;
}

/** Keeps sessions. Each call is one step that no other comes between. */
export interface SessionStore {
  /** Begins a session. */
  create(principal: string, proof: SessionProof, signal: AbortSignal): Promise<Found | Limited>;
  /** Reads a session; that is no use of it. */
  read(proof: SessionProof, signal: AbortSignal): Promise<Found | Missing | Limited>;
  /** Reads a session and whose it is; that is a use of it. */
  check(proof: SessionProof, signal: AbortSignal): Promise<Checked | Missing>;
  /** Replaces the secret, or says again by what it was replaced; that is a use. */
  refresh(
    proof: SessionProof,
    next: NextSecret,
    signal: AbortSignal,
  ): Promise<Refreshed | Missing | Limited | Reused>;
  /** Ends a session. @returns whether there was one */
  revoke(reference: SessionReference, signal: AbortSignal): Promise<boolean>;
  /** Ends all sessions of a user. */
  revokeAll(userKey: string, signal: AbortSignal): Promise<void>;
}
