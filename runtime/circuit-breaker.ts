/** When a breaker opens and closes. */
export interface CircuitBreakerConfig {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Milliseconds that it stays open before one call may try again. */
  readonly openMilliseconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Keeps calls from a dependency that has failed, so that being dead it costs nothing. One per dependency and process. */
export class CircuitBreaker {
  private failures = 0;
  private closedAgainAt = 0;

  constructor(private readonly config: CircuitBreakerConfig) {}

  /** Asks whether to call. Once its time is over, an open breaker lets one call through, as a trial. */
  allows(): boolean {
    const { failures, openMilliseconds, now } = this.config;
    if (this.failures < failures) return true;
    if (now() < this.closedAgainAt) return false;
    this.closedAgainAt = now() + openMilliseconds;
    return true;
  }

  /** A call went well: closes the breaker. */
  succeeded(): void {
    this.failures = 0;
  }

  /** A call failed. @returns whether that opened the breaker, or opened it again */
  failed(): boolean {
    this.failures += 1;
    this.closedAgainAt = this.config.now() + this.config.openMilliseconds;
    return this.failures >= this.config.failures;
  }
}
