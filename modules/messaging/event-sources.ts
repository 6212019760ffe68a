import type { Queue } from "./queue";
import type { Stream } from "./stream";

/** A queue whose messages a function handles. */
export interface QueueSource {
  readonly queue: Queue;
  /** Most messages of one invocation, 1 to 10000; of a FIFO queue to 10. @default 10 */
  readonly batchSize?: number;
  /** Seconds that Lambda waits for a batch to fill, 0 to 300; at least 1 for batches above 10, 0 for a FIFO queue. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /**
   * Most invocations at once for this queue, 2 to 1000. Without a bound Lambda takes more messages than the reserved concurrency can
   * handle, and what is throttled counts as delivered. @default what streams leave of the reserved concurrency, in equal parts for each queue
   */
  readonly maximumConcurrency?: number;
}

/** A stream whose records a function handles, in order for each partition key. */
export interface StreamSource {
  readonly stream: Stream;
  /** Most records of one invocation, 1 to 10000. @default 100 */
  readonly batchSize?: number;
  /** Seconds that Lambda waits for a batch to fill, 0 to 300. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /** Invocations at once for each shard, 1 to 10; the order for each partition key stays. @default 1 */
  readonly parallelizationFactor?: number;
  /** Retries of a batch before its failing records go to the queue for failures, 0 to 10000; -1: as many as the age allows. @default -1 */
  readonly maximumRetryAttempts?: number;
  /**
   * Seconds after which a record that still fails goes there, 60 to 604800 and less than the stream keeps it: how long the function may fail
   * without loss. Until then its shard waits for it. @default half of that
   */
  readonly maximumRecordAgeSeconds?: number;
  /** Where a new mapping begins. @default "TRIM_HORIZON": with the oldest record that is kept, so that none is missed */
  readonly startingPosition?: "TRIM_HORIZON" | "LATEST";
  /** Seconds that the newest handled record may be behind before the alarm. @default 300 */
  readonly maxLagAlarmSeconds?: number;
}

/**
 * Shards that are counted of an on-demand stream: as many as a new one has. It may grow to more, which then want more reserved concurrency.
 *
 * Source: https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
 */
const ON_DEMAND_SHARDS = 4;

/** What invokes a function. */
export type EventSource = QueueSource | StreamSource;

/** A source with its defaults. */
export type Required<Source extends EventSource> = { readonly [Field in keyof Source]-?: Source[Field] };

/** @param concurrencyShare what the reserved concurrency leaves for each queue */
export function queueDefaults(source: QueueSource, concurrencyShare: number): Required<QueueSource> {
  return {
    queue: source.queue,
    batchSize: source.batchSize ?? 10,
    maximumBatchingWindowSeconds: source.maximumBatchingWindowSeconds ?? 0,
    maximumConcurrency: source.maximumConcurrency ?? Math.min(concurrencyShare, 1000),
  };
}

export function streamDefaults(source: StreamSource): Required<StreamSource> {
  return {
    stream: source.stream,
    batchSize: source.batchSize ?? 100,
    maximumBatchingWindowSeconds: source.maximumBatchingWindowSeconds ?? 0,
    parallelizationFactor: source.parallelizationFactor ?? 1,
    maximumRetryAttempts: source.maximumRetryAttempts ?? -1,
    maximumRecordAgeSeconds:
      source.maximumRecordAgeSeconds ?? Math.min(source.stream.retentionHours * 1800, 604_800),
    startingPosition: source.startingPosition ?? "TRIM_HORIZON",
    maxLagAlarmSeconds: source.maxLagAlarmSeconds ?? 300,
  };
}

/** Most invocations at once for a stream. */
export function streamConcurrency({ stream, parallelizationFactor = 1 }: StreamSource): number {
  return (stream.shards === "on-demand" ? ON_DEMAND_SHARDS : stream.shards) * parallelizationFactor;
}

export function isQueueSource(source: EventSource): source is QueueSource {
  return "queue" in source;
}

export function isStreamSource(source: EventSource): source is StreamSource {
  return !isQueueSource(source);
}
