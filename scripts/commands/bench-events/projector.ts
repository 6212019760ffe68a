import { newEventText } from "./orders";
import type { Run, Throughput } from "./report";
import type { Surroundings } from "./surroundings";
import type { Worker } from "./worker";

const WORK = "write events to the view";
/** Records of a batch, as of the deployed function. */
const BATCH = 100;

/** What the projector needs besides its table. The queues are not there: no event is replayed, and none may be refused. */
export const PROJECTOR_VARIABLES = {
  REBUILD_QUEUE_ARN: "arn:aws:sqs:eu-west-1:000000000000:order-history-rebuild",
  FAILURES_QUEUE_URL: "http://127.0.0.1:9/000000000000/order-history-failed",
};

/**
 * Measures how many events one projector writes, as it is deployed, in turn with a bare handler that writes the same rows. The table is
 * a stand-in.
 *
 * @param events of each run
 */
export async function measureProjector(
  surroundings: Surroundings,
  { rounds, events }: { readonly rounds: number; readonly events: number },
): Promise<Throughput[]> {
  const variables = {
    ...PROJECTOR_VARIABLES,
    ...{ HISTORY_TABLE: "history", AWS_ENDPOINT_URL_DYNAMODB: await surroundings.tableEndpoint() },
  };
  const subjects: readonly { subject: string; worker: Worker; runs: Run[] }[] = [
    { subject: "bare handler", worker: await surroundings.startPlain("projector", variables), runs: [] },
    { subject: "projector", worker: await surroundings.startFunction("order-history", variables), runs: [] },
  ];
  // One of each in turn; the first round warms them up.
  for (let round = 0; round <= rounds; round++) {
    for (const { worker, runs } of subjects) {
      const { answers, milliseconds, cpuMicroseconds } = await worker.invoke(batches(events));
      checkBatches(answers);
      if (round > 0) runs.push({ count: events, milliseconds, cpuMicroseconds });
    }
  }
  return subjects.map(({ subject, runs }) => ({ work: WORK, subject, runs }));
}

/** Batches of a stream's records, each of another order. */
function batches(events: number): object[] {
  const records = Array.from({ length: events }, (_, index) => {
    const { orderId, text } = newEventText();
    return {
      kinesis: {
        ...{ sequenceNumber: String(index + 1), partitionKey: orderId },
        data: Buffer.from(text).toString("base64"),
      },
      eventSourceARN: "arn:aws:kinesis:eu-west-1:000000000000:stream/order-events",
    };
  });
  return Array.from({ length: Math.ceil(events / BATCH) }, (_, index) => ({
    Records: records.slice(index * BATCH, (index + 1) * BATCH),
  }));
}

/** @throws Error when not every record was handled: a projector that fails fast must not win */
export function checkBatches(answers: readonly unknown[]): void {
  for (const answer of answers as readonly { readonly batchItemFailures: readonly unknown[] }[]) {
    if (answer.batchItemFailures.length > 0) throw new Error("the projector did not handle every record");
  }
}
