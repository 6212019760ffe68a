/** Where invalidations are learned of. */
export interface InvalidationSource {
  /** Ids of all invalidations of the distribution. */
  list(): Promise<readonly string[]>;
  /** Paths of one. */
  pathsOf(id: string): Promise<readonly string[]>;
}

/** How invalidations come to the edge. */
export interface InvalidationWatchConfig {
  readonly source: InvalidationSource;
  /** Takes the paths of one that is new. */
  readonly onInvalidation: (paths: readonly string[]) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds for which what was learned is good enough. */
  readonly everyMilliseconds: number;
}

/**
 * Learns of invalidations when something is about to be served from the cache: nothing is asked while nobody downloads.
 */
export class InvalidationWatch {
  private readonly known = new Set<string>();
  private checkedAt = Number.NEGATIVE_INFINITY;
  private running: Promise<void> | undefined;
  /** Why the last check failed. Undefined when it did not. */
  problem: string | undefined;

  constructor(private readonly config: InvalidationWatchConfig) {}

  /** Takes all that are there now as done: the cache is empty. */
  async start(): Promise<void> {
    for (const id of await this.config.source.list()) this.known.add(id);
    this.checkedAt = this.config.clock();
  }

  /** How many have been seen, those before the start too. */
  get seen(): number {
    return this.known.size;
  }

  /** Resolves when what is known is recent enough. A source that does not answer holds nobody up. */
  async refresh(): Promise<void> {
    if (this.config.clock() - this.checkedAt < this.config.everyMilliseconds) return;
    this.running ??= this.check().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  private async check(): Promise<void> {
    const { source, onInvalidation, clock } = this.config;
    try {
      for (const id of await source.list()) {
        if (this.known.has(id)) continue;
        onInvalidation(await source.pathsOf(id));
        this.known.add(id);
      }
      this.problem = undefined;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.checkedAt = clock();
  }
}
