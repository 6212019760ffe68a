import { type KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { allRefused, calls, type EventSink, type OutgoingEvent, type Refusal } from "./event-sink";

/** Of one call; the bytes count the keys too: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const MOST = { events: 500, bytes: 5 * 1024 * 1024 };

/** A Kinesis stream. Events of one order go to one shard. */
export class StreamSink implements EventSink {
  readonly name = "stream";

  constructor(
    private readonly client: KinesisClient,
    /** Name of the stream. */
    private readonly stream: string,
  ) {}

  async publish(events: readonly OutgoingEvent[], signal: AbortSignal): Promise<readonly Refusal[]> {
    const refused: Refusal[] = [];
    for (const call of calls(events, MOST, bytesOf)) refused.push(...(await this.put(call, signal)));
    return refused;
  }

  private async put(events: readonly OutgoingEvent[], abortSignal: AbortSignal): Promise<Refusal[]> {
    try {
      const { Records = [] } = await this.client.send(
        new PutRecordsCommand({
          StreamName: this.stream,
          Records: events.map(({ orderId, text }) => ({
            PartitionKey: orderId,
            Data: Buffer.from(text, "utf8"),
          })),
        }),
        { abortSignal },
      );
      // In the order of the request: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
      return events.flatMap(({ id }, index) => {
        const { SequenceNumber, ErrorCode } = Records[index] ?? {};
        return SequenceNumber === undefined ? [{ id, code: ErrorCode ?? "NoAnswer" }] : [];
      });
    } catch (error) {
      return allRefused(events, error);
    }
  }
}

function bytesOf({ orderId, text }: OutgoingEvent): number {
  return Buffer.byteLength(orderId) + Buffer.byteLength(text);
}
