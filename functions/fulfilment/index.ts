/**
 * Fulfilment: the steps of the workflows that reserve, charge and ship orders, and give back what they hold when they fail. And what
 * people do about it: approvals.
 *
 * It is deployed twice, as `TAKES` says. `fulfilment` takes the steps, and is invoked by the workflows `fulfilment` and `fulfilment-cancellation`
 * alone; `fulfilment-approvals` takes what people ask by scripts/fulfilment, and has no right to more. This file only wires; see docs/events.md for
 * the design.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { SFNClient } from "@aws-sdk/client-sfn";
import { boundedClientConfig, newUuidV7 } from "../../runtime";
import { createObservability, readEnvironment } from "../internal";
import { dynamoDbClient } from "../internal/dynamodb-client";
import { StepFunctionsCallbacks } from "./callbacks";
import { DynamoDbStore } from "./dynamodb-store";
import { fulfilmentHandler } from "./handler";
import { readCents, readTakes } from "./settings";
import { Steps } from "./steps";

const environment = readEnvironment(
  {
    required: ["TAKES", "FULFILMENT_TABLE", "PRODUCTS_TABLE", "CREDIT_LIMIT_CENTS", "APPROVAL_ABOVE_CENTS"],
    optional: ["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"],
  },
  process.env,
);
const observability = createObservability({
  service: environment.POWERTOOLS_SERVICE_NAME ?? "fulfilment",
  namespace: environment.POWERTOOLS_METRICS_NAMESPACE ?? "fulfilment",
});
const store = new DynamoDbStore({
  client: dynamoDbClient(observability.tracing),
  tableName: environment.FULFILMENT_TABLE,
  productsTableName: environment.PRODUCTS_TABLE,
  creditLimitCents: readCents("CREDIT_LIMIT_CENTS", environment.CREDIT_LIMIT_CENTS),
  pause: (attempt) => setTimeout(Math.random() * 25 * 2 ** attempt),
});

/** Lambda's entry. */
export const handler = fulfilmentHandler({
  steps: new Steps({
    store,
    callbacks: new StepFunctionsCallbacks(new SFNClient(boundedClientConfig())),
    approvalAboveCents: readCents("APPROVAL_ABOVE_CENTS", environment.APPROVAL_ABOVE_CENTS),
    now: () => new Date(),
    newId: (at) => newUuidV7(at.getTime(), randomBytes(10)),
  }),
  takes: readTakes(environment.TAKES),
  observability,
});
