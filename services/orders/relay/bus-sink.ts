import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { allRefused, calls, type EventSink, type OutgoingEvent, type Refusal } from "./event-sink";

/** Of one call: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const MOST = { events: 10, bytes: 256 * 1024 - 1 };
/** What the rules of the bus know the events' origin by. */
const SOURCE = "shop.orders";

/**
 * A bus of EventBridge. The CloudEvent is the detail, and has the time that it happened. The entry names none, so its time is when it was put:
 * what an archive keeps is replayed by that, and nothing from before the archive was made, however late the event is published.
 */
export class BusSink implements EventSink {
  readonly name = "bus";

  constructor(
    private readonly client: EventBridgeClient,
    /** Name of the bus. */
    private readonly bus: string,
  ) {}

  async publish(events: readonly OutgoingEvent[], signal: AbortSignal): Promise<readonly Refusal[]> {
    // Each event is of another order, so the calls need not wait for one another.
    const refused = await Promise.all(calls(events, MOST, bytesOf).map((call) => this.put(call, signal)));
    return refused.flat();
  }

  private async put(events: readonly OutgoingEvent[], abortSignal: AbortSignal): Promise<Refusal[]> {
    try {
      const { Entries = [] } = await this.client.send(
        new PutEventsCommand({
          Entries: events.map(({ type, text }) => ({
            EventBusName: this.bus,
            Source: SOURCE,
            DetailType: type,
            Detail: text,
          })),
        }),
        { abortSignal },
      );
      // In the order of the request.
      return events.flatMap(({ id }, index) => {
        const { EventId, ErrorCode } = Entries[index] ?? {};
        return EventId === undefined ? [{ id, code: ErrorCode ?? "NoAnswer" }] : [];
      });
    } catch (error) {
      return allRefused(events, error);
    }
  }
}

function bytesOf({ type, text }: OutgoingEvent): number {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/events/CalculatePutEventsEntrySize.html
  return SOURCE.length + type.length + Buffer.byteLength(text);
}
