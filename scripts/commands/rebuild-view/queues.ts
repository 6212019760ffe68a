import type { SQSClient } from "@aws-sdk/client-sqs";
import { explainAwsFailure } from "../../internal/aws-errors";
import { CommandError } from "../../internal/cli";
import type { HistoryTargets } from "./targets";

/** What is asked of SQS. */
export interface QueueService {
  /** Replayed events that wait or are being handled, about. */
  waiting(): Promise<number>;
  /** Replayed events that could not be handled, about. */
  failed(): Promise<number>;
  close(): void;
}

const COUNTED = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

/** The queues of replayed events. */
export async function openQueues({
  region,
  accountId,
  queueName,
  deadLetterQueueName,
}: Pick<
  HistoryTargets,
  "region" | "accountId" | "queueName" | "deadLetterQueueName"
>): Promise<QueueService> {
  const sdk = await import("@aws-sdk/client-sqs");
  const client: SQSClient = new sdk.SQSClient({ region });
  const count = async (QueueName: string) => {
    try {
      const { QueueUrl } = await client.send(
        new sdk.GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId: accountId }),
      );
      const { Attributes = {} } = await client.send(
        new sdk.GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTED] }),
      );
      return COUNTED.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    } catch (error) {
      const place = `queue ${QueueName}`;
      if (/QueueDoesNotExist|NonExistentQueue/.test((error as Error).name)) {
        throw new CommandError(place, "is not deployed", "deploy it first");
      }
      throw explainAwsFailure(error, {
        ...{ service: "SQS", place },
        rights: "sqs:GetQueueUrl and sqs:GetQueueAttributes",
      });
    }
  };
  return {
    waiting: () => count(queueName),
    failed: () => count(deadLetterQueueName),
    close: () => client.destroy(),
  };
}
