/**
 * The catalog: lists and reads products, and lets administrators write them. Contract: api/catalog/v1.yaml.
 *
 * This file only wires.
 *
 * @module
 */
import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { AWS_CLIENT_LIMITS, boundedClientConfig, dynamoDbProblem, readEnvironment } from "../../runtime";
import { createLogger, readSettings, readUserPool, startService, startUp, userTokens } from "../internal";
import { DynamoDbProductStore } from "./dynamodb-store";
import { catalogRoutes } from "./routes";
import { gracefulStopSeconds } from "./service.json";

/** Requests at once. Each may need a connection to DynamoDB. */
const MOST_REQUESTS = 200;

void startUp(async () => {
  const settings = readSettings(process.env);
  const { PRODUCTS_TABLE: tableName } = readEnvironment(
    { required: ["PRODUCTS_TABLE"], optional: [] },
    process.env,
  );
  const client = new DynamoDBClient(
    boundedClientConfig({ ...AWS_CLIENT_LIMITS, connections: MOST_REQUESTS }),
  );
  const store = new DynamoDbProductStore({
    client,
    tableName,
    pause: (attempt) => wait(Math.random() * 50 * 2 ** attempt),
  });

  await startService({
    settings,
    logger: createLogger({ service: settings.name, level: settings.logLevel }),
    gracefulStopSeconds,
    maxInFlight: MOST_REQUESTS,
    authenticate: userTokens(readUserPool(process.env)),
    problemOf: dynamoDbProblem,
    routes: catalogRoutes({ store, now: Date.now }),
    close: async () => client.destroy(),
  });
});
