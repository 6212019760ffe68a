import { checkAll, checkWholeNumber } from "../internal/check";
import type { FunctionArtifact } from "../internal/function-bundle";
import {
  type EventSource,
  isQueueSource,
  type QueueSource,
  queueDefaults,
  type Required,
  type StreamSource,
  streamDefaults,
} from "./event-sources";

/** What the sources of one function are checked against. */
export interface SourcesCheck {
  readonly sources: readonly EventSource[];
  readonly artifact: FunctionArtifact;
  readonly reservedConcurrency: number;
}

/**
 * What the reserved concurrency leaves for each queue that says nothing of it, and at least the 2 that Lambda asks for.
 */
export function concurrencyShare({
  sources,
  reservedConcurrency,
}: Pick<SourcesCheck, "sources" | "reservedConcurrency">): number {
  const queues = sources.filter(isQueueSource).length;
  return Math.max(2, Math.floor(reservedConcurrency / Math.max(queues, 1)));
}

/**
 * Checks what invokes a function against Lambda's limits, the function's time-out and what its queues and streams are.
 *
 * Limits: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 *
 * @throws Error with one line for each thing that is wrong
 */
export function checkSources(config: SourcesCheck): void {
  const { sources, artifact } = config;
  if (sources.length === 0) {
    throw new Error(`function ${artifact.name}: sources must name at least one queue or stream`);
  }
  const share = concurrencyShare(config);
  checkAll(
    sources.flatMap((source) =>
      isQueueSource(source)
        ? queueChecks(queueDefaults(source, share), config)
        : streamChecks(streamDefaults(source), artifact.name),
    ),
  );
  checkNamedOnce(sources, artifact.name);
}

function queueChecks(source: Required<QueueSource>, config: SourcesCheck): (() => void)[] {
  const { queue, batchSize, maximumBatchingWindowSeconds: window, maximumConcurrency } = source;
  const { artifact, reservedConcurrency } = config;
  const place = `function ${artifact.name}, queue ${queue.shortName}`;
  return [
    () => checkWholeNumber(`${place}: batchSize`, batchSize, 1, queue.fifo ? 10 : 10_000),
    () => checkWholeNumber(`${place}: maximumBatchingWindowSeconds`, window, 0, queue.fifo ? 0 : 300),
    () => {
      if (batchSize > 10 && window < 1 && !queue.fifo) {
        throw new Error(
          `${place}: maximumBatchingWindowSeconds must be at least 1 for a batchSize above 10, got ${window}`,
        );
      }
    },
    () => checkWholeNumber(`${place}: maximumConcurrency`, maximumConcurrency, 2, 1000),
    () => {
      if (maximumConcurrency > reservedConcurrency) {
        throw new Error(
          `${place}: maximumConcurrency of ${maximumConcurrency} must not be above reservedConcurrency, got ${reservedConcurrency}: ` +
            "what is throttled counts as delivered; raise the one or lower the other",
        );
      }
    },
    () => {
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      const least = 6 * artifact.timeoutSeconds + window;
      const visibility = queue.visibilityTimeoutSeconds;
      if (visibility < least) {
        throw new Error(
          `${place}: the queue's visibilityTimeoutSeconds must be at least six times the time-out of ${artifact.timeoutSeconds} s ` +
            `and the batching window of ${window} s, ${least}, got ${visibility}; ` +
            `raise it, or lower timeoutSeconds in functions/${artifact.name}/function.json`,
        );
      }
    },
  ];
}

function streamChecks(source: Required<StreamSource>, functionName: string): (() => void)[] {
  const place = `function ${functionName}, stream ${source.stream.shortName}`;
  const kept = source.stream.retentionHours * 3600;
  return [
    () => checkWholeNumber(`${place}: batchSize`, source.batchSize, 1, 10_000),
    () =>
      checkWholeNumber(`${place}: maximumBatchingWindowSeconds`, source.maximumBatchingWindowSeconds, 0, 300),
    () => checkWholeNumber(`${place}: parallelizationFactor`, source.parallelizationFactor, 1, 10),
    () => checkWholeNumber(`${place}: maximumRetryAttempts`, source.maximumRetryAttempts, 0, 10_000),
    // A record that the stream has dropped can no longer be read again when it has failed.
    () =>
      checkWholeNumber(
        `${place}: maximumRecordAgeSeconds`,
        source.maximumRecordAgeSeconds,
        60,
        Math.min(604_800, kept - 1),
      ),
    () => checkWholeNumber(`${place}: maxLagAlarmSeconds`, source.maxLagAlarmSeconds, 1),
  ];
}

function checkNamedOnce(sources: readonly EventSource[], functionName: string): void {
  const names = sources.map((source) => (isQueueSource(source) ? source.queue : source.stream).node.path);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new Error(`function ${functionName}: sources name ${twice} twice; remove one`);
}
