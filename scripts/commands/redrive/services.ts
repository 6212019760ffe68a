import { randomUUID } from "node:crypto";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import { explainAwsFailure } from "../../internal/aws-errors";
import { CommandError } from "../../internal/cli";
import type { ReceivedMessage } from "./failure";

/** How many messages a queue has, about. */
export interface Depth {
  /** Messages that wait. */
  readonly waiting: number;
  /** Messages that somebody looks at. */
  readonly hidden: number;
}

/** SQS's own move of a queue of failures. */
export interface MoveTask {
  /** `RUNNING`, `COMPLETED`, `CANCELLING`, `CANCELLED` or `FAILED`. */
  readonly status: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly moved: number;
  /** Undefined while SQS has not counted. */
  readonly toMove?: number;
  readonly failure?: string;
}

/** What is asked of SQS and Lambda. Queues and functions go by their names in AWS. */
export interface RedriveServices {
  depth(queueName: string): Promise<Depth>;
  /**
   * Takes up to ten messages.
   *
   * @param hiddenSeconds for which nobody else gets them
   */
  receive(queueName: string, most: number, hiddenSeconds: number): Promise<ReceivedMessage[]>;
  /** Lets others have a message again. */
  release(queueName: string, message: ReceivedMessage): Promise<void>;
  remove(queueName: string, message: ReceivedMessage): Promise<void>;
  /** Sends a message as it is. */
  send(queueName: string, message: ReceivedMessage): Promise<void>;
  /** Has the alias `live` handle an event, asynchronously. @param payload JSON */
  invoke(functionName: string, payload: string): Promise<void>;
  /** Begins a move by SQS. */
  startMove(queueName: string, toQueueName: string, perSecond: number): Promise<void>;
  /** The move that was begun last. */
  lastMove(queueName: string): Promise<MoveTask | undefined>;
  close(): void;
}

/** The services in the account and region of a stack. */
export async function openServices({
  accountId,
  region,
}: {
  readonly accountId: string;
  readonly region: string;
}): Promise<RedriveServices> {
  const [sqsSdk, lambdaSdk] = await Promise.all([
    import("@aws-sdk/client-sqs"),
    import("@aws-sdk/client-lambda"),
  ]);
  const sqs: SQSClient = new sqsSdk.SQSClient({ region });
  const lambda: LambdaClient = new lambdaSdk.LambdaClient({ region });
  const urls = new Map<string, string>();
  const arnOf = (queueName: string) => `arn:aws:sqs:${region}:${accountId}:${queueName}`;

  const onQueue = async <T>(
    name: string,
    rights: string,
    call: (QueueUrl: string) => Promise<T>,
  ): Promise<T> => {
    const place = `queue ${name}`;
    try {
      const url = urls.get(name) ?? (await urlOf(name));
      urls.set(name, url);
      return await call(url);
    } catch (error) {
      if (/QueueDoesNotExist|NonExistentQueue/.test((error as Error).name)) {
        throw new CommandError(place, "is not deployed", "deploy it first");
      }
      throw explainAwsFailure(error, { service: "SQS", place, rights });
    }
  };
  const urlOf = async (QueueName: string) =>
    String(
      (await sqs.send(new sqsSdk.GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId: accountId })))
        .QueueUrl,
    );
  return {
    depth: (name) =>
      onQueue(name, "sqs:GetQueueUrl and sqs:GetQueueAttributes", async (QueueUrl) => {
        const { Attributes = {} } = await sqs.send(
          new sqsSdk.GetQueueAttributesCommand({
            QueueUrl,
            AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
          }),
        );
        return {
          waiting: Number(Attributes["ApproximateNumberOfMessages"] ?? 0),
          hidden: Number(Attributes["ApproximateNumberOfMessagesNotVisible"] ?? 0),
        };
      }),
    receive: (name, most, hiddenSeconds) =>
      onQueue(name, "sqs:ReceiveMessage, and kms:Decrypt for it,", async (QueueUrl) => {
        const { Messages = [] } = await sqs.send(
          new sqsSdk.ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: most,
            VisibilityTimeout: hiddenSeconds,
            // SQS asks all its servers only when it may wait.
            WaitTimeSeconds: 1,
            MessageSystemAttributeNames: ["All"],
            MessageAttributeNames: ["All"],
          }),
        );
        return Messages.map(received);
      }),
    release: (name, { receiptHandle: ReceiptHandle }) =>
      onQueue(name, "sqs:ChangeMessageVisibility", async (QueueUrl) => {
        await sqs.send(
          new sqsSdk.ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
        );
      }),
    remove: (name, { receiptHandle: ReceiptHandle }) =>
      onQueue(name, "sqs:DeleteMessage", async (QueueUrl) => {
        await sqs.send(new sqsSdk.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }),
    send: (name, { body, attributes, system }) =>
      onQueue(name, "sqs:SendMessage, and kms:GenerateDataKey for it,", async (QueueUrl) => {
        const { MessageGroupId } = system;
        await sqs.send(
          new sqsSdk.SendMessageCommand({
            QueueUrl,
            MessageBody: body,
            MessageAttributes: Object.fromEntries(
              Object.entries(attributes).map(([key, StringValue]) => [
                key,
                { DataType: "String", StringValue },
              ]),
            ),
            // By its own id SQS would take it for a duplicate, and drop it.
            ...(MessageGroupId !== undefined && { MessageGroupId, MessageDeduplicationId: randomUUID() }),
          }),
        );
      }),
    startMove: (name, toQueueName, perSecond) =>
      onQueue(name, "sqs:StartMessageMoveTask and all that the move needs", async () => {
        await sqs.send(
          new sqsSdk.StartMessageMoveTaskCommand({
            SourceArn: arnOf(name),
            DestinationArn: arnOf(toQueueName),
            MaxNumberOfMessagesPerSecond: perSecond,
          }),
        );
      }),
    lastMove: (name) =>
      onQueue(name, "sqs:ListMessageMoveTasks", async () => {
        const { Results = [] } = await sqs.send(
          new sqsSdk.ListMessageMoveTasksCommand({ SourceArn: arnOf(name), MaxResults: 1 }),
        );
        const [task] = Results;
        if (task === undefined) return undefined;
        return {
          status: String(task.Status),
          startedAt: task.StartedTimestamp ?? 0,
          moved: task.ApproximateNumberOfMessagesMoved ?? 0,
          ...(task.ApproximateNumberOfMessagesToMove !== undefined && {
            toMove: task.ApproximateNumberOfMessagesToMove,
          }),
          ...(task.FailureReason !== undefined && { failure: task.FailureReason }),
        };
      }),
    invoke: async (functionName, payload) => {
      const place = `function ${functionName}`;
      try {
        await lambda.send(
          new lambdaSdk.InvokeCommand({
            FunctionName: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
            Qualifier: "live",
            InvocationType: "Event",
            Payload: Buffer.from(payload),
          }),
        );
      } catch (error) {
        throw explainAwsFailure(error, { service: "Lambda", place, rights: "lambda:InvokeFunction" });
      }
    },
    close: () => {
      sqs.destroy();
      lambda.destroy();
    },
  };
}

function received(message: Message): ReceivedMessage {
  const texts = Object.entries(message.MessageAttributes ?? {}).flatMap(([name, { StringValue }]) =>
    StringValue === undefined ? [] : [[name, StringValue] as const],
  );
  return {
    messageId: String(message.MessageId),
    receiptHandle: String(message.ReceiptHandle),
    body: message.Body ?? "",
    system: (message.Attributes ?? {}) as Record<string, string>,
    attributes: Object.fromEntries(texts),
  };
}
