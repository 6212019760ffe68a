import { TerraformOutput, type TerraformStack } from "cdktf";
import type { CatalogTable } from "../modules/catalog-table";
import { ImportBucket } from "../modules/import-bucket";
import {
  BucketTrigger,
  EventBus,
  EventConsumer,
  type EventConsumerConfig,
  Queue,
  type QueueConfig,
  Stream,
  Topic,
} from "../modules/messaging";
import { NotificationsTable } from "../modules/notifications-table";
import { OrderHistory } from "../modules/order-history";
import type { ServiceParts } from "./containers";
import type { MicroservicesFoundation } from "./foundation";
import { functionArtifact } from "./project";
import { addFulfilment } from "./shop-fulfilment";
import type { EnvironmentSpec } from "./spec";

type EventsSpec = NonNullable<NonNullable<EnvironmentSpec["microservices"]>["events"]>;

/** What users are told of, and the history is made of. */
const EVENT_TYPES = [
  ...["shop.order.placed.v1", "shop.order.cancelled.v1"],
  ...["shop.fulfilment.shipped.v1", "shop.fulfilment.failed.v1"],
];

/** A replay puts all that there has been into the queue at once: only one that is not at its end long after `scripts/rebuild-view` gives up, is a fault. */
const REBUILD_ALARMS = { maxAgeAlarmSeconds: 6 * 60 * 60, depthAlarm: 1_000_000 };

/** What the events of the shop are made of. */
export interface ShopEventsConfig {
  readonly stack: TerraformStack;
  readonly spec: EventsSpec;
  readonly foundation: MicroservicesFoundation;
  /** How the services of the orders reach their database. */
  readonly orders: ServiceParts;
  /** Where products are imported to. */
  readonly products: CatalogTable;
}

/** What comes of the events for the services that clients talk to. */
export interface ShopEvents {
  readonly storefront: Pick<ServiceParts, "environment" | "statements">;
}

/** Adds how the events of orders are published, and what is made of them. */
export function addShopEvents(config: ShopEventsConfig): ShopEvents {
  const { stack, spec, foundation } = config;
  const { alarmTopicArn, dataKeyArn: kmsKeyArn, deletionProtection, label } = foundation;
  const stream = new Stream(stack, "order-events", {
    ...spec.stream,
    ...{ label, kmsKeyArn, alarmTopicArn, deletionProtection },
    name: "order-events",
  });
  const bus = new EventBus(stack, "shop-bus", {
    ...{ label, kmsKeyArn, alarmTopicArn },
    name: "shop",
    archiveDays: spec.archiveDays,
  });
  addRelay(config, stream, bus);
  if (spec.catalogImport) addCatalogImport(config, spec.catalogImport);
  if (spec.fulfilment) {
    addFulfilment({ stack, spec: spec.fulfilment, foundation, bus, products: config.products });
  }
  if (spec.notifications) addNotifications(config, spec.notifications, bus);
  return {
    storefront: spec.history
      ? addHistory(config, spec.history, stream, bus)
      : { environment: {}, statements: [] },
  };
}

/** Publishes what is in the outbox of the orders, and cancels orders that could not be fulfilled. */
function addRelay(
  { stack, spec, foundation, orders }: ShopEventsConfig,
  stream: Stream,
  bus: EventBus,
): void {
  const { containers, label } = foundation;
  const cancellations = addQueue(stack, foundation, "order-cancellations", 60);
  bus.addRule("order-cancellations", {
    name: "order-cancellations",
    ...{ source: "shop.fulfilment", types: ["shop.fulfilment.failed.v1"] },
    target: { queue: cancellations },
  });
  containers.addService("order-relay", spec.relay, {
    ...orders,
    image: "orders",
    command: "relay",
    metricAlarms: [
      {
        ...{ name: "outbox-age", namespace: label.prefix, metricName: "OutboxAge", threshold: 60 },
        // Without an active task there is none.
        alarmsWithoutData: true,
        description:
          "Events of orders wait over 60 s, or no relay is active: read the log of order-relay, then docs/events.md, The outbox.",
      },
    ],
    environment: {
      ...orders.environment,
      STREAM_NAME: stream.name,
      EVENT_BUS_NAME: bus.name,
      METRICS_NAMESPACE: label.prefix,
      CANCELLATIONS_QUEUE_URL: cancellations.url,
    },
    statements: [
      ...orders.statements,
      ...stream.writeStatements(),
      ...bus.putStatements({
        source: "shop.orders",
        types: ["shop.order.placed.v1", "shop.order.cancelled.v1"],
      }),
      ...cancellations.consumeStatements(),
    ],
  });
}

/** The view of orders, and the function that makes it of events. */
function addHistory(
  { stack, foundation }: ShopEventsConfig,
  { pointInTimeRecoveryDays, reservedConcurrency }: NonNullable<EventsSpec["history"]>,
  stream: Stream,
  bus: EventBus,
): ShopEvents["storefront"] {
  const { alarmTopicArn, dataKeyArn: kmsKeyArn, deletionProtection, label } = foundation;
  const view = new OrderHistory(stack, "order-history", {
    ...{ label, kmsKeyArn, alarmTopicArn, deletionProtection, pointInTimeRecoveryDays },
  });
  const fulfilment = addQueue(stack, foundation, "order-history-fulfilment", 180);
  bus.addRule("order-history-fulfilment", {
    name: "order-history-fulfilment",
    ...{ source: "shop.fulfilment", types: ["shop.fulfilment.shipped.v1", "shop.fulfilment.failed.v1"] },
    target: { queue: fulfilment },
  });
  const rebuild = addQueue(stack, foundation, "order-history-rebuild", 180, REBUILD_ALARMS);
  bus.addRule("order-history-rebuild", {
    name: "order-history-rebuild",
    // What is replayed has a name; nothing else comes this way, nor a replay of what the history is not made of.
    pattern: { "replay-name": [{ exists: true }], "detail-type": EVENT_TYPES },
    target: { queue: rebuild },
  });
  addConsumer(stack, foundation, "order-history", {
    environment: { HISTORY_TABLE: view.tableName, REBUILD_QUEUE_ARN: rebuild.arn },
    statements: view.projectStatements(),
    reservedConcurrency,
    sources: [{ stream }, { queue: fulfilment }, { queue: rebuild }],
  });
  new TerraformOutput(stack, "order_history_table", { value: view.tableName });
  return { environment: { HISTORY_TABLE: view.tableName }, statements: view.readStatements() };
}

/** The bucket of catalogue files, and the function that imports them. */
function addCatalogImport(
  { stack, foundation, products }: ShopEventsConfig,
  { reservedConcurrency, retentionDays }: NonNullable<EventsSpec["catalogImport"]>,
): void {
  const { accessLogBucket, dataKeyArn: kmsKeyArn, deletionProtection, label } = foundation;
  const bucket = new ImportBucket(stack, "catalog-import-bucket", {
    ...{ label, kmsKeyArn, accessLogBucket, deletionProtection, retentionDays },
    name: "catalog-import",
  });
  // Six times the function's time, which is as long as functions have.
  const queue = addQueue(stack, foundation, "catalog-import", 5400);
  new BucketTrigger(stack, "catalog-import-trigger", {
    ...{ label, queue },
    bucket: bucket.name,
    prefix: bucket.incomingPrefix,
    suffix: ".csv",
  });
  addConsumer(stack, foundation, "catalog-import", {
    environment: { PRODUCTS_TABLE: products.tableName },
    statements: [...products.grantReadWrite(), ...bucket.importStatements()],
    reservedConcurrency,
    // A file is the work of one invocation.
    sources: [{ queue, batchSize: 1 }],
  });
  new TerraformOutput(stack, "catalog_import_bucket", { value: bucket.name });
}

/** What users are told of their orders: a topic of all events, a queue, a function, a table. */
function addNotifications(
  { stack, foundation }: ShopEventsConfig,
  { retentionDays, reservedConcurrency, pointInTimeRecoveryDays }: NonNullable<EventsSpec["notifications"]>,
  bus: EventBus,
): void {
  const { alarmTopicArn, dataKeyArn: kmsKeyArn, deletionProtection, label } = foundation;
  const topic = new Topic(stack, "order-events-topic", {
    ...{ label, kmsKeyArn, alarmTopicArn },
    name: "order-events",
  });
  bus.addRule("order-events", { name: "order-events", types: EVENT_TYPES, target: { topic } });
  const queue = addQueue(stack, foundation, "notifications", 180);
  queue.subscribe(topic, { types: EVENT_TYPES });
  const table = new NotificationsTable(stack, "notifications", {
    ...{ label, kmsKeyArn, alarmTopicArn, deletionProtection, pointInTimeRecoveryDays },
  });
  addConsumer(stack, foundation, "notifications", {
    environment: { NOTIFICATIONS_TABLE: table.tableName, RETENTION_DAYS: String(retentionDays) },
    statements: table.writeStatements(),
    reservedConcurrency,
    sources: [{ queue }],
  });
}

/** @param alarms @default its messages wait 10 minutes beyond what one delivery may take, and there are 1000 */
function addQueue(
  stack: TerraformStack,
  { alarmTopicArn, dataKeyArn: kmsKeyArn, label }: MicroservicesFoundation,
  name: string,
  visibilityTimeoutSeconds: number,
  alarms: Partial<Pick<QueueConfig, "maxAgeAlarmSeconds" | "depthAlarm">> = {},
): Queue {
  return new Queue(stack, `${name}-queue`, {
    ...{ label, name, kmsKeyArn, alarmTopicArn, visibilityTimeoutSeconds },
    maxAgeAlarmSeconds: visibilityTimeoutSeconds + 600,
    ...alarms,
  });
}

/** Adds a function of `functions/<name>` that handles events. */
function addConsumer(
  stack: TerraformStack,
  foundation: MicroservicesFoundation,
  name: string,
  own: Pick<EventConsumerConfig, "environment" | "statements" | "reservedConcurrency" | "sources">,
): void {
  const { alarmTopicArn, artifactBucket, dataKeyArn, label, logRetentionDays, telemetryKeyArn } = foundation;
  new EventConsumer(stack, `${name}-consumer`, {
    ...own,
    ...{ label, artifactBucket, logRetentionDays, alarmTopicArn },
    artifact: functionArtifact(foundation, name),
    environment: {
      ...own.environment,
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: label.prefix,
    },
    kmsKeyArn: dataKeyArn,
    logKmsKeyArn: telemetryKeyArn,
  });
}
