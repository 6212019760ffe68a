import { setTimeout as wait } from "node:timers/promises";

/** What is removed, and how often. */
export interface SweepConfig {
  /** Removes what is to go, at most so many rows, by one statement. @returns how many */
  readonly remove: (limit: number) => Promise<number>;
  /** Called after a sweep that removed some. */
  readonly onSwept: (rows: number) => void;
  /** Called with the error that ended a sweep; the next one goes on. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds between sweeps, on average. @default one minute */
  readonly everyMilliseconds?: number;
  /** Most rows of one statement. @default 500 */
  readonly batch?: number;
  /** Most statements of one sweep. @default 20 */
  readonly batches?: number;
  /** A number from 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** Milliseconds between two statements of a sweep: others come in between. */
const BREATH = 50;

/**
 * Removes what is old from time to time, a few rows with each statement: none holds locks for long. Every process of the service sweeps;
 * they do not wait for one another.
 */
export class Sweep {
  private readonly stopping = new AbortController();
  private done: Promise<void> | undefined;

  constructor(private readonly config: SweepConfig) {}

  start(): void {
    this.done ??= this.loop();
  }

  /** Ends after the statement that is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  private async loop(): Promise<void> {
    const { everyMilliseconds = 60_000, random = Math.random, onSwept, onError } = this.config;
    // At random, so that processes that were started together do not sweep together.
    while (await this.pause(everyMilliseconds * (0.5 + random()))) {
      try {
        const rows = await this.sweep();
        if (rows > 0) onSwept(rows);
      } catch (error) {
        onError(error);
      }
    }
  }

  private async sweep(): Promise<number> {
    const { remove, batch = 500, batches = 20 } = this.config;
    let all = 0;
    for (let count = 0; count < batches; count++) {
      const removed = await remove(batch);
      all += removed;
      if (removed < batch || !(await this.pause(BREATH))) break;
    }
    return all;
  }

  /** @returns false when it is time to stop */
  private async pause(milliseconds: number): Promise<boolean> {
    const { signal } = this.stopping;
    await wait(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
    return !signal.aborted;
  }
}
