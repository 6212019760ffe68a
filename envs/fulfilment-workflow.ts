import type { Catch, Retry, StateMachineDefinition, TaskState, Template } from "../modules/orchestration";

/** What the workflows of fulfilment call, and how long they wait. */
export interface FulfilmentWorkflowConfig {
  /** ARN of the alias of functions/fulfilment. */
  readonly functionArn: string;
  /** ARN of the bus `shop`. */
  readonly busArn: string;
  /** Seconds that an order may wait for approval. */
  readonly approvalSeconds: number;
}

/** A workflow as modules/orchestration takes it. */
export interface Workflow {
  /** `EXPRESS` has five minutes, and what it leaves undone nobody redrives: not for what an order holds. */
  readonly type: "STANDARD";
  readonly definition: StateMachineDefinition;
  readonly timeoutSeconds: number;
}

/** A little longer than the function's own timeout. */
const STEP_SECONDS = 20;
/** Some minutes of trouble are waited out before an order is given up. */
const FORWARD: Retry = { errors: ["States.ALL"], intervalSeconds: 2, maxAttempts: 6, maxDelaySeconds: 60 };
/** What an order holds must be given back, and its end told: hours of trouble are waited out. */
const BACK: Retry = { errors: ["States.ALL"], intervalSeconds: 2, maxAttempts: 30, maxDelaySeconds: 1800 };
/** The call that asks; a wait that was in vain is none. */
const ASK: Retry = { ...FORWARD, errors: ["States.TaskFailed"] };
/** The function refuses what it is given: the definition or the event is at fault, which no attempt mends. */
const PERMANENT = ["InvalidInput"];

/** Longer than all attempts and waits of the longest way, but that for approval: modules/orchestration refuses less. */
const STEPS_SECONDS = 3 * 24 * 60 * 60;

const toGiveUp: readonly Catch[] = [{ errors: ["States.ALL"], next: "GiveUp", resultPath: "$.error" }];

/** The execution's input is the event; further states put what they have come to beside it. */
const begin = (next: string) => ({ type: "pass", parameters: { "event.$": "$" }, next }) as const;

/** A task that does a step of functions/fulfilment. */
function step(
  functionArn: string,
  name: string,
  {
    payload = {},
    ...rest
  }: Pick<TaskState, "retry" | "resultPath"> & Partial<TaskState> & { payload?: Template },
): TaskState {
  return {
    type: "task",
    resource: { kind: "lambda", functionArn, payload: { step: name, "event.$": "$.event", ...payload } },
    timeoutSeconds: STEP_SECONDS,
    permanentErrors: PERMANENT,
    ...rest,
  } as TaskState;
}

/** A task that puts the event that an order's fulfilment ends with on the bus, as the step that ended it made it. */
function tell(busArn: string, detailType: string): TaskState {
  const fields = [
    ...["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema"],
    ...["sequence", "partitionkey", "traceparent", "data"],
  ];
  const detail = Object.fromEntries(fields.map((field) => [`${field}.$`, `$.end.event.${field}`]));
  return {
    type: "task",
    resource: { kind: "events", busArn, source: "shop.fulfilment", detailType, detail },
    timeoutSeconds: STEP_SECONDS,
    retry: [BACK],
    resultPath: null,
    next: "Done",
  };
}

/** What fails for good on its way back fails the execution, which alarms and can be redriven. */
const back = { retry: [BACK], resultPath: null };

const SHIPPED = "shop.fulfilment.shipped.v1";
const FAILED = "shop.fulfilment.failed.v1";

/**
 * Fulfils an order that was placed: its input is the event. What a step finds ended, by a cancellation say, is given up: `GiveUp` ends an order as
 * failed unless it has ended, so that nothing is done for it any more, and says how it has ended. What it holds is given back after that.
 */
export function fulfilmentWorkflow(config: FulfilmentWorkflowConfig): Workflow {
  const { functionArn, busArn, approvalSeconds } = config;
  const forward = { retry: [FORWARD], catch: toGiveUp };
  return {
    type: "STANDARD",
    timeoutSeconds: STEPS_SECONDS + approvalSeconds,
    definition: {
      comment: "Reserves, charges and ships an order, or gives back what it holds",
      startAt: "Begin",
      commits: ["TellShipped"],
      states: {
        Begin: begin("Reserve"),
        Reserve: step(functionArn, "reserve", {
          ...forward,
          payload: { "execution.$": "$$.Execution.Id" },
          resultPath: "$.reserve",
          next: "WasReserved",
          compensation: { by: "Release", from: "NeedsApproval" },
        }),
        WasReserved: {
          type: "choice",
          choices: [
            { variable: "$.reserve.outcome", stringEquals: "reserved", next: "NeedsApproval" },
            { variable: "$.reserve.outcome", stringEquals: "elsewhere", next: "Elsewhere" },
          ],
          default: "GiveUp",
        },
        Elsewhere: { type: "succeed", comment: "The event came twice: another execution fulfils the order" },
        NeedsApproval: {
          type: "choice",
          choices: [{ variable: "$.reserve.needsApproval", booleanEquals: true, next: "RequestApproval" }],
          default: "Charge",
        },
        RequestApproval: {
          type: "task",
          comment: "Waits until somebody approves the order or rejects it, or it is cancelled",
          resource: {
            kind: "lambdaCallback",
            functionArn,
            payload: { step: "requestApproval", "event.$": "$.event", "token.$": "$$.Task.Token" },
          },
          timeoutSeconds: approvalSeconds,
          callSeconds: STEP_SECONDS,
          retry: [ASK],
          permanentErrors: PERMANENT,
          catch: [{ errors: ["States.Timeout"], next: "ConcludeApproval", resultPath: null }, ...toGiveUp],
          resultPath: null,
          next: "ConcludeApproval",
        },
        ConcludeApproval: step(functionArn, "concludeApproval", {
          ...forward,
          resultPath: "$.approval",
          next: "WasApproved",
        }),
        WasApproved: {
          type: "choice",
          choices: [{ variable: "$.approval.outcome", stringEquals: "approved", next: "Charge" }],
          default: "GiveUp",
        },
        Charge: step(functionArn, "charge", {
          ...forward,
          resultPath: "$.charge",
          next: "WasCharged",
          compensation: { by: "Refund", from: "Ship" },
        }),
        WasCharged: {
          type: "choice",
          choices: [{ variable: "$.charge.outcome", stringEquals: "charged", next: "Ship" }],
          default: "GiveUp",
        },
        Ship: step(functionArn, "ship", { ...forward, resultPath: "$.end", next: "WasShipped" }),
        WasShipped: {
          type: "choice",
          choices: [{ variable: "$.end.outcome", stringEquals: "shipped", next: "TellShipped" }],
          default: "GiveUp",
        },
        TellShipped: tell(busArn, SHIPPED),
        GiveUp: step(functionArn, "giveUp", {
          retry: [BACK],
          payload: { reason: "error", "execution.$": "$$.Execution.Id" },
          resultPath: "$.end",
          next: "HasEnded",
        }),
        HasEnded: {
          type: "choice",
          comment: "A step whose answer was lost may have shipped the order",
          choices: [{ variable: "$.end.outcome", stringEquals: "shipped", next: "TellShipped" }],
          default: "Refund",
        },
        Refund: step(functionArn, "refund", { ...back, next: "Release" }),
        Release: step(functionArn, "release", { ...back, next: "TellFailed" }),
        TellFailed: tell(busArn, FAILED),
        Done: { type: "succeed" },
      },
    },
  };
}

/**
 * Ends the fulfilment of an order that its user has cancelled, and gives back what it holds: its input is the event. What was cancelled as it
 * could not be fulfilled has ended already. Nobody sends the event again, so hours of trouble are waited out from the first step on.
 */
export function cancellationWorkflow({
  functionArn,
  busArn,
}: Pick<FulfilmentWorkflowConfig, "functionArn" | "busArn">): Workflow {
  return {
    type: "STANDARD",
    timeoutSeconds: STEPS_SECONDS,
    definition: {
      comment: "Gives back what a cancelled order holds, unless it is shipped",
      startAt: "Begin",
      states: {
        Begin: begin("WhoCancelled"),
        WhoCancelled: {
          type: "choice",
          choices: [{ variable: "$.event.data.reason", stringEquals: "fulfilmentFailed", next: "Done" }],
          default: "GiveUp",
        },
        GiveUp: step(functionArn, "giveUp", {
          retry: [BACK],
          payload: { reason: "cancelled" },
          resultPath: "$.end",
          next: "HasEnded",
        }),
        HasEnded: {
          type: "choice",
          comment: "What is shipped cannot be stopped",
          choices: [{ variable: "$.end.outcome", stringEquals: "shipped", next: "Done" }],
          default: "Refund",
        },
        Refund: step(functionArn, "refund", { ...back, next: "Release" }),
        Release: step(functionArn, "release", { ...back, next: "TellFailed" }),
        TellFailed: tell(busArn, FAILED),
        Done: { type: "succeed" },
      },
    },
  };
}
