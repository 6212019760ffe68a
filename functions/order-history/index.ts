/**
 * The order history: projects the events of orders and of their fulfilment onto the view that the storefront reads.
 *
 * Invoked by the stream of orders and by two queues: of fulfilment, and of replayed events. This file only wires; see docs/events.md for
 * the design.
 *
 * @module
 */
import type { Context, KinesisStreamEvent, SQSEvent } from "aws-lambda";
import { KnownGenerations } from "../../runtime";
import { createObservability, queueHandler, readEnvironment, streamHandler } from "../internal";
import { dynamoDbClient } from "../internal/dynamodb-client";
import { failuresQueue } from "../internal/failures-queue";
import { events } from "./generated/events";
import { projector } from "./projector";
import { DynamoDbView } from "./view";

const environment = readEnvironment(
  {
    required: ["HISTORY_TABLE", "REBUILD_QUEUE_ARN", "FAILURES_QUEUE_URL"],
    optional: ["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"],
  },
  process.env,
);
const observability = createObservability({
  service: environment.POWERTOOLS_SERVICE_NAME ?? "order-history",
  namespace: environment.POWERTOOLS_METRICS_NAMESPACE ?? "order-history",
});
const view = new DynamoDbView({
  client: dynamoDbClient(observability.tracing),
  tableName: environment.HISTORY_TABLE,
});
const { REBUILD_QUEUE_ARN: rebuildQueueArn } = environment;
const handle = projector({
  view,
  generations: new KnownGenerations({ load: () => view.generations(), now: Date.now }),
  rebuildQueueArn,
  observability,
  now: Date.now,
});
const fromQueue = queueHandler({ observability, contracts: events, handle, replayQueueArn: rebuildQueueArn });
const fromStream = streamHandler({
  ...{ observability, contracts: events, handle },
  onRefused: failuresQueue(environment.FAILURES_QUEUE_URL),
});

/** Lambda's entry. A batch is of one source. */
export function handler(event: KinesisStreamEvent | SQSEvent, context: Context) {
  return isOfStream(event) ? fromStream(event, context) : fromQueue(event, context);
}

function isOfStream(event: KinesisStreamEvent | SQSEvent): event is KinesisStreamEvent {
  return event.Records.some((record) => "kinesis" in record);
}
