import { setTimeout as wait } from "node:timers/promises";
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
  type _Record as StreamRecord,
} from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { SentEvent } from "./orders";
import { ACCOUNT } from "./surroundings";

/** Between two looks at a stream that had nothing. */
const POLL_MILLISECONDS = 10;

/** Streams of one shard. */
export class Streams {
  private readonly client: KinesisClient;

  constructor(endpoint: string) {
    const credentials = {
      accessKeyId: ACCOUNT.AWS_ACCESS_KEY_ID,
      secretAccessKey: ACCOUNT.AWS_SECRET_ACCESS_KEY,
    };
    // By HTTP/1.1, as the relay speaks to it.
    const requestHandler = new NodeHttpHandler();
    this.client = new KinesisClient({ endpoint, region: ACCOUNT.AWS_REGION, credentials, requestHandler });
  }

  async create(StreamName: string): Promise<void> {
    await this.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  }

  async put(StreamName: string, { orderId, text }: SentEvent): Promise<void> {
    const Records = [{ PartitionKey: orderId, Data: Buffer.from(text) }];
    await this.client.send(new PutRecordsCommand({ StreamName, Records }));
  }

  /** Reads a stream from its beginning, batch after batch, until it is told to stop. */
  async read(
    StreamName: string,
    signal: AbortSignal,
    onBatch: (records: readonly StreamRecord[]) => Promise<void>,
  ): Promise<void> {
    const first = { StreamName, ShardId: "shardId-000000000000", ShardIteratorType: "TRIM_HORIZON" as const };
    let { ShardIterator } = await this.client.send(new GetShardIteratorCommand(first));
    while (!signal.aborted) {
      const { Records = [], NextShardIterator } = await this.client.send(
        new GetRecordsCommand({ ShardIterator, Limit: 100 }),
      );
      ShardIterator = NextShardIterator;
      if (Records.length > 0) await onBatch(Records);
      else await wait(POLL_MILLISECONDS);
    }
  }

  close(): void {
    this.client.destroy();
  }
}
