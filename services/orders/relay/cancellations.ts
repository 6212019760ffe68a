import { setTimeout as wait } from "node:timers/promises";
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type CloudEvent, describeError, InvalidEvent, readEvent } from "../../../runtime";
import { type Logger, runForEvent } from "../../internal";
import { events, type FulfilmentFailedV1 } from "../generated/events";
import type { UnfulfilledResult } from "../store";
import { waitAfter } from "./backoff";

/** What the consumer works with. */
export interface CancellationsConfig {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly orders: {
    /** Cancels an order if it may still be cancelled. A second time nothing is changed. */
    cancelUnfulfilled(id: string, now: Date): Promise<UnfulfilledResult>;
  };
  readonly logger: Logger;
  /** Most messages at once, 1 to 10. */
  readonly atOnce: number;
  /** Seconds that the queue is listened to by one call, 0 to 20. @default 20 */
  readonly waitSeconds?: number;
  /** A number from 0 to 1. @default Math.random */
  readonly random?: () => number;
}

const CONTRACTS = { "shop.fulfilment.failed.v1": events["shop.fulfilment.failed.v1"] };
const BACKOFF = { firstMilliseconds: 200, mostMilliseconds: 20_000 };

/**
 * Cancels the orders that could not be fulfilled. A message is deleted once its order's cancellation is committed; what cannot be
 * handled stays, and goes to the queue's dead-letter queue.
 */
export class Cancellations {
  private readonly stopping = new AbortController();
  private done: Promise<void> | undefined;

  constructor(private readonly config: CancellationsConfig) {}

  start(): void {
    this.done ??= this.run();
  }

  /** Ends after the messages that are under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { random = Math.random, logger } = this.config;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const messages = await this.receive(signal);
        failures = 0;
        await Promise.all(messages.map((message) => this.handle(message)));
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        logger.warn("queue not read", { cause: describeError(error) });
        await wait(waitAfter(failures, { ...BACKOFF, random }), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async receive(abortSignal: AbortSignal): Promise<Message[]> {
    const { client, queueUrl, atOnce, waitSeconds = 20 } = this.config;
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: atOnce,
        WaitTimeSeconds: waitSeconds,
      }),
      { abortSignal },
    );
    return Messages;
  }

  /** Never throws. */
  private async handle(message: Message): Promise<void> {
    const { logger } = this.config;
    const messageId = message.MessageId ?? "";
    const event = readFailed(message.Body ?? "");
    if (event instanceof InvalidEvent) {
      logger.error("message left to its queue", { messageId, reason: event.message });
      return;
    }
    await runForEvent(event.id, event.traceparent, async () => {
      try {
        await this.cancel(event.data, message);
      } catch (error) {
        logger.warn("message not handled", { messageId, cause: describeError(error) });
      }
    });
  }

  private async cancel({ orderId, reason }: FulfilmentFailedV1, { MessageId, ReceiptHandle }: Message) {
    const { client, queueUrl, orders, logger } = this.config;
    const outcome = await orders.cancelUnfulfilled(orderId, new Date());
    if (outcome === "missing") {
      logger.error("message left to its queue", { messageId: MessageId, reason: "there is no such order" });
      return;
    }
    logger.info("order not fulfilled", { orderId, outcome, reason });
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
  }
}

/** @returns what is wrong with the text when it is no such event */
function readFailed(text: string): CloudEvent<FulfilmentFailedV1> | InvalidEvent {
  try {
    return readEvent(text, CONTRACTS);
  } catch (error) {
    if (error instanceof InvalidEvent) return error;
    throw error;
  }
}
