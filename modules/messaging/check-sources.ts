import { checkAll, checkWholeNumber } from "../internal/check";
import type { FunctionArtifact } from "../internal/function-bundle";
import {
  type EventSource,
  isQueueSource,
  isStreamSource,
  type QueueSource,
  queueDefaults,
  type Required,
  type StreamSource,
  streamConcurrency,
  streamDefaults,
} from "./event-sources";

/** What the sources of one function are checked against. */
export interface SourcesCheck {
  readonly sources: readonly EventSource[];
  readonly artifact: FunctionArtifact;
  readonly reservedConcurrency: number;
}

/**
 * What the streams leave of the reserved concurrency for each queue that says nothing of it, and at least the 2 that Lambda asks for.
 */
export function concurrencyShare({
  sources,
  reservedConcurrency,
}: Pick<SourcesCheck, "sources" | "reservedConcurrency">): number {
  const queues = sources.filter(isQueueSource).length;
  const left = reservedConcurrency - sum(sources.filter(isStreamSource).map(streamConcurrency));
  return Math.max(2, Math.floor(left / Math.max(queues, 1)));
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
  checkConcurrency(config, share);
  checkNamedOnce(sources, artifact.name);
}

function queueChecks(source: Required<QueueSource>, config: SourcesCheck): (() => void)[] {
  const { queue, batchSize, maximumBatchingWindowSeconds: window, maximumConcurrency } = source;
  const { artifact } = config;
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
    () => checkWholeNumber(`${place}: maximumRetryAttempts`, source.maximumRetryAttempts, -1, 10_000),
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

/** What all sources may invoke at once must be reserved: a message that is throttled counts as delivered, and at last is given up. */
function checkConcurrency({ sources, artifact, reservedConcurrency }: SourcesCheck, share: number): void {
  const wanted = sources.map((source) =>
    isQueueSource(source)
      ? { name: `queue ${source.queue.shortName}`, most: queueDefaults(source, share).maximumConcurrency }
      : { name: `stream ${source.stream.shortName}`, most: streamConcurrency(source) },
  );
  const least = sum(wanted.map(({ most }) => most));
  if (least <= reservedConcurrency) return;
  throw new Error(
    `function ${artifact.name}: reservedConcurrency must be at least ${least}, got ${reservedConcurrency} ` +
      `(${wanted.map(({ name, most }) => `${name}: ${most}`).join(", ")}); raise it, or lower maximumConcurrency, shards or parallelizationFactor`,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function checkNamedOnce(sources: readonly EventSource[], functionName: string): void {
  const names = sources.map((source) => (isQueueSource(source) ? source.queue : source.stream).node.path);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new Error(`function ${functionName}: sources name ${twice} twice; remove one`);
}
