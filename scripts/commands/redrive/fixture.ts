import { CommandError } from "../../internal/cli";
import type { ReceivedMessage } from "./failure";
import type { MoveConfig } from "./move";
import type { MoveTask, RedriveServices } from "./services";
import type { FailureQueue } from "./targets";

/** Failures of a queue. */
export const STOCK: FailureQueue = {
  name: "stock",
  queueName: "acme-prod-stock-failed",
  source: { kind: "queue", queueName: "acme-prod-stock" },
};
/** Failures of a function that is invoked asynchronously. */
export const GUARD: FailureQueue = {
  name: "upload-guard",
  queueName: "acme-prod-upload-guard-failed",
  source: { kind: "function", functionName: "acme-prod-upload-guard" },
};
/** What a stream's function could not handle. */
export const HISTORY: FailureQueue = {
  name: "history-order-events",
  queueName: "acme-prod-history-order-events-failed",
  source: { kind: "stream" },
};

/** A message as it is received. */
export function messageOf(
  messageId: string,
  body = "{}",
  changes: Partial<ReceivedMessage> = {},
): ReceivedMessage {
  return { messageId, receiptHandle: `receipt-${messageId}`, body, system: {}, attributes: {}, ...changes };
}

/** A stand-in of SQS and Lambda that keeps queues in memory. */
export class MemoryServices implements RedriveServices {
  /** What was invoked, with what. */
  readonly invoked: (readonly [functionName: string, payload: string])[] = [];
  /** Moves that were begun. */
  readonly begun: (readonly [from: string, to: string, perSecond: number])[] = [];
  /** What is told of the last move, one after the other; the last for ever. */
  tasks: (MoveTask | undefined)[] = [undefined];
  /** Ids of messages that nobody takes. */
  refused: readonly string[] = [];
  private readonly hidden = new Set<string>();

  constructor(readonly queues: Record<string, ReceivedMessage[]>) {}

  async depth(queueName: string) {
    const messages = this.messages(queueName);
    const hidden = messages.filter(({ messageId }) => this.hidden.has(messageId)).length;
    return { waiting: messages.length - hidden, hidden };
  }

  async receive(queueName: string, most: number) {
    const free = this.messages(queueName).filter(({ messageId }) => !this.hidden.has(messageId));
    const taken = free.slice(0, most);
    for (const { messageId } of taken) this.hidden.add(messageId);
    return taken;
  }

  async release(_queueName: string, { messageId }: ReceivedMessage) {
    this.hidden.delete(messageId);
  }

  async remove(queueName: string, { messageId }: ReceivedMessage) {
    this.queues[queueName] = this.messages(queueName).filter((message) => message.messageId !== messageId);
    this.hidden.delete(messageId);
  }

  async send(queueName: string, message: ReceivedMessage) {
    if (this.refused.includes(message.messageId)) throw new CommandError(`queue ${queueName}`, "is full");
    this.messages(queueName).push(message);
  }

  async invoke(functionName: string, payload: string) {
    this.invoked.push([functionName, payload]);
  }

  async startMove(queueName: string, toQueueName: string, perSecond: number) {
    this.begun.push([queueName, toQueueName, perSecond]);
  }

  async lastMove() {
    return this.tasks.length > 1 ? this.tasks.shift() : this.tasks[0];
  }

  close() {}

  private messages(queueName: string): ReceivedMessage[] {
    this.queues[queueName] ??= [];
    return this.queues[queueName];
  }
}

/** A clock that sleep alone moves. */
export function clock(changes: Partial<MoveConfig> = {}): MoveConfig & { readonly slept: number[] } {
  let time = 0;
  const slept: number[] = [];
  return {
    perSecond: 50,
    deadline: 60_000,
    hasMoveTasks: false,
    now: () => time,
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      time += milliseconds;
    },
    slept,
    ...changes,
  };
}
