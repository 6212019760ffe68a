import { randomUUID } from "node:crypto";
import { CommandError, EXIT } from "../../internal/cli";
import { withLock } from "../../internal/lock";
import { type Batch, planBatches } from "./batches";
import { explainFailure, type Invalidation, type InvalidationService } from "./client";
import { isWildcard } from "./paths";
import { type Budget, outOfTime, retrying } from "./retry";
import { closeRun, openRun, type RunKey, type RunState, recordInvalidation, statePath } from "./state";

/** What to invalidate, and how. */
export interface InvalidateConfig extends RunKey {
  /** Goes on until every invalidation is completed. */
  readonly wait: boolean;
  /** Folder in which unfinished runs are remembered. */
  readonly stateFolder: string;
  readonly budget: Budget;
  /** Told what is going on, for the user. */
  readonly onProgress: (text: string) => void;
}

/** One invalidation of the run. */
export interface MadeInvalidation {
  readonly id: string;
  readonly status: "InProgress" | "Completed";
  /** By CloudFront's clock, as an ISO time. */
  readonly createdAt: string;
  readonly callerReference: string;
  readonly paths: number;
  readonly wildcards: number;
  /** It was there before this run: nothing was sent anew, and nothing is paid again. */
  readonly repeated: boolean;
}

/** Milliseconds between two looks at an invalidation, at first and at most. CloudFront usually takes a minute or two. */
const POLL = { first: 1000, longest: 10_000 } as const;

/**
 * Invalidates paths, batch after batch. A run that was cut off is gone on with: what it has made is not made again. A run that
 * nothing names is gone on with only as long as some batch was not sent: later, the files may have changed again.
 *
 * @throws CommandError when CloudFront refuses, or the budget is used up
 */
export async function invalidate(
  config: InvalidateConfig,
  service: InvalidationService,
): Promise<MadeInvalidation[]> {
  const path = statePath(config.stateFolder, config);
  const lock = { path: `${path}.lock`, place: "scripts/invalidate", waitMilliseconds: 1000 };
  return await withLock(lock, async () => {
    const run = new Run(path, config, service);
    try {
      const made = await run.go();
      closeRun(path);
      return made;
    } catch (error) {
      const explained = explainFailure(error, config.distributionId);
      throw run.isForgotten ? explainAfterSending(explained) : explained;
    }
  });
}

/** The same command would not go on with what is forgotten. */
function explainAfterSending(error: unknown): unknown {
  const codes: readonly number[] = [EXIT.credentials, EXIT.unfinished];
  if (!(error instanceof CommandError) || !codes.includes(error.exitCode)) return error;
  const mend = "all is sent, and CloudFront goes on by itself; the same command would send it anew";
  return new CommandError(error.place, error.what, mend, error.exitCode);
}

class Run {
  /** Nothing names it, and all is sent: no later run goes on with it. */
  isForgotten = false;
  private state: RunState;
  private readonly began: number;

  constructor(
    private readonly path: string,
    private readonly config: InvalidateConfig,
    private readonly service: InvalidationService,
  ) {
    this.began = config.budget.clock.now();
    this.state = openRun(path, config, this.began, () => `run ${randomUUID()}`);
  }

  async go(): Promise<MadeInvalidation[]> {
    const { distributionId, paths, wait } = this.config;
    const batches = planBatches(distributionId, paths, this.state.reference);
    const made: MadeInvalidation[] = [];
    if (Date.parse(this.state.startedAt) < this.began) {
      this.config.onProgress(`going on with the run of ${this.state.startedAt}`);
    }
    for (const [index, batch] of batches.entries()) {
      const name = batches.length === 1 ? "the invalidation" : `batch ${index + 1} of ${batches.length}`;
      const known = this.state.invalidations[batch.callerReference];
      const last = index === batches.length - 1;
      const first = known === undefined ? await this.create(batch, name, last) : await this.get(known, name);
      // The limits are on what is in progress: a batch that fills them leaves no place for the next.
      const final = last && !wait ? first : await this.untilCompleted(first, name);
      made.push(this.describe(batch, final, known !== undefined));
    }
    return made;
  }

  private async create(batch: Batch, name: string, last: boolean): Promise<Invalidation> {
    this.config.onProgress(`sending ${name}`);
    const invalidation = await this.retry(() => this.service.create(batch), name);
    if (last && this.config.reference === undefined) {
      closeRun(this.path);
      this.isForgotten = true;
      return invalidation;
    }
    this.state = recordInvalidation(this.path, this.state, batch.callerReference, invalidation.id);
    return invalidation;
  }

  private get(id: string, name: string): Promise<Invalidation> {
    return this.retry(() => this.service.get(id), name);
  }

  private async untilCompleted(invalidation: Invalidation, name: string): Promise<Invalidation> {
    const { clock, deadline } = this.config.budget;
    let latest = invalidation;
    for (let pause: number = POLL.first; !latest.completed; pause = Math.min(pause * 1.5, POLL.longest)) {
      // The date of an answer has no fractions of a second: it may seem to come before what it tells of.
      const age = Math.max(0, latest.answeredAt.getTime() - latest.createdAt.getTime());
      const seconds = Math.round(age / 1000);
      this.config.onProgress(`${name} (${latest.id}) is in progress since ${seconds} s`);
      if (clock.now() + pause > deadline) throw outOfTime(`has not completed ${latest.id}`);
      await clock.sleep(pause);
      latest = await this.get(latest.id, name);
    }
    return latest;
  }

  private retry<T>(call: () => Promise<T>, name: string): Promise<T> {
    return retrying(call, this.config.budget, (error, milliseconds) =>
      this.config.onProgress(`${name}: ${error.name}, again in ${(milliseconds / 1000).toFixed(1)} s`),
    );
  }

  private describe(batch: Batch, invalidation: Invalidation, known: boolean): MadeInvalidation {
    const { id, completed, createdAt, answeredAt } = invalidation;
    const elapsed = this.config.budget.clock.now() - this.began;
    // With the two seconds that the answer's date, rounded, and its way may take.
    const began = answeredAt.getTime() - elapsed - 2000;
    return {
      id,
      status: completed ? "Completed" : "InProgress",
      createdAt: createdAt.toISOString(),
      callerReference: batch.callerReference,
      paths: batch.paths.length,
      wildcards: batch.paths.filter(isWildcard).length,
      repeated: known || createdAt.getTime() < began,
    };
  }
}
