import type { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import type { Label } from "../internal/label";

/** What the alarms of fulfilment need. */
export interface FulfilmentAlarmsConfig {
  /** Names of the environment; its prefix is the namespace of the functions' metrics. */
  readonly label: Label;
  /** Name that the function of the steps has in its metrics. */
  readonly stepsService: string;
  /** Name that the function for approvals has in its metrics. */
  readonly approvalsService: string;
  /** Seconds that an order may wait for approval. */
  readonly approvalSeconds: number;
  /** SNS topic. */
  readonly topicArn: string;
}

/** Alarms on what only people can mend: an order that is shipped and cancelled, and one that nobody decides on. */
export function addFulfilmentAlarms(scope: Construct, config: FulfilmentAlarmsConfig): void {
  const { label, topicArn } = config;
  new Alarm(scope, "shipped-before-alarm", {
    name: label.name("fulfilment-shipped-before", 255),
    description:
      "An order was cancelled after it was shipped: it stays shipped and charged. The log of fulfilment has its orderId at step giveUp, outcome shipped; take it back with its user.",
    ...{ namespace: label.prefix, metricName: "OrderShippedBefore", statistic: "Sum" },
    dimensions: { service: config.stepsService },
    ...{ threshold: 0, evaluationPeriods: 1, datapointsToAlarm: 1, topicArn },
  });
  new Alarm(scope, "approval-age-alarm", {
    name: label.name("fulfilment-approval-age", 255),
    description:
      "An order has waited for approval for half of the time after which it fails: scripts/fulfilment <environment> approvals shows it first. Or nothing is measured: read the log of fulfilment-approvals.",
    ...{ namespace: label.prefix, metricName: "ApprovalAge", statistic: "Maximum" },
    dimensions: { service: config.approvalsService },
    // Measured every five minutes.
    ...{ periodSeconds: 900, evaluationPeriods: 1, datapointsToAlarm: 1, alarmsWithoutData: true },
    threshold: (config.approvalSeconds * 1000) / 2,
    topicArn,
  });
}
