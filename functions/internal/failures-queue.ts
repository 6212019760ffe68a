import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { boundedClientConfig } from "../../runtime";
import type { RefusedRecord } from "./event-handler";

/** Most bytes of a record that a message holds: with base64 and the rest it stays below the 256 KiB that every queue takes. */
const MOST_BYTES = 180 * 1024;

/**
 * Keeps what a stream's function refuses in the queue for its failures, as JSON: where it is in the stream, why it was refused, and `data`, the
 * record in base64, unless that is too large for a message.
 *
 * @param queueUrl `FAILURES_QUEUE_URL`, which an `EventConsumer` gives
 */
export function failuresQueue(queueUrl: string, client = new SQSClient(boundedClientConfig())) {
  return async ({ data, ...where }: RefusedRecord, abortSignal: AbortSignal): Promise<void> => {
    const fits = Buffer.byteLength(data, "base64") <= MOST_BYTES;
    const MessageBody = JSON.stringify({ ...where, ...(fits && { data }) });
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }), { abortSignal });
  };
}
