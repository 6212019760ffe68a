import type { Construct } from "constructs";
import { Alarm } from "../internal/alarm";
import type { Label } from "../internal/label";

/** What the alarms of one workflow need. */
export interface WorkflowAlarmsConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the workflow, e.g. `fulfilment`. */
  readonly name: string;
  readonly stateMachineArn: string;
  readonly type: "STANDARD" | "EXPRESS";
  /** SNS topic. */
  readonly topicArn: string;
  /** What to do about an execution that came to no good end. @default nothing is said */
  readonly runbook?: string;
}

/** Alarms on executions that came to no good end, and on those that Step Functions held back. */
export function addWorkflowAlarms(scope: Construct, config: WorkflowAlarmsConfig): void {
  const { label, name, runbook } = config;
  const withRunbook = (text: string) => (runbook === undefined ? text : `${text} ${runbook}`);
  const add = (id: string, metricName: string, description: string) =>
    new Alarm(scope, `${id}-alarm`, {
      name: label.name(`${name}-${id}`, 255),
      description,
      namespace: "AWS/States",
      metricName,
      dimensions: { StateMachineArn: config.stateMachineArn },
      statistic: "Sum",
      threshold: 0,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      topicArn: config.topicArn,
    });
  add(
    "failed",
    "ExecutionsFailed",
    withRunbook(
      `An execution of workflow ${name} has failed: read its history, and see what it has left undone.`,
    ),
  );
  add(
    "timed-out",
    "ExecutionsTimedOut",
    withRunbook(
      `An execution of workflow ${name} took too long and was ended where it was, without compensation: read its history.`,
    ),
  );
  add(
    "throttled",
    "ExecutionThrottled",
    `Workflow ${name} is held back by the account's quota of state transitions: raise it or look for a flood of executions.`,
  );
  // Express workflows cannot be stopped.
  if (config.type === "EXPRESS") return;
  add(
    "aborted",
    "ExecutionsAborted",
    withRunbook(
      `Somebody has stopped an execution of workflow ${name} where it was, without compensation: see what it has left undone.`,
    ),
  );
}
