import { setTimeout as wait } from "node:timers/promises";
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  type _Record as StreamRecord,
} from "@aws-sdk/client-kinesis";
import { STREAM } from "../bench-events/shop";
import type { Worker } from "../bench-events/worker";
import type { SeenEvent } from "./check";
import { gap } from "./kills";

/** Records of a batch, as of the deployed function. */
const BATCH = 100;
/** Between two looks at a shard that had nothing. */
const POLL_MILLISECONDS = 50;
const STREAM_ARN = `arn:aws:kinesis:eu-west-1:000000000000:stream/${STREAM}`;

/** What a shard is read with. */
export interface ShardReaderConfig {
  readonly kinesis: KinesisClient;
  readonly shard: string;
  /** Starts the function. */
  readonly start: () => Promise<Worker>;
  readonly random: () => number;
  /** Between two kills of the function, on average. */
  readonly killMilliseconds: number;
}

/**
 * Gives a shard's records to the projector, batch after batch, as Lambda does: at least once, in order, from behind the last batch that was
 * done. Kills the projector at random in the middle of a batch, which is then delivered again.
 */
export class ShardReader {
  /** How often the projector was killed. */
  kills = 0;
  /** Records that were given to it more than once. */
  deliveredAgain = 0;
  /** Ids of the events that it has handled. */
  readonly handled = new Set<string>();
  private readonly delivered = new Set<string>();
  private readonly config: ShardReaderConfig;
  private worker: Worker | undefined;
  /** Sequence number of the last record that is done. */
  private checkpoint: string | undefined;
  private killAt: number;
  /** That the last batch took. */
  private batchMilliseconds = 0;
  private draining = false;
  private stopped = false;

  constructor(config: ShardReaderConfig) {
    this.config = config;
    this.killAt = this.nextKill();
  }

  /** Reads until `drain` is called and nothing is left. @throws what ended the projector, if that was no kill of ours */
  async run(): Promise<void> {
    let iterator: string | undefined;
    while (!this.stopped) {
      iterator ??= await iteratorAfter(this.config, this.checkpoint);
      const draining = this.draining;
      const { Records = [], NextShardIterator } = await this.config.kinesis.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: BATCH }),
      );
      if (Records.length === 0) {
        if (draining) return;
        iterator = NextShardIterator;
        await wait(POLL_MILLISECONDS);
        continue;
      }
      // What was not done is read again.
      iterator = (await this.deliver(Records)) ? NextShardIterator : undefined;
    }
  }

  /** Kills the projector no more, and has `run` end once nothing is left. */
  drain(): void {
    this.killAt = Number.POSITIVE_INFINITY;
    this.draining = true;
  }

  /** Ends all at once. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.worker?.end();
  }

  /** @returns whether all of the batch is done */
  private async deliver(records: readonly StreamRecord[]): Promise<boolean> {
    this.worker ??= await this.config.start();
    for (const { SequenceNumber = "" } of records) {
      if (this.delivered.has(SequenceNumber)) this.deliveredAgain++;
      this.delivered.add(SequenceNumber);
    }
    const invoked = this.worker.invoke([{ Records: records.map(lambdaRecord) }]);
    if (Date.now() >= this.killAt) {
      // Whatever it has done by then, nobody is told of it.
      invoked.catch(() => undefined);
      await wait(this.config.random() * this.batchMilliseconds);
      await this.worker.end();
      this.worker = undefined;
      this.kills++;
      this.killAt = this.nextKill();
      return false;
    }
    const { answers, milliseconds } = await invoked;
    this.batchMilliseconds = milliseconds;
    const { batchItemFailures } = answers[0] as {
      readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
    };
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    // Of a stream all from the first that is not done comes again.
    const first = records.findIndex(({ SequenceNumber = "" }) => failed.has(SequenceNumber));
    const done = first < 0 ? records : records.slice(0, first);
    for (const record of done) this.handled.add(seenEvent(record).id);
    this.checkpoint = done.at(-1)?.SequenceNumber ?? this.checkpoint;
    return done.length === records.length;
  }

  private nextKill(): number {
    return Date.now() + gap(this.config.random, this.config.killMilliseconds);
  }
}

/** All records of a shard, from its beginning. */
export async function readShard(kinesis: KinesisClient, shard: string): Promise<SeenEvent[]> {
  const events: SeenEvent[] = [];
  let ShardIterator = await iteratorAfter({ kinesis, shard }, undefined);
  for (;;) {
    const { Records = [], NextShardIterator } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    if (Records.length === 0) return events;
    events.push(...Records.map(seenEvent));
    ShardIterator = NextShardIterator;
  }
}

async function iteratorAfter(
  { kinesis, shard }: Pick<ShardReaderConfig, "kinesis" | "shard">,
  sequenceNumber: string | undefined,
): Promise<string | undefined> {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      ...{ StreamName: STREAM, ShardId: shard },
      ...(sequenceNumber === undefined
        ? { ShardIteratorType: "TRIM_HORIZON" }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: sequenceNumber }),
    }),
  );
  return ShardIterator;
}

function lambdaRecord({ Data, PartitionKey, SequenceNumber }: StreamRecord): object {
  const data = Buffer.from(Data ?? []).toString("base64");
  const kinesis = { data, partitionKey: PartitionKey, sequenceNumber: SequenceNumber };
  return { kinesis, eventSourceARN: STREAM_ARN };
}

function seenEvent({ Data }: StreamRecord): SeenEvent {
  const { id, subject, type, sequence } = JSON.parse(
    Buffer.from(Data ?? []).toString("utf8"),
  ) as SeenEvent & {
    readonly subject: string;
  };
  return { id, orderId: subject, type, sequence };
}
