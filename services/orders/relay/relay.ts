import { setTimeout as wait } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { OrdersDatabase } from "../schema";
import { waitAfter } from "./backoff";
import { cloudEventText } from "./cloud-event";
import { type Backlog, EventOutbox, type WaitingEvent } from "./event-outbox";
import type { EventSink, OutgoingEvent } from "./event-sink";
import { Publication } from "./publication";

/** What a batch has come to. */
export interface Batch {
  /** Those that every sink has, and that are marked. */
  readonly published: readonly WaitingEvent[];
  /** By the sink's name and code, how many were not taken. */
  readonly refused: Readonly<Record<string, number>>;
  readonly milliseconds: number;
}

/** How far the relay is. */
export interface Progress extends Backlog {
  /** Events published since the last time. */
  readonly published: number;
  /** The longest time from the change of an order until its event was published, of these; absent when there are none. */
  readonly longestLagMilliseconds?: number;
}

/** What tells of the relay's work. */
export interface RelayReports {
  /** It has got the lock. */
  onActive(): void;
  onBatch(batch: Batch): void;
  /** From time to time, while it is active. */
  onProgress(progress: Progress): void;
  /** It has lost its connection, and begins anew. */
  onError(error: unknown): void;
}

/** What the relay works with. */
export interface RelayConfig {
  /** Opens the database with one connection; the relay closes it. */
  readonly open: () => Kysely<OrdersDatabase>;
  readonly sinks: readonly EventSink[];
  readonly reports: RelayReports;
  /** @default the system's clock */
  readonly now?: () => Date;
  /** A number from 0 to 1. @default Math.random */
  readonly random?: () => number;
  /** Waits and limits. @default {@link RELAY_TIMES} */
  readonly times?: RelayTimes;
  /** Most events of a batch. @default 100 */
  readonly batch?: number;
}

/** Milliseconds. */
export interface RelayTimes {
  /** Between looks at an outbox that was empty. */
  readonly poll: number;
  /** Between tries for the lock, on average. */
  readonly standby: number;
  /** That the sinks have for a batch. */
  readonly publish: number;
  /** Without a statement after which the database gives the lock to another: more than for a batch and the longest wait. */
  readonly silence: number;
  /** Between two reports of progress. */
  readonly progress: number;
  /** First and longest wait after a batch of which nothing was taken, or a lost connection. */
  readonly retry: { readonly first: number; readonly most: number };
  /** The same of one event, which others overtake. */
  readonly event: { readonly first: number; readonly most: number };
}

/** Most waiting events that are counted. */
const MOST_COUNTED = 10_000;

/** What the service waits. */
export const RELAY_TIMES: RelayTimes = {
  poll: 200,
  standby: 1000,
  publish: 8000,
  silence: 20_000,
  progress: 20_000,
  retry: { first: 100, most: 5000 },
  event: { first: 500, most: 60_000 },
};

/**
 * Publishes the events of the outbox: at least once, those of one order one after another. Of several relays one is active, by a lock that
 * goes with its connection; the others stand by.
 */
export class Relay {
  private readonly stopping = new AbortController();
  private done: Promise<void> | undefined;
  private since: Omit<Progress, keyof Backlog> = { published: 0 };
  private reportAt = 0;

  constructor(private readonly config: RelayConfig) {}

  start(): void {
    this.done ??= this.run();
  }

  /** Ends after the batch that is under way, and gives the lock to another. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  private get times(): RelayTimes {
    return this.config.times ?? RELAY_TIMES;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted; ) {
      const startedAt = Date.now();
      try {
        await this.connected();
      } catch (error) {
        this.config.reports.onError(error);
        // What has gone well for a while begins anew.
        failures = Date.now() - startedAt > this.times.silence ? 1 : failures + 1;
        await this.pauseAfter(failures);
      }
    }
  }

  /** Works over one connection, until it is lost or the relay is stopped. */
  private async connected(): Promise<void> {
    const database = this.config.open();
    try {
      await database.connection().execute((connection) => this.work(new EventOutbox(connection)));
    } finally {
      // The lock goes with the connection.
      await database.destroy();
    }
  }

  private async work(outbox: EventOutbox): Promise<void> {
    const { standby, silence } = this.times;
    const { random = Math.random } = this.config;
    await outbox.limitSilence(silence);
    while (!(await outbox.tryLock())) {
      if (!(await this.pause(standby * (0.5 + random())))) return;
    }
    if (this.stopping.signal.aborted) return;
    this.config.reports.onActive();
    await this.publishAll(outbox);
  }

  private async publishAll(outbox: EventOutbox): Promise<void> {
    const { batch = 100, now = () => new Date(), random = Math.random } = this.config;
    const { event, poll, publish } = this.times;
    const publication = new Publication(this.config.sinks, {
      ...{ publishMilliseconds: publish, now: () => now().getTime() },
      backoff: { firstMilliseconds: event.first, mostMilliseconds: event.most, random },
    });
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      await this.report(outbox);
      const events = await outbox.next(batch, publication.resting());
      if (events.length === 0) {
        failures = 0;
        await this.pause(poll);
        continue;
      }
      const startedAt = performance.now();
      const { taken, refused, stuck } = await publication.publish(events, outgoing);
      await outbox.markPublished(
        taken.map(({ id }) => id),
        now(),
      );
      publication.forget(taken);
      this.count(taken, now().getTime());
      const milliseconds = Math.round((performance.now() - startedAt) * 10) / 10;
      this.config.reports.onBatch({ published: taken, refused, milliseconds });
      failures = stuck ? failures + 1 : 0;
      if (failures > 0) await this.pauseAfter(failures);
    }
  }

  private async report(outbox: EventOutbox): Promise<void> {
    if (Date.now() < this.reportAt) return;
    this.reportAt = Date.now() + this.times.progress;
    const backlog = await outbox.backlog(MOST_COUNTED);
    this.config.reports.onProgress({ ...backlog, ...this.since });
    this.since = { published: 0 };
  }

  private count(taken: readonly WaitingEvent[], now: number): void {
    if (taken.length === 0) return;
    const { published, longestLagMilliseconds = 0 } = this.since;
    const lags = taken.map(({ occurredAt }) => now - occurredAt.getTime());
    this.since = {
      published: published + taken.length,
      longestLagMilliseconds: Math.max(longestLagMilliseconds, ...lags),
    };
  }

  private async pauseAfter(failures: number): Promise<void> {
    const { first, most } = this.times.retry;
    const { random = Math.random } = this.config;
    await this.pause(waitAfter(failures, { firstMilliseconds: first, mostMilliseconds: most, random }));
  }

  /** @returns false when it is time to stop */
  private async pause(milliseconds: number): Promise<boolean> {
    const { signal } = this.stopping;
    await wait(milliseconds, undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }
}

function outgoing(event: WaitingEvent): OutgoingEvent {
  const { id, orderId, type } = event;
  return { id, orderId, type, text: cloudEventText(event) };
}
