import { withDeadline } from "../../runtime";

/** Checks one dependency. @throws when it cannot be used */
export type HealthCheck = (signal: AbortSignal) => Promise<void>;

/** What the health of a service is told from. */
export interface HealthConfig {
  /**
   * Checks by name, of what must have worked once before the service is ready: a release with a wrong setting fails on them, and is
   * rolled back. After that they are not asked any more: what is away then is away for all tasks at once, and to take them out of the
   * load balancer and replace them would help nobody. @default none
   */
  readonly startChecks?: Readonly<Record<string, HealthCheck>>;
  /** Milliseconds that a check may take. @default 1000 */
  readonly checkTimeoutMilliseconds?: number;
  /** Milliseconds that a failure of the checks is remembered: many load balancers' nodes ask. @default 2000 */
  readonly cacheMilliseconds?: number;
  /** Milliseconds since 1970. @default the system's clock */
  readonly now?: () => number;
}

/** Whether a service can take requests. */
export interface Readiness {
  readonly ready: boolean;
  /** `ready`, `draining` or `failing`. */
  readonly status: "ready" | "draining" | "failing";
  /** Names of the checks that failed. */
  readonly failing: readonly string[];
}

/** Health of a service: checks its dependencies until they have been there once, and knows when it drains. */
export class Health {
  private draining = false;
  private started = false;
  private known: { readonly until: number; readonly failing: Promise<readonly string[]> } | undefined;

  constructor(private readonly config: HealthConfig = {}) {}

  /** From now on the service is not ready. */
  drain(): void {
    this.draining = true;
  }

  /** Tells whether the service can take requests. Never throws. */
  async readiness(): Promise<Readiness> {
    if (this.draining) return { ready: false, status: "draining", failing: [] };
    const failing = this.started ? [] : await this.failing();
    if (this.draining) return this.readiness();
    const ready = failing.length === 0;
    this.started ||= ready;
    return { ready, status: ready ? "ready" : "failing", failing };
  }

  private failing(): Promise<readonly string[]> {
    const { cacheMilliseconds = 2000, now = Date.now } = this.config;
    if (!this.known || now() >= this.known.until) {
      // Those who ask meanwhile wait for the same answer.
      this.known = { until: now() + cacheMilliseconds, failing: this.check() };
    }
    return this.known.failing;
  }

  private async check(): Promise<readonly string[]> {
    const { startChecks = {}, checkTimeoutMilliseconds = 1000 } = this.config;
    const outcomes = await Promise.all(
      Object.entries(startChecks).map(async ([name, check]) => {
        try {
          await withDeadline(checkTimeoutMilliseconds, check);
          return [];
        } catch {
          return [name];
        }
      }),
    );
    return outcomes.flat();
  }
}
