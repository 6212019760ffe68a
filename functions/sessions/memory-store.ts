import type {
  Checked,
  Found,
  Limited,
  Missing,
  NextSecret,
  Refreshed,
  Reused,
  SessionProof,
  SessionReference,
  SessionRules,
  SessionStore,
  SessionTimes,
} from "./store";

interface Kept extends SessionTimes {
  readonly principal: string;
  readonly secretHash: string;
  /** The secret before this one. */
  readonly retired?: { readonly secretHash: string; readonly nonce: string; readonly at: number };
}

/** For tests: what a session store does, said without Valkey. The store in Valkey is compared with it, step by step. */
export class MemorySessionStore implements SessionStore {
  private readonly users = new Map<string, Map<string, Kept>>();
  private readonly allowances = new Map<string, number>();

  constructor(
    private readonly rules: SessionRules,
    private readonly now: () => number,
  ) {}

  async create(principal: string, proof: SessionProof): Promise<Found | Limited> {
    const limited = this.limited(proof.userKey);
    if (limited) return limited;
    const { maximumMilliseconds, sessionsPerUser } = this.rules;
    const sessions = this.users.get(proof.userKey) ?? new Map<string, Kept>();
    this.users.set(proof.userKey, sessions);
    const live = [...sessions].filter(([, { expiresAt }]) => expiresAt > this.now());
    live.sort(([aId, a], [bId, b]) => a.createdAt - b.createdAt || (aId < bId ? -1 : 1));
    for (const [id] of live.slice(0, Math.max(0, live.length - sessionsPerUser + 1))) sessions.delete(id);
    const createdAt = this.now();
    const absoluteExpiresAt = createdAt + maximumMilliseconds;
    const { secretHash } = proof;
    return this.use(proof, { principal, secretHash, createdAt, expiresAt: 0, absoluteExpiresAt });
  }

  async read(proof: SessionProof): Promise<Found | Missing | Limited> {
    const limited = this.limited(proof.userKey);
    if (limited) return limited;
    const session = this.proven(proof);
    return session ? found(session) : { outcome: "missing" };
  }

  async check(proof: SessionProof): Promise<Checked | Missing> {
    const session = this.proven(proof);
    if (!session) return { outcome: "missing" };
    return { ...this.use(proof, session), principal: session.principal };
  }

  async refresh(proof: SessionProof, next: NextSecret): Promise<Refreshed | Missing | Limited | Reused> {
    const limited = this.limited(proof.userKey);
    if (limited) return limited;
    if (!this.live(proof)) return { outcome: "missing" };
    const session = this.proven(proof);
    if (!session) {
      this.users.get(proof.userKey)?.delete(proof.sessionId);
      return { outcome: "reused" };
    }
    if (session.retired && session.secretHash !== proof.secretHash) {
      return { ...this.use(proof, session), nonce: session.retired.nonce };
    }
    const retired = { secretHash: proof.secretHash, nonce: next.nonce, at: this.now() };
    return { ...this.use(proof, { ...session, secretHash: next.secretHash, retired }), nonce: next.nonce };
  }

  async revoke(reference: SessionReference): Promise<boolean> {
    const session = this.live(reference);
    this.users.get(reference.userKey)?.delete(reference.sessionId);
    return session !== undefined;
  }

  async revokeAll(userKey: string): Promise<void> {
    this.users.delete(userKey);
  }

  private live({ userKey, sessionId }: SessionReference): Kept | undefined {
    const session = this.users.get(userKey)?.get(sessionId);
    return session && session.expiresAt > this.now() ? session : undefined;
  }

  private proven(proof: SessionProof): Kept | undefined {
    const session = this.live(proof);
    if (!session) return undefined;
    const { retired, secretHash } = session;
    const inGrace = retired !== undefined && this.now() < retired.at + this.rules.graceMilliseconds;
    const good = proof.secretHash === secretHash || (inGrace && proof.secretHash === retired.secretHash);
    return good ? session : undefined;
  }

  private use({ userKey, sessionId }: SessionReference, session: Kept): Found {
    const expiresAt = Math.min(this.now() + this.rules.idleMilliseconds, session.absoluteExpiresAt);
    const used = { ...session, expiresAt };
    this.users.get(userKey)?.set(sessionId, used);
    return found(used);
  }

  private limited(userKey: string): Limited | undefined {
    const { burst, millisecondsPerRequest } = this.rules;
    const full = Math.max(this.now(), this.allowances.get(userKey) ?? 0) + millisecondsPerRequest;
    const waitMilliseconds = full - this.now() - burst * millisecondsPerRequest;
    if (waitMilliseconds > 0) return { outcome: "limited", waitMilliseconds };
    this.allowances.set(userKey, full);
    return undefined;
  }
}

function found({ createdAt, expiresAt, absoluteExpiresAt }: SessionTimes): Found {
  return { outcome: "found", createdAt, expiresAt, absoluteExpiresAt };
}
