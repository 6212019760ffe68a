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
  /** Fails when the database does not answer. */
  readonly checkDatabase: () => Promise<void>;
  readonly logger: Logger;
  /** Most messages at once, 1 to 10. */
  readonly atOnce: number;
  /** Seconds that the queue is listened to by one call, 0 to 20. @default 20 */
  readonly waitSeconds?: number;
  /** A number from 0 to 1. @default Math.random */
  readonly random?: () => number;
}

const CONTRACTS = { "shop.fulfilment.failed.v1": events["shop.fulfilment.failed.v1"] };
const BACKOFF = { firstMilliseconds: 500, mostMilliseconds: 20_000 };

/**
 * Cancels the orders that could not be fulfilled. A message is deleted once its order's cancellation is committed; what cannot be
 * handled stays, and goes to the queue's dead-letter queue. Each time that one is taken in vain brings it nearer to there. So at the start, and
 * after something has failed, none is taken before the database answers.
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
    const { random = Math.random } = this.config;
    let wary = true;
    for (let failures = 0; !signal.aborted; ) {
      failures = (await this.handleNext(signal, wary)) ? 0 : failures + 1;
      wary = failures > 0;
      if (!wary) continue;
      await wait(waitAfter(failures, { ...BACKOFF, random }), undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * @param wary whether the database is asked first
   * @returns false when queue or database are in trouble
   */
  private async handleNext(signal: AbortSignal, wary: boolean): Promise<boolean> {
    try {
      if (wary) await this.config.checkDatabase();
    } catch (error) {
      this.config.logger.warn("queue left alone: no database", { cause: describeError(error) });
      return false;
    }
    try {
      const messages = await this.receive(signal);
      const handled = await Promise.all(messages.map((message) => this.handle(message)));
      return handled.every((well) => well);
    } catch (error) {
      if (!signal.aborted) this.config.logger.warn("queue not read", { cause: describeError(error) });
      return false;
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

  /** Never throws. @returns false when it could not be handled though it may be right */
  private async handle(message: Message): Promise<boolean> {
    const { logger } = this.config;
    const messageId = message.MessageId ?? "";
    const event = readFailed(message.Body ?? "");
    if (event instanceof InvalidEvent) {
      logger.error("message left to its queue", { messageId, reason: event.message });
      return true;
    }
    return runForEvent(event.id, event.traceparent, async () => {
      try {
        await this.cancel(event.data, message);
        return true;
      } catch (error) {
        logger.warn("message not handled", { messageId, cause: describeError(error) });
        return false;
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
