import { dynamoDbProblem } from "../../runtime";

/** Fewer than the client's 50 connections: a call that waits for one uses up its time to connect. */
const MOST_AT_ONCE = 48;

/** How a pace waits. */
export interface PaceConfig {
  /**
   * Waits before something is tried again, ever longer.
   *
   * @param attempt 1 for the first wait
   * @throws once the signal ends it
   */
  readonly pause: (attempt: number, signal: AbortSignal) => Promise<void>;
  /** Calls at once, while the database takes them. @default 48 */
  readonly mostAtOnce?: number;
}

/**
 * How fast a database is called: as many calls at once as it takes. When it throttles, is away or fails, half as many are, and what failed
 * is tried again, until the signal ends it; with each round that goes well there is one more.
 *
 * Additive increase, multiplicative decrease: https://www.rfc-editor.org/rfc/rfc5681#section-3.1
 */
export class Pace {
  private readonly most: number;
  private limit: number;
  private underWay = 0;
  private slowdowns = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly config: PaceConfig) {
    this.most = config.mostAtOnce ?? MOST_AT_ONCE;
    this.limit = this.most;
  }

  /** Calls at once that there may be now. */
  get atOnce(): number {
    return Math.floor(this.limit);
  }

  /**
   * Makes a call once it is its turn.
   *
   * @param call may be made again though it has happened, when its answer was lost
   * @throws what trying again does not help against, and when the signal ends it
   */
  async run<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await this.enter();
      const slowdowns = this.slowdowns;
      try {
        signal.throwIfAborted();
        const result = await call();
        this.limit = Math.min(this.most, this.limit + 1 / this.limit);
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (!passes(error)) throw error;
        // Calls that were under way together fail together: that is one reason to slow down.
        if (slowdowns === this.slowdowns) this.slowDown();
      } finally {
        this.leave();
      }
      await this.config.pause(attempt, signal);
    }
  }

  private slowDown(): void {
    this.slowdowns++;
    this.limit = Math.max(1, this.limit / 2);
  }

  private async enter(): Promise<void> {
    if (this.underWay >= this.atOnce) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.underWay++;
  }

  /** Hands its place on, as far as there are places. */
  private leave(): void {
    this.underWay--;
    while (this.underWay < this.atOnce) {
      const next = this.waiting.shift();
      if (!next) return;
      this.underWay++;
      next();
    }
  }
}

/** Whether it helps to try again. A transaction that has an item may keep others from it for a moment. */
function passes(error: unknown): boolean {
  return dynamoDbProblem(error) !== undefined || Object(error).name === "TransactionConflictException";
}
