import type { Cache, CacheAnswer } from "./cache";
import { CHECK, CREATE, READ, REFRESH, REVOKE, REVOKE_ALL, type Script } from "./scripts";
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

/** What the store works with. */
export interface ValkeySessionStoreConfig {
  readonly cache: Pick<Cache, "run">;
  readonly rules: SessionRules;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Sessions in Valkey. All of a user's are in one hash, so that beginning one and ending the oldest, or ending all, is one step; the
 * keys share a hash tag, so that a cluster has them in one place. See scripts.ts.
 */
export class ValkeySessionStore implements SessionStore {
  constructor(private readonly config: ValkeySessionStoreConfig) {}

  async create(principal: string, proof: SessionProof, signal: AbortSignal): Promise<Found | Limited> {
    const { idleMilliseconds, maximumMilliseconds, sessionsPerUser } = this.config.rules;
    const [outcome, ...values] = await this.run(
      CREATE,
      proof.userKey,
      [
        ...[...this.allowance(), proof.sessionId, proof.secretHash, principal],
        ...[idleMilliseconds, maximumMilliseconds, sessionsPerUser],
      ],
      signal,
    );
    if (outcome === "limited") return limited(values);
    return { outcome: "found", ...times(values) };
  }

  async read(proof: SessionProof, signal: AbortSignal): Promise<Found | Missing | Limited> {
    const { graceMilliseconds } = this.config.rules;
    const [outcome, ...values] = await this.run(
      READ,
      proof.userKey,
      [...this.allowance(), proof.sessionId, proof.secretHash, graceMilliseconds],
      signal,
    );
    if (outcome === "limited") return limited(values);
    return outcome === "found" ? { outcome, ...times(values) } : { outcome: "missing" };
  }

  async check(proof: SessionProof, signal: AbortSignal): Promise<Checked | Missing> {
    const { graceMilliseconds, idleMilliseconds } = this.config.rules;
    const [outcome, principal, ...values] = await this.run(
      CHECK,
      proof.userKey,
      [proof.sessionId, proof.secretHash, graceMilliseconds, idleMilliseconds],
      signal,
    );
    if (outcome !== "found") return { outcome: "missing" };
    return { outcome, principal: String(principal), ...times(values) };
  }

  async refresh(
    proof: SessionProof,
    next: NextSecret,
    signal: AbortSignal,
  ): Promise<Refreshed | Missing | Limited | Reused> {
    const { graceMilliseconds, idleMilliseconds } = this.config.rules;
    const [outcome, ...values] = await this.run(
      REFRESH,
      proof.userKey,
      [
        ...[...this.allowance(), proof.sessionId, proof.secretHash],
        ...[graceMilliseconds, idleMilliseconds, next.nonce, next.secretHash],
      ],
      signal,
    );
    if (outcome === "limited") return limited(values);
    if (outcome === "reused") return { outcome };
    if (outcome !== "found") return { outcome: "missing" };
    const [nonce, ...rest] = values;
    return { outcome, nonce: String(nonce), ...times(rest) };
  }

  async revoke({ userKey, sessionId }: SessionReference, signal: AbortSignal): Promise<boolean> {
    const { value, attempt } = await this.ask(REVOKE, userKey, [sessionId], signal);
    // Gone by the attempt before, perhaps, whose answer was lost.
    return (value as readonly unknown[])[0] === "found" || attempt > 1;
  }

  async revokeAll(userKey: string, signal: AbortSignal): Promise<void> {
    await this.ask(REVOKE_ALL, userKey, [], signal);
  }

  private allowance(): readonly number[] {
    const { burst, millisecondsPerRequest } = this.config.rules;
    return [millisecondsPerRequest, burst];
  }

  private async run(
    script: Script,
    userKey: string,
    values: readonly (string | number)[],
    signal: AbortSignal,
  ): Promise<readonly (string | number)[]> {
    return (await this.ask(script, userKey, values, signal)).value as readonly (string | number)[];
  }

  private ask(
    script: Script,
    userKey: string,
    values: readonly (string | number)[],
    signal: AbortSignal,
  ): Promise<CacheAnswer> {
    const keys = [`sessions:{${userKey}}`, `sessions:{${userKey}}:allowance`].slice(0, script.keys);
    return this.config.cache.run(script, keys, [this.config.now(), ...values], signal);
  }
}

function times([createdAt, expiresAt, absoluteExpiresAt]: readonly unknown[]): SessionTimes {
  return {
    createdAt: Number(createdAt),
    expiresAt: Number(expiresAt),
    absoluteExpiresAt: Number(absoluteExpiresAt),
  };
}

function limited([waitMilliseconds]: readonly unknown[]): Limited {
  return { outcome: "limited", waitMilliseconds: Number(waitMilliseconds) };
}
