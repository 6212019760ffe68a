import { TerraformOutput, type TerraformStack } from "cdktf";
import type { CatalogTable } from "../modules/catalog-table";
import { Fulfilment } from "../modules/fulfilment";
import { type EventBus, Schedule } from "../modules/messaging";
import { StateMachine } from "../modules/orchestration";
import type { MicroservicesFoundation } from "./foundation";
import { cancellationWorkflow, fulfilmentWorkflow } from "./fulfilment-workflow";
import { functionArtifact } from "./project";
import type { EnvironmentSpec } from "./spec";

type FulfilmentSpec = NonNullable<
  NonNullable<NonNullable<EnvironmentSpec["microservices"]>["events"]>["fulfilment"]
>;

/** What fulfilment is made of. */
export interface ShopFulfilmentConfig {
  readonly stack: TerraformStack;
  readonly spec: FulfilmentSpec;
  readonly foundation: MicroservicesFoundation;
  /** Where the events of orders come by, and go to. */
  readonly bus: EventBus;
  /** Whose stock is reserved. */
  readonly products: CatalogTable;
}

/** Adds the workflows that fulfil orders that were placed, and give back what cancelled ones hold. */
export function addFulfilment({ stack, spec, foundation, bus, products }: ShopFulfilmentConfig): void {
  const { alarmTopicArn, artifactBucket, dataKeyArn, deletionProtection, label, logRetentionDays } =
    foundation;
  const { approvalSeconds } = spec;
  const common = {
    ...{ label, deletionProtection, logRetentionDays, alarmTopicArn },
    ...{ kmsKeyArn: dataKeyArn, logKmsKeyArn: foundation.telemetryKeyArn },
  };
  const name = "fulfilment";
  const { functionArn, approvalsFunctionArn } = new Fulfilment(stack, name, {
    ...{ ...common, ...spec, artifactBucket, workflowName: name },
    artifact: functionArtifact(foundation, name),
    productsTableName: products.tableName,
    stockStatements: products.stockStatements(),
  });
  new Schedule(stack, "fulfilment-approvals-schedule", {
    ...{ label, kmsKeyArn: dataKeyArn, alarmTopicArn, name: "fulfilment-approvals" },
    expression: "rate(5 minutes)",
    target: { functionAliasArn: approvalsFunctionArn },
    input: { step: "approvalAge" },
    // What is late, the next measures.
    ...{ maximumEventAgeSeconds: 300, maximumRetryAttempts: 2 },
  });
  new TerraformOutput(stack, "fulfilment_approvals_function_arn", {
    description: "Who decides on orders needs lambda:InvokeFunction on it",
    value: approvalsFunctionArn,
  });
  const calls = { functionArn, busArn: bus.arn, approvalSeconds };
  const { arn: placedArn } = new StateMachine(stack, "fulfilment-workflow", {
    ...common,
    name,
    ...fulfilmentWorkflow(calls),
    runbook:
      "scripts/fulfilment <environment> resume <order> goes on with its order: docs/events.md, Fulfilment.",
  });
  const { arn: cancelledArn } = new StateMachine(stack, "fulfilment-cancellation-workflow", {
    ...common,
    name: "fulfilment-cancellation",
    ...cancellationWorkflow(calls),
    runbook: "Mend the cause, then redrive it: docs/events.md, Fulfilment.",
  });
  bus.addRule("fulfilment", {
    name: "fulfilment",
    ...{ source: "shop.orders", types: ["shop.order.placed.v1"] },
    target: { stateMachineArn: placedArn },
  });
  bus.addRule("fulfilment-cancellation", {
    name: "fulfilment-cancellation",
    ...{ source: "shop.orders", types: ["shop.order.cancelled.v1"] },
    target: { stateMachineArn: cancelledArn },
  });
}
