import { setTimeout as wait } from "node:timers/promises";
import { CreateTableCommand, DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { _Record as StreamRecord } from "@aws-sdk/client-kinesis";
import { historyPartition } from "../../../runtime";
import { waitUntil } from "../../internal/wait-until";
import { newEventText, PRINCIPAL } from "./orders";
import { checkBatches, PROJECTOR_VARIABLES } from "./projector";
import type { Latencies } from "./report";
import { type Shop, STREAM } from "./shop";
import { ACCOUNT, type Surroundings } from "./surroundings";
import type { Worker } from "./worker";

const WORK = "from the order to the view";
const PLAIN_STREAM = "plain-events";
const TABLE = "order-history";
const STREAM_ARN = `arn:aws:kinesis:${ACCOUNT.AWS_REGION}:000000000000:stream/${STREAM}`;
/** The first of each, which are not counted. */
const WARM_UP = 10;
/** Between two orders, at random: so they meet the relay's looks at its outbox at any time. */
const PAUSE = { least: 50, most: 150 };
/** For all that is under way to arrive. */
const ARRIVAL_SECONDS = 30;

/**
 * Measures how long it takes from the commit of an order until the view has it, in turn with a bare producer and consumer of a stream, which put
 * and read the same bytes and do nothing else. Both streams are read in the same way, as Lambda does for a function.
 *
 * @param orders of each round
 * @throws Error when not every order is in the view
 */
export async function measureLatency(
  surroundings: Surroundings,
  shop: Shop,
  { rounds, orders }: { readonly rounds: number; readonly orders: number },
): Promise<Latencies[]> {
  const view = new ViewTable(shop.endpoint);
  surroundings.onEnd(() => view.close());
  await view.create();
  await shop.streams.create(PLAIN_STREAM);
  const projector = await surroundings.startFunction("order-history", {
    ...PROJECTOR_VARIABLES,
    ...{ HISTORY_TABLE: TABLE, AWS_ENDPOINT_URL: shop.endpoint },
  });

  const plain = new Journeys();
  const read = new Journeys();
  const viewed = new Journeys();
  const stopping = new AbortController();
  const readers = Promise.all([
    shop.streams.read(PLAIN_STREAM, stopping.signal, async (records) => plain.arrived(records)),
    shop.streams.read(STREAM, stopping.signal, async (records) => {
      read.arrived(records);
      await project(projector, records);
      viewed.arrived(records);
    }),
  ]);
  let placed = 0;
  const runs = async (count: number) => {
    for (let order = 0; order < count; order++, await pause()) {
      const event = newEventText();
      plain.began(event.orderId, performance.now());
      await shop.streams.put(PLAIN_STREAM, event);
    }
    await plain.all();
    for (let order = 0; order < count; order++, placed++, await pause()) {
      const id = await shop.place();
      const committedAt = performance.now();
      read.began(id, committedAt);
      viewed.began(id, committedAt);
    }
    await viewed.all();
  };
  try {
    await Promise.race([readers, runs(WARM_UP)]);
    for (const journeys of [plain, read, viewed]) journeys.forget();
    // One of each in turn: what else the machine does falls on all alike.
    for (let round = 0; round < rounds; round++) await Promise.race([readers, runs(orders)]);
  } finally {
    stopping.abort();
    await readers;
  }
  const rows = await view.count();
  if (rows !== placed) throw new Error(`the view has ${rows} of ${placed} orders`);
  return [
    { work: WORK, subject: "bare: put into a stream, read", milliseconds: plain.milliseconds() },
    { work: WORK, subject: "committed, relay, read from the stream", milliseconds: read.milliseconds() },
    { work: WORK, subject: "committed, relay, projector, in the view", milliseconds: viewed.milliseconds() },
  ];
}

/** When each event began its way, and when it was there; by order, as each has one event. */
class Journeys {
  private readonly begins = new Map<string, number>();
  private readonly ends = new Map<string, number>();

  began(id: string, at: number): void {
    this.begins.set(id, at);
  }

  arrived(records: readonly StreamRecord[]): void {
    const now = performance.now();
    // An event that is published twice has arrived at the first time.
    for (const { PartitionKey = "" } of records)
      if (!this.ends.has(PartitionKey)) this.ends.set(PartitionKey, now);
  }

  /** Waits until all have arrived. */
  async all(): Promise<void> {
    const missing = () => [...this.begins.keys()].filter((id) => !this.ends.has(id)).length;
    if (await waitUntil(() => missing() === 0, ARRIVAL_SECONDS)) return;
    throw new Error(`${missing()} events did not arrive within ${ARRIVAL_SECONDS} s`);
  }

  forget(): void {
    this.begins.clear();
    this.ends.clear();
  }

  milliseconds(): number[] {
    return [...this.begins].map(([id, at]) => (this.ends.get(id) ?? Number.NaN) - at);
  }
}

async function project(projector: Worker, records: readonly StreamRecord[]): Promise<void> {
  const Records = records.map(({ Data, PartitionKey, SequenceNumber }) => ({
    kinesis: {
      data: Buffer.from(Data ?? []).toString("base64"),
      ...{ partitionKey: PartitionKey, sequenceNumber: SequenceNumber },
    },
    eventSourceARN: STREAM_ARN,
  }));
  const { answers } = await projector.invoke([{ Records }]);
  checkBatches(answers);
}

function pause(): Promise<void> {
  return wait(PAUSE.least + Math.random() * (PAUSE.most - PAUSE.least));
}

/** The view's table, in the emulator. */
class ViewTable {
  private readonly client: DynamoDBClient;

  constructor(endpoint: string) {
    const credentials = {
      accessKeyId: ACCOUNT.AWS_ACCESS_KEY_ID,
      secretAccessKey: ACCOUNT.AWS_SECRET_ACCESS_KEY,
    };
    this.client = new DynamoDBClient({ endpoint, region: ACCOUNT.AWS_REGION, credentials });
  }

  async create(): Promise<void> {
    await this.client.send(
      new CreateTableCommand({
        ...{ TableName: TABLE, BillingMode: "PAY_PER_REQUEST" },
        AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
  }

  /** Orders that it has. */
  async count(): Promise<number> {
    let rows = 0;
    let from: Record<string, never> | undefined;
    do {
      const { Count = 0, LastEvaluatedKey } = await this.client.send(
        new QueryCommand({
          ...{ TableName: TABLE, Select: "COUNT", KeyConditionExpression: "pk = :pk" },
          ExpressionAttributeValues: { ":pk": { S: historyPartition(1, PRINCIPAL) } },
          ExclusiveStartKey: from,
        }),
      );
      rows += Count;
      from = LastEvaluatedKey as typeof from;
    } while (from);
    return rows;
  }

  close(): void {
    this.client.destroy();
  }
}
