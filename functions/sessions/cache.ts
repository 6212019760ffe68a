import { type CircuitBreaker, withDeadline } from "../../runtime";
import { describeError, type Observability } from "../internal";
import type { Script } from "./scripts";

/** A connection to Valkey. */
export interface CacheConnection {
  /** Runs a script. @returns the script's answer */
  run(script: Script, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown>;
  /** Ends it at once; what runs on it fails. */
  close(): void;
}

/** How long the cache is asked. */
export interface CacheLimits {
  readonly attempts: number;
  /** Milliseconds to connect, credentials included, for each attempt. */
  readonly connectMilliseconds: number;
  /** Milliseconds for the answer, for each attempt. */
  readonly commandMilliseconds: number;
  /** Milliseconds unused after which a connection is made anew: the network may have forgotten it while the function was frozen. */
  readonly idleMilliseconds: number;
}

/** All attempts and the waits between them end half a second before the handler's own deadline. */
export const CACHE_LIMITS: CacheLimits = {
  attempts: 2,
  connectMilliseconds: 1400,
  commandMilliseconds: 500,
  idleMilliseconds: 60_000,
};

/** What the cache works with. */
export interface CacheConfig {
  /** Connects. @param renewCredentials those of the last connection were refused */
  readonly connect: (renewCredentials: boolean, signal: AbortSignal) => Promise<CacheConnection>;
  readonly breaker: CircuitBreaker;
  /** Waits before another attempt, the first of which is 1. */
  readonly pause: (attempt: number) => Promise<void>;
  /** Milliseconds, of a clock that only goes forward. */
  readonly now: () => number;
  /** Counts what could not be done as `CacheUnavailable`, traces each call, and logs why an attempt failed. */
  readonly observability: Pick<Observability, "count" | "logger" | "tracing">;
  /** @default CACHE_LIMITS */
  readonly limits?: CacheLimits;
}

/** The cache could not be asked, or did not answer. Whether something was changed is not known. */
export class CacheUnavailable extends Error {
  constructor() {
    super("the cache is away");
    this.name = "CacheUnavailable";
  }
}

/** What a script answered. */
export interface CacheAnswer {
  readonly value: unknown;
  /** Which attempt it was, the first being 1: the script may have run so often. */
  readonly attempt: number;
}

interface OpenConnection {
  readonly connection: CacheConnection;
  usedAt: number;
  /** It failed a request, and is closed. */
  failed: boolean;
}

/**
 * Runs scripts in Valkey over one connection, which is made when it is first needed and made anew when it fails.
 *
 * A script may run twice, when the answer to the first was lost: scripts are written so that this does no harm.
 */
export class Cache {
  private opening: Promise<OpenConnection> | undefined;

  constructor(private readonly config: CacheConfig) {}

  /** Begins to connect: called at start, the first request finds it done, or waits for less. */
  warmUp(): void {
    // What fails here, the first request tries again.
    this.open(false).catch(() => undefined);
  }

  /**
   * Runs a script.
   *
   * @param signal no attempt begins after it
   * @throws CacheUnavailable when every attempt failed, or too many requests have of late
   * @throws the server's error when it refuses what it is asked
   */
  async run(
    script: Script,
    keys: readonly string[],
    values: readonly (string | number)[],
    signal: AbortSignal,
  ): Promise<CacheAnswer> {
    const { breaker, limits: { attempts } = CACHE_LIMITS, observability, pause } = this.config;
    const { count, logger } = observability;
    if (!breaker.allows()) {
      count("CacheUnavailable");
      throw new CacheUnavailable();
    }
    let renewCredentials = false;
    for (let attempt = 1; ; attempt++) {
      try {
        const value = await this.attempt(script, keys, values, renewCredentials);
        breaker.succeeded();
        return { value, attempt };
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === "final") {
          // It is there, and answers.
          breaker.succeeded();
          throw error;
        }
        logger.warn("cache attempt failed", {
          attempt,
          cause: describeError(error),
          reply: replyCode(error),
        });
        renewCredentials ||= refusal === "credentials";
        // Finding out that the credentials are old is no attempt.
        if (attempt < attempts + (renewCredentials ? 1 : 0) && !signal.aborted) {
          await pause(attempt);
          continue;
        }
        if (breaker.failed()) logger.warn("the cache is given up for now");
        count("CacheUnavailable");
        throw new CacheUnavailable();
      }
    }
  }

  /** Ends the connection, if there is one. */
  close(): void {
    this.drop(this.opening);
  }

  private async attempt(
    script: Script,
    keys: readonly string[],
    values: readonly (string | number)[],
    renewCredentials: boolean,
  ): Promise<unknown> {
    const { limits: { commandMilliseconds } = CACHE_LIMITS, observability } = this.config;
    return observability.tracing.capture(
      "Valkey",
      async () => {
        const open = await this.open(renewCredentials);
        try {
          return await withDeadline(commandMilliseconds, () => open.connection.run(script, keys, values));
        } catch (error) {
          if (refusalOf(error) !== "final") {
            open.failed = true;
            open.connection.close();
          }
          throw error;
        } finally {
          open.usedAt = this.config.now();
        }
      },
      () => ({ namespace: "remote" }),
    );
  }

  private async open(renewCredentials: boolean): Promise<OpenConnection> {
    const { limits: { idleMilliseconds } = CACHE_LIMITS, now } = this.config;
    const before = this.opening;
    if (before) {
      const open = await before;
      if (!open.failed && now() - open.usedAt < idleMilliseconds) return open;
      if (this.opening === before) this.drop(before);
    }
    // Another request may have begun one meanwhile.
    this.opening ??= this.connect(renewCredentials);
    return this.opening;
  }

  private connect(renewCredentials: boolean): Promise<OpenConnection> {
    const { connect, limits: { connectMilliseconds } = CACHE_LIMITS, now } = this.config;
    const opening = withDeadline(connectMilliseconds, (signal) => connect(renewCredentials, signal)).then(
      (connection) => ({ connection, usedAt: now(), failed: false }),
    );
    opening.catch(() => {
      if (this.opening === opening) this.opening = undefined;
    });
    return opening;
  }

  private drop(opening: Promise<OpenConnection> | undefined): void {
    this.opening = undefined;
    opening?.then(({ connection }) => connection.close()).catch(() => undefined);
  }
}

/** Answers of a server that another attempt, on another connection, may not meet. */
const TEMPORARY = new Set([
  "BUSY",
  "CLUSTERDOWN",
  "LOADING",
  "MASTERDOWN",
  // Too many redirections: the cluster is being rearranged.
  "ASK",
  "MOVED",
  // Memory is full until something has expired.
  "OOM",
  // The connection is to a node that is no longer the primary.
  "READONLY",
  "TRYAGAIN",
]);

/** Answers of a server that the credentials are none, or no longer. */
const CREDENTIALS = new Set(["NOAUTH", "WRONGPASS"]);

/** What an error means: the credentials are refused; another attempt may help; or it will be the same again. */
function refusalOf(error: unknown): "credentials" | "temporary" | "final" {
  const code = replyCode(error);
  if (code === undefined) return "temporary";
  if (CREDENTIALS.has(code)) return "credentials";
  return TEMPORARY.has(code) ? "temporary" : "final";
}

/** First word of a server's answer, which says what kind of error it is. Of no other error: its message may quote anything. */
function replyCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== "ReplyError") return undefined;
  return /^[A-Z]+(?= |$)/.exec(error.message)?.[0] ?? "ERR";
}
