/**
 * The storefront: products through a cache, orders placed and listed, their history, for users with a session. Contract: api/storefront/v1.yaml;
 * design: README.md.
 *
 * This file only wires.
 *
 * @module
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  AWS_CLIENT_LIMITS,
  awsProblem,
  boundedClientConfig,
  CircuitBreaker,
  describeError,
} from "../../runtime";
import { createLogger, readSettings, readUserPool, startService, startUp, userTokens } from "../internal";
import { HttpCatalog } from "./catalog";
import { History } from "./history";
import { DynamoDbHistoryStore } from "./history-store";
import { HttpOrders } from "./orders";
import { Products } from "./products";
import { storefrontRoutes } from "./routes";
import { gracefulStopSeconds } from "./service.json";
import { HttpSessions } from "./sessions";
import { readStorefront } from "./settings";
import { ValkeyCache } from "./valkey-cache";

/** Requests at once. Each may need a connection to DynamoDB. */
const MOST_REQUESTS = 200;

void startUp(async () => {
  const settings = readSettings(process.env);
  const {
    catalogUrl,
    ordersUrl,
    sessionsUrl,
    region,
    historyTable,
    cache: address,
  } = readStorefront(process.env);
  const logger = createLogger({ service: settings.name, level: settings.logLevel });
  const catalog = new HttpCatalog(catalogUrl);
  const orders = new HttpOrders(ordersUrl);
  const sessions = new HttpSessions({ baseUrl: sessionsUrl, region });
  const cache = new ValkeyCache({
    ...address,
    breaker: new CircuitBreaker({ failures: 5, openMilliseconds: 2000, now: Date.now }),
    onFailing: (error) => logger.warn("cache left alone", { cause: describeError(error) }),
  });
  const dynamoDb = new DynamoDBClient(
    boundedClientConfig({ ...AWS_CLIENT_LIMITS, connections: MOST_REQUESTS }),
  );
  const history =
    historyTable === undefined
      ? undefined
      : new History({
          store: new DynamoDbHistoryStore({ client: dynamoDb, tableName: historyTable }),
          ...{ cache, now: Date.now },
        });

  await startService({
    settings,
    logger,
    gracefulStopSeconds,
    maxInFlight: MOST_REQUESTS,
    problemOf: awsProblem("order history", false),
    authenticate: userTokens(readUserPool(process.env)),
    routes: storefrontRoutes({
      ...{ products: new Products({ catalog, cache }), orders, sessions, logger },
      ...(history && { history }),
    }),
    close: async () => {
      cache.close();
      dynamoDb.destroy();
      await Promise.all([catalog.close(), orders.close(), sessions.close()]);
    },
  });
});
