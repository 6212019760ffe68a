import { type Backoff, waitAfter } from "./backoff";
import type { WaitingEvent } from "./event-outbox";
import { allRefused, type EventSink, type OutgoingEvent, type Refusal } from "./event-sink";

/** How events are published. */
export interface PublicationConfig {
  /** Milliseconds that the sinks have for a batch. */
  readonly publishMilliseconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits of an event that a sink refuses by itself, or while others are taken. */
  readonly backoff: Backoff;
}

/** What has become of a batch. */
export interface PublicationResult {
  /** What every sink has. */
  readonly taken: readonly WaitingEvent[];
  /** By the sink's name and code, how many were not taken. */
  readonly refused: Readonly<Record<string, number>>;
  /** Nothing was taken, and the same events come next. */
  readonly stuck: boolean;
}

/** Most events that rest at once: they are named in each look at the outbox. */
const MOST_RESTING = 500;

/**
 * Publishes batches to all sinks, and remembers, while it lasts, which sink has which event: one sink's trouble does not repeat everything
 * at the other.
 */
export class Publication {
  /** For each sink the ids that it has, of events that are not marked. */
  private readonly taken: readonly Set<string>[];
  private readonly rests = new Map<string, { readonly attempts: number; readonly until: number }>();

  constructor(
    private readonly sinks: readonly EventSink[],
    private readonly config: PublicationConfig,
  ) {
    this.taken = sinks.map(() => new Set());
  }

  /** Ids of events that are tried again later. */
  resting(): string[] {
    const now = this.config.now();
    return [...this.rests].filter(([, { until }]) => until > now).map(([id]) => id);
  }

  /** Publishes events, each of another order, to every sink that has not got them yet. */
  async publish(
    events: readonly WaitingEvent[],
    outgoing: (event: WaitingEvent) => OutgoingEvent,
  ): Promise<PublicationResult> {
    const all = events.map(outgoing);
    const answers = await Promise.all(this.sinks.map((sink, index) => this.send(sink, index, all)));
    const taken = events.filter(({ id }) => this.taken.every((ids) => ids.has(id)));
    const failed = events.filter((event) => !taken.includes(event));
    // When a call fails and nothing is taken, the sink is in trouble, and everything waits. What is refused by itself rests even so: what
    // is behind it may be taken. And what has rested is known to have been refused while others were taken.
    const alone = new Set(answers.flat().flatMap(({ id, ofCall }) => (ofCall ? [] : [id])));
    this.rest(taken.length > 0 ? failed : failed.filter(({ id }) => alone.has(id) || this.rests.has(id)));
    const resting = new Set(this.resting());
    return {
      taken,
      refused: Object.assign({}, ...answers.map((refusals, index) => counted(this.sinks[index], refusals))),
      stuck: taken.length === 0 && failed.some(({ id }) => !resting.has(id)),
    };
  }

  /** What was marked need not be remembered. */
  forget(events: readonly WaitingEvent[]): void {
    for (const { id } of events) {
      for (const ids of this.taken) ids.delete(id);
      this.rests.delete(id);
    }
  }

  private async send(
    sink: EventSink,
    index: number,
    events: readonly OutgoingEvent[],
  ): Promise<readonly Refusal[]> {
    const has = this.taken[index] as Set<string>;
    const missing = events.filter(({ id }) => !has.has(id));
    if (missing.length === 0) return [];
    const signal = AbortSignal.timeout(this.config.publishMilliseconds);
    const refusals = await sink.publish(missing, signal).catch((error) => allRefused(missing, error));
    const refused = new Set(refusals.map(({ id }) => id));
    for (const { id } of missing) if (!refused.has(id)) has.add(id);
    return refusals;
  }

  private rest(events: readonly WaitingEvent[]): void {
    for (const { id } of events) {
      const attempts = (this.rests.get(id)?.attempts ?? 0) + 1;
      if (attempts === 1 && this.rests.size >= MOST_RESTING) continue;
      const until = this.config.now() + waitAfter(attempts, this.config.backoff);
      this.rests.set(id, { attempts, until });
    }
  }
}

function counted(sink: EventSink | undefined, refusals: readonly Refusal[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of refusals) {
    const name = `${sink?.name}.${code}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
