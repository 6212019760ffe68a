import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { SQSClient } from "@aws-sdk/client-sqs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { sql } from "kysely";
import { boundedClientConfig, describeError, readEnvironment } from "../../../runtime";
import {
  createLogger,
  createMetrics,
  type Logger,
  type PutMetrics,
  type RunningService,
  readSettings,
  runForEvent,
  startService,
} from "../../internal";
import { openDatabase } from "../database";
import { PostgresOrderStore } from "../postgres-store";
import type { OrdersDatabase } from "../schema";
import { gracefulStopSeconds } from "../service.json";
import { readDatabase } from "../settings";
import { TIMEOUTS } from "../timeouts";
import { BusSink } from "./bus-sink";
import { Cancellations } from "./cancellations";
import { Relay, type RelayReports } from "./relay";
import { StreamSink } from "./stream-sink";

/** Each has an attempt for itself: what is left is tried again by the relay, with what else has come by then. */
const SINK_LIMITS = { attempts: 2, connectionMilliseconds: 500, requestMilliseconds: 3000 };
/** Longer than the queue is listened to by one call. */
const QUEUE_LIMITS = { attempts: 2, connectionMilliseconds: 500, requestMilliseconds: 25_000 };
/** Messages of the queue at once, each with a connection of the database. */
const CANCELLATIONS_AT_ONCE = 2;

/**
 * Publishes the events of the orders, and cancels orders that could not be fulfilled, until the process is told to stop.
 *
 * @param source usually `process.env`
 * @throws Error naming what is missing there, or the value that is none
 */
export async function serveRelay(
  source: Readonly<Record<string, string | undefined>>,
): Promise<RunningService> {
  const settings = readSettings(source);
  const environment = readEnvironment(
    {
      required: ["STREAM_NAME", "EVENT_BUS_NAME", "METRICS_NAMESPACE"],
      optional: ["CANCELLATIONS_QUEUE_URL"],
    },
    source,
  );
  const logger = createLogger({ service: settings.name, level: settings.logLevel });
  const open = (poolSize: number) =>
    openDatabase<OrdersDatabase>({
      ...readDatabase({ ...source, DATABASE_POOL_SIZE: String(poolSize) }, TIMEOUTS),
      onIdleError: (error) => logger.warn("connection lost", { cause: describeError(error) }),
    });
  const database = open(CANCELLATIONS_AT_ONCE);
  const checkDatabase = async () => {
    await sql`SELECT 1`.execute(database);
  };
  const sinkConfig = boundedClientConfig(SINK_LIMITS);
  // By HTTP/1.1: the client's own HTTP/2 keeps one connection, be it dead, and has no time to connect in.
  const requestHandler = new NodeHttpHandler(sinkConfig.requestHandler);
  const kinesis = new KinesisClient({ ...sinkConfig, requestHandler });
  const eventBridge = new EventBridgeClient(sinkConfig);
  const queue = new SQSClient(boundedClientConfig(QUEUE_LIMITS));
  const relay = new Relay({
    open: () => open(1),
    sinks: [
      new StreamSink(kinesis, environment.STREAM_NAME),
      new BusSink(eventBridge, environment.EVENT_BUS_NAME),
    ],
    reports: relayReports(
      logger,
      createMetrics({ namespace: environment.METRICS_NAMESPACE, service: settings.name }),
    ),
  });
  const { CANCELLATIONS_QUEUE_URL: queueUrl } = environment;
  const cancellations =
    queueUrl === undefined
      ? undefined
      : new Cancellations({
          ...{ client: queue, queueUrl, logger, atOnce: CANCELLATIONS_AT_ONCE },
          orders: new PostgresOrderStore(database),
          checkDatabase,
        });
  relay.start();
  cancellations?.start();
  return startService({
    // Nobody sends it requests: nothing is waited for.
    settings: { ...settings, drainSeconds: 0 },
    logger,
    gracefulStopSeconds,
    routes: () => undefined,
    startChecks: { database: checkDatabase },
    close: async () => {
      await Promise.all([relay.stop(), cancellations?.stop()]);
      await database.destroy();
      for (const client of [kinesis, eventBridge, queue]) client.destroy();
    },
  });
}

/** A line of the log for each event, with its trace, and one for each batch; and how far it is as metrics. */
function relayReports(logger: Logger, putMetrics: PutMetrics): RelayReports {
  return {
    onActive: () => logger.info("relay active"),
    onBatch: ({ published, refused, milliseconds }) => {
      for (const { id, orderId, type, sequence, traceparent } of published) {
        runForEvent(id, traceparent, () => logger.info("event published", { type, orderId, sequence }));
      }
      const batch = { events: published.length, milliseconds };
      if (Object.keys(refused).length === 0) logger.info("batch published", batch);
      else logger.warn("batch not published as a whole", { ...batch, refused });
    },
    onProgress: ({ depth, ageSeconds, published, longestLagMilliseconds: lag }) =>
      putMetrics({
        OutboxDepth: { value: depth, unit: "Count" },
        OutboxAge: { value: Math.round(ageSeconds * 1000) / 1000, unit: "Seconds" },
        EventsPublished: { value: published, unit: "Count" },
        ...(lag !== undefined && { PublishLag: { value: lag, unit: "Milliseconds" } }),
      }),
    onError: (error) => logger.warn("relay begins anew", { cause: describeError(error) }),
  };
}
