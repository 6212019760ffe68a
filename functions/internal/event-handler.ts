import type {
  Context,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  SQSBatchResponse,
  SQSEvent,
} from "aws-lambda";
import {
  describeError,
  type EventContracts,
  type EventOf,
  InvalidEvent,
  readEvent,
  readTrace,
  withDeadline,
} from "../../runtime";
import type { Observability } from "./observability";

/** Further fields of a log line. Never what a user wrote. */
export type EventLogFields = Readonly<Record<string, unknown>>;

/** Writes log lines that carry the event's id and trace. */
export interface EventLogger {
  info(message: string, fields?: EventLogFields): void;
  warn(message: string, fields?: EventLogFields): void;
  error(message: string, fields?: EventLogFields): void;
}

/** What an event is handled with. */
export interface EventContext {
  /** Aborted when time is up. */
  readonly signal: AbortSignal;
  /** ARN of the queue or stream that it came by. */
  readonly sourceArn: string;
  readonly logger: EventLogger;
}

/** What makes a Lambda handler of events. */
export interface EventHandlerConfig<Contracts extends EventContracts> {
  readonly observability: Observability;
  /** Events that are taken: `events` of `generated/events`. Any other is refused. */
  readonly contracts: Contracts;
  /** Handles one event; may be called again with the same. What it throws fails this event alone. */
  readonly handle: (event: EventOf<Contracts>, context: EventContext) => Promise<void>;
  /** ARN of the queue by which events come again from an archive: their lines in the log are marked `replayed`. @default none is */
  readonly replayQueueArn?: string;
  /** Events that are handled at once: never two of one key of a stream, or of one group of a FIFO queue. @default 10 */
  readonly atOnce?: number;
  /** Milliseconds kept before the function's own timeout, to answer in. @default 500 */
  readonly marginMilliseconds?: number;
}

/** A record of a stream that is no event of the contracts. */
export interface RefusedRecord {
  /** ARN of the stream. */
  readonly streamArn: string;
  /** Shard and sequence number. */
  readonly eventId: string;
  readonly partitionKey: string;
  /** What is wrong with it, without its content. */
  readonly reason: string;
  /** The record, in base64. */
  readonly data: string;
}

/** What makes a Lambda handler of a stream's events. */
export interface StreamHandlerConfig<Contracts extends EventContracts> extends EventHandlerConfig<Contracts> {
  /**
   * Keeps a record that is refused, which is done with it; when it throws, the record comes again. @default a refused record comes again until
   * the mapping gives it up, and holds its shard up
   */
  readonly onRefused?: (record: RefusedRecord, signal: AbortSignal) => Promise<void>;
}

/** A message or record as it came. */
interface Delivery {
  /** What the answer names it by. */
  readonly id: string;
  readonly sourceArn: string;
  readonly text: string;
  /** What it is kept in order within. @default none */
  readonly lane?: string;
  /** How often it has been received, this time included. */
  readonly receives?: number;
  /** Keeps it when it is refused. @default it comes again */
  readonly keep?: (reason: string, signal: AbortSignal) => Promise<void>;
}

/** What became of a delivery: `refused` is no event of the contracts, `kept` neither but done with, `postponed` was not begun. */
type Outcome = "handled" | "refused" | "kept" | "failed" | "postponed";

/** Metric of each outcome. */
const METRICS: Readonly<Record<Outcome, string>> = {
  handled: "EventHandled",
  refused: "EventRefused",
  kept: "EventRefused",
  failed: "EventFailed",
  postponed: "EventPostponed",
};

/**
 * Frames a handler of a queue's events. Each message is an event by itself: what is wrong with one leaves the others done, and it alone comes
 * again, at last to the dead-letter queue. Of a FIFO queue, the messages of one group are handled in their order: after one that failed,
 * those behind it wait for it. One that is refused will never be handled, so none waits for it.
 *
 * The event source mapping must have `ReportBatchItemFailures`.
 */
export function queueHandler<const Contracts extends EventContracts>(config: EventHandlerConfig<Contracts>) {
  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const deliveries = Records.map((record) => ({
      ...{ id: record.messageId, sourceArn: record.eventSourceARN, text: record.body },
      receives: Number(record.attributes.ApproximateReceiveCount),
      ...(record.attributes.MessageGroupId !== undefined &&
        record.eventSourceARN.endsWith(".fifo") && { lane: record.attributes.MessageGroupId }),
    }));
    const undone = await handleAll(deliveries, config, context);
    return { batchItemFailures: undone.map(({ id }) => ({ itemIdentifier: id })) };
  };
}

/**
 * Frames a handler of a stream's events. Those of one partition key are handled in their order: after one that failed, those behind it wait
 * for it. What is wrong with one leaves those of other keys done; the stream comes again from the first that is not done, so those after it
 * are handled a second time. One that is refused is kept elsewhere, where `onRefused` does that.
 *
 * The event source mapping must have `ReportBatchItemFailures`.
 */
export function streamHandler<const Contracts extends EventContracts>({
  onRefused,
  ...config
}: StreamHandlerConfig<Contracts>) {
  return async ({ Records }: KinesisStreamEvent, context: Context): Promise<KinesisStreamBatchResponse> => {
    const deliveries = Records.map(({ kinesis, eventID: eventId, eventSourceARN: streamArn }): Delivery => {
      const { data, partitionKey, sequenceNumber: id } = kinesis;
      return {
        ...{
          id,
          sourceArn: streamArn,
          lane: partitionKey,
          text: Buffer.from(data, "base64").toString("utf8"),
        },
        ...(onRefused && {
          keep: (reason, signal) => onRefused({ streamArn, eventId, partitionKey, reason, data }, signal),
        }),
      };
    });
    const [first] = await handleAll(deliveries, config, context);
    return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first.id }] };
  };
}

/** @returns those that are not done, in their order */
async function handleAll<Contracts extends EventContracts>(
  deliveries: readonly Delivery[],
  config: EventHandlerConfig<Contracts>,
  context: Context,
): Promise<Delivery[]> {
  const { logger, publishMetrics, tracing } = config.observability;
  logger.addContext(context);
  const { marginMilliseconds = 500, atOnce = 10 } = config;
  const millisecondsLeft = () => context.getRemainingTimeInMillis() - marginMilliseconds;
  const undone = new Set<Delivery>();
  const lanes = lanesOf(deliveries).values();
  const work = async () => {
    for (const lane of lanes) {
      let blocked = false;
      for (const delivery of lane) {
        const outcome: Outcome = await handleOne(delivery, { config, blocked, millisecondsLeft });
        if (outcome !== "handled" && outcome !== "kept") undone.add(delivery);
        blocked ||= outcome === "failed" || outcome === "postponed";
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  publishMetrics();
  await tracing.flush();
  return deliveries.filter((delivery) => undone.has(delivery));
}

/** What must be handled one after the other, in order; of what has no lane, each by itself. */
function lanesOf(deliveries: readonly Delivery[]): Delivery[][] {
  const lanes = new Map<unknown, Delivery[]>();
  for (const delivery of deliveries) {
    const key = delivery.lane ?? delivery;
    const lane = lanes.get(key);
    if (lane) lane.push(delivery);
    else lanes.set(key, [delivery]);
  }
  return [...lanes.values()];
}

interface Turn<Contracts extends EventContracts> {
  readonly config: EventHandlerConfig<Contracts>;
  /** One before it, in its lane, is not done and comes again. */
  readonly blocked: boolean;
  readonly millisecondsLeft: () => number;
}

/** Handles one delivery, writes its log line and counts it. Never throws. */
async function handleOne<Contracts extends EventContracts>(
  delivery: Delivery,
  { config, blocked, millisecondsLeft }: Turn<Contracts>,
): Promise<Outcome> {
  const { logger, tracing, count, measure } = config.observability;
  const startedAt = performance.now();
  const { id: messageId, receives, sourceArn, text } = delivery;
  // Long after all else of its trace: who adds up a trace must know.
  const replay = sourceArn === config.replayQueueArn && { replayed: true };
  const end = (outcome: Outcome, fields: EventLogFields): Outcome => {
    count(METRICS[outcome]);
    const line = {
      ...{ outcome, messageId, ...(receives !== undefined && { receives }), ...replay, ...fields },
      milliseconds: Math.round(performance.now() - startedAt),
    };
    if (outcome === "handled") logger.info("event", line);
    else if (outcome === "postponed") logger.warn("event", line);
    else logger.error("event", line);
    return outcome;
  };

  let event: EventOf<Contracts>;
  try {
    event = readEvent(text, config.contracts);
  } catch (error) {
    const reason = error instanceof InvalidEvent ? error.message : "the event could not be read";
    return end(...(await refuse(delivery, reason, millisecondsLeft())));
  }
  const { id: eventId, type, subject: orderId, sequence, time, traceparent } = event;
  const traceId = traceIdOf(traceparent);
  const named = { eventId, type, orderId, sequence, traceId };
  if (blocked) return end("postponed", { ...named, reason: "an earlier event of its key is not done" });
  const milliseconds = millisecondsLeft();
  if (milliseconds <= 0) return end("postponed", { ...named, reason: "no time is left" });
  try {
    const lines = eventLogger(logger, { eventId, traceId, ...replay });
    await tracing.capture(
      "event",
      () =>
        withDeadline(milliseconds, (signal) => config.handle(event, { signal, sourceArn, logger: lines })),
      () => ({ annotations: { type, eventId, traceId } }),
    );
  } catch (error) {
    return end("failed", { ...named, cause: describeError(error) });
  }
  const ageMilliseconds = Math.max(0, Date.now() - Date.parse(time));
  // A replay is as old as its event: the metric tells how far behind the consumer is.
  if (!replay) measure("EventAge", ageMilliseconds);
  return end("handled", { ...named, ageMilliseconds });
}

/** @returns what becomes of a delivery that is no event, and what its log line says of it */
async function refuse(
  { keep, text }: Delivery,
  reason: string,
  milliseconds: number,
): Promise<[Outcome, EventLogFields]> {
  const fields = { ...traceIn(text), reason };
  if (keep === undefined) return ["refused", fields];
  if (milliseconds <= 0) return ["postponed", { ...fields, reason: `no time is left; ${reason}` }];
  try {
    await withDeadline(milliseconds, (signal) => keep(reason, signal));
    return ["kept", fields];
  } catch (error) {
    return ["failed", { ...fields, cause: describeError(error) }];
  }
}

function eventLogger(logger: Observability["logger"], carried: EventLogFields): EventLogger {
  return {
    info: (message, fields) => logger.info(message, { ...fields, ...carried }),
    warn: (message, fields) => logger.warn(message, { ...fields, ...carried }),
    error: (message, fields) => logger.error(message, { ...fields, ...carried }),
  };
}

/** As X-Ray writes it, as the services log it. */
function traceIdOf(traceparent: string): string {
  return readTrace((name) => (name === "traceparent" ? traceparent : undefined), Date.now()).id;
}

/** The trace that a text names which is no event: only what has the form of one is taken. */
function traceIn(text: string): { readonly traceId?: string } {
  const [, traceparent] = /"traceparent"\s*:\s*"([0-9a-f]{2}(?:-[0-9a-f]+){3})"/.exec(text) ?? [];
  return traceparent === undefined ? {} : { traceId: traceIdOf(traceparent) };
}
