/** How many retries are allowed. */
export interface RetryBudgetConfig {
  /** Retries that are allowed at once, when there were none for a while. @default 10 */
  readonly capacity?: number;
  /** Retries that each call earns. @default 0.1, one retry for ten calls */
  readonly perCall?: number;
}

/**
 * Bounds retries by the number of calls: while most calls fail, as when a service is overloaded, retrying each of them would
 * multiply its load. One for each dependency and process.
 */
export class RetryBudget {
  private readonly capacity: number;
  private readonly perCall: number;
  private tokens: number;

  constructor({ capacity = 10, perCall = 0.1 }: RetryBudgetConfig = {}) {
    this.capacity = capacity;
    this.perCall = perCall;
    this.tokens = capacity;
  }

  /** A call is made. */
  earn(): void {
    this.tokens = Math.min(this.capacity, this.tokens + this.perCall);
  }

  /** Asks for a retry. @returns whether it is allowed */
  spend(): boolean {
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
