/**
 * Notifications: writes down for each user what becomes of their orders.
 *
 * Invoked by the queue `notifications`. This file only wires; see docs/events.md for the design.
 *
 * @module
 */
import { createObservability, queueHandler, readEnvironment } from "../internal";
import { dynamoDbClient } from "../internal/dynamodb-client";
import { events } from "./generated/events";
import { notifier } from "./notifier";
import { readDays } from "./settings";

const environment = readEnvironment(
  {
    required: ["NOTIFICATIONS_TABLE", "RETENTION_DAYS"],
    optional: ["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"],
  },
  process.env,
);
const observability = createObservability({
  service: environment.POWERTOOLS_SERVICE_NAME ?? "notifications",
  namespace: environment.POWERTOOLS_METRICS_NAMESPACE ?? "notifications",
});

/** Lambda's entry. */
export const handler = queueHandler({
  observability,
  contracts: events,
  handle: notifier({
    client: dynamoDbClient(observability.tracing),
    tableName: environment.NOTIFICATIONS_TABLE,
    retentionDays: readDays("RETENTION_DAYS", environment.RETENTION_DAYS),
    observability,
  }),
});
