/**
 * The to-do API: adds, lists, reads, changes and deletes the to-dos of the signed-in user. Contracts: api/todos/v1.yaml, v2.yaml; a
 * deployed function serves one of them.
 *
 * This file only wires; see README.md for the design.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { CircuitBreaker } from "../../runtime";
import { createObservability, readEnvironment } from "../internal";
import { dynamoDbClient } from "../internal/dynamodb-client";
import { DaxTodoReader } from "./dax-reader";
import { DynamoDbTodoStore } from "./dynamodb-store";
import { todosHandler } from "./handler";

const environment = readEnvironment(
  {
    required: ["TODOS_TABLE", "API_VERSION"],
    optional: [
      "DEPRECATION_HEADERS",
      "DAX_ENDPOINT",
      "CORS_ORIGIN",
      "POWERTOOLS_SERVICE_NAME",
      "POWERTOOLS_METRICS_NAMESPACE",
      "POWERTOOLS_LOG_LEVEL",
    ],
  },
  process.env,
);
const {
  TODOS_TABLE: tableName,
  DEPRECATION_HEADERS: deprecationHeaders,
  DAX_ENDPOINT: daxEndpoint,
  CORS_ORIGIN: corsOrigin,
} = environment;
const observability = createObservability({
  service: environment.POWERTOOLS_SERVICE_NAME ?? "todos",
  namespace: environment.POWERTOOLS_METRICS_NAMESPACE ?? "todos",
});
const store = new DynamoDbTodoStore({
  client: dynamoDbClient(observability.tracing),
  tableName,
  pause: (attempt) => wait(Math.random() * 50 * 2 ** attempt),
});

function readerThroughDax(endpoint: string): DaxTodoReader {
  const reader = new DaxTodoReader({
    tableName,
    connect: async () => (await import("./dax-client.js")).connectToDax(endpoint),
    database: store,
    breaker: new CircuitBreaker({ failures: 3, openMilliseconds: 10_000, now: Date.now }),
    timeoutMilliseconds: 300,
    firstTimeoutMilliseconds: 1000,
    observability,
  });
  reader.warmUp();
  return reader;
}

/** Lambda's entry. */
export const handler = todosHandler({
  observability,
  version: environment.API_VERSION,
  ...(deprecationHeaders !== undefined && {
    deprecationHeaders: JSON.parse(deprecationHeaders) as Record<string, string>,
  }),
  reader: daxEndpoint === undefined ? store : readerThroughDax(daxEndpoint),
  writer: store,
  now: Date.now,
  random: randomBytes,
  ...(corsOrigin !== undefined && { corsOrigin }),
});
