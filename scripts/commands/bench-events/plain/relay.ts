/** The relay's work without an outbox: puts the same events to the same places, in calls of the same size, and looks at no answer. */
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { SentEvent } from "../orders";

/** What is put. */
export interface PlainRelayEvent {
  readonly stream: string;
  /** @default the stream alone */
  readonly bus?: string;
  readonly events: readonly SentEvent[];
}

const kinesis = new KinesisClient({ requestHandler: new NodeHttpHandler() });
const eventBridge = new EventBridgeClient({});

export async function handler({ stream, bus, events }: PlainRelayEvent): Promise<void> {
  for (const batch of slices(events, 100)) {
    const Records = batch.map(({ orderId, text }) => ({ PartitionKey: orderId, Data: Buffer.from(text) }));
    const puts = [kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }))];
    await Promise.all([
      ...puts,
      ...(bus === undefined ? [] : slices(batch, 10)).map((call) =>
        eventBridge.send(
          new PutEventsCommand({
            Entries: call.map(({ type, text }) => ({
              ...{ EventBusName: bus, Source: "shop.orders", DetailType: type, Detail: text },
            })),
          }),
        ),
      ),
    ]);
  }
}

function slices<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
