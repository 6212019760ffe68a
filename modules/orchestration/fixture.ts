import type { Retry, StateMachineDefinition, TaskState, Template } from ".";

/** Every task of the tests is tried twice again, at once. */
export const RETRY: Retry = {
  errors: ["States.ALL"],
  intervalSeconds: 1,
  maxAttempts: 2,
  maxDelaySeconds: 2,
};

/** What the tasks of the tests' workflows call. */
export interface Targets {
  /** The function that does all steps. */
  readonly functionArn: string;
  readonly busArn: string;
  readonly queueUrl: string;
  readonly queueArn: string;
}

/** Those of the tests on JSON. */
export const TARGETS: Targets = {
  functionArn: "arn:aws:lambda:eu-west-1:111111111111:function:acme-test-steps:live",
  busArn: "arn:aws:events:eu-west-1:111111111111:event-bus/acme-test-shop",
  queueUrl: "https://sqs.eu-west-1.amazonaws.com/111111111111/acme-test-messages",
  queueArn: "arn:aws:sqs:eu-west-1:111111111111:acme-test-messages",
};

/** A task that calls the function of the steps with the name of a step. */
export function step(
  name: string,
  then: Partial<TaskState>,
  functionArn: string = TARGETS.functionArn,
): TaskState {
  return {
    type: "task",
    resource: {
      kind: "lambda",
      functionArn,
      payload: { step: name, "order.$": "$.order", "execution.$": "$$.Execution.Name" },
    },
    timeoutSeconds: 5,
    retry: [RETRY],
    resultPath: `$.${name}`,
    ...then,
  } as TaskState;
}

/** An order's way: what is reserved and charged is taken back when a later step fails, in the opposite order. */
export function orderWorkflow(targets: Targets = TARGETS): StateMachineDefinition {
  const { functionArn, busArn, queueUrl, queueArn } = targets;
  const task = (name: string, then: Partial<TaskState>) => step(name, then, functionArn);
  const onError = (next: string) => [{ errors: ["States.ALL"], next, resultPath: "$.error" }];
  const event = (outcome: string): Template => ({ outcome, "order.$": "$.order.id" });
  return {
    comment: "Reserves, charges and ships an order",
    startAt: "Reserve",
    commits: ["TellShipped"],
    states: {
      Reserve: task("reserve", {
        next: "WasReserved",
        catch: onError("Release"),
        compensation: { by: "Release", from: "NeedsApproval" },
      }),
      WasReserved: {
        type: "choice",
        choices: [{ variable: "$.reserve.outcome", stringEquals: "reserved", next: "NeedsApproval" }],
        default: "TellFailed",
      },
      NeedsApproval: {
        type: "choice",
        choices: [{ variable: "$.order.cents", numericGreaterThan: 10_000, next: "Approve" }],
        default: "Charge",
      },
      Approve: {
        type: "task",
        resource: {
          kind: "lambdaCallback",
          functionArn,
          payload: { step: "approve", "token.$": "$$.Task.Token", "order.$": "$.order" },
        },
        timeoutSeconds: 60,
        retry: [],
        resultPath: "$.approval",
        catch: onError("Release"),
        next: "Charge",
      },
      Charge: task("charge", {
        next: "Ship",
        catch: onError("Refund"),
        compensation: { by: "Refund" },
      }),
      Ship: {
        type: "parallel",
        branches: [
          { startAt: "Pack", states: { Pack: task("pack", { end: true }) } },
          { startAt: "Label", states: { Label: task("label", { end: true }) } },
        ],
        resultPath: null,
        catch: onError("Refund"),
        next: "TellShipped",
      },
      TellShipped: {
        type: "task",
        resource: {
          kind: "events",
          busArn,
          source: "shop.fulfilment",
          detailType: "shop.fulfilment.shipped.v1",
          detail: event("shipped"),
        },
        timeoutSeconds: 5,
        retry: [RETRY],
        resultPath: null,
        next: "Done",
      },
      Refund: task("refund", { next: "Release" }),
      Release: task("release", { next: "TellFailed" }),
      TellFailed: {
        type: "task",
        resource: {
          kind: "sqs",
          queueUrl,
          queueArn,
          queueKmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
          body: event("failed"),
        },
        timeoutSeconds: 5,
        retry: [RETRY],
        resultPath: null,
        next: "Done",
      },
      Done: { type: "succeed" },
    },
  };
}

/** A short workflow: a message for each line, then a decision. */
export function bookingWorkflow({ queueUrl, queueArn }: Targets = TARGETS): StateMachineDefinition {
  return {
    startAt: "Lines",
    states: {
      Lines: {
        type: "map",
        itemsPath: "$.order.lines",
        itemSelector: { "sku.$": "$$.Map.Item.Value.sku" },
        maxConcurrency: 5,
        processor: {
          startAt: "Book",
          states: {
            Book: {
              type: "task",
              resource: { kind: "sqs", queueUrl, queueArn, body: { "booked.$": "$.sku" } },
              timeoutSeconds: 5,
              retry: [RETRY],
              next: "Rest",
            },
            Rest: { type: "wait", seconds: 1, end: true },
          },
        },
        resultPath: null,
        next: "Decide",
      },
      Decide: {
        type: "choice",
        choices: [
          {
            and: [
              { variable: "$.order.cents", isPresent: true },
              { not: { or: [{ variable: "$.order.state", stringEquals: "open" }] } },
            ],
            next: "Mark",
          },
        ],
        default: "Failed",
      },
      Mark: { type: "pass", parameters: { done: true }, resultPath: "$.mark", end: true },
      Failed: { type: "fail", error: "OrderOpen", cause: "An open order is not booked." },
    },
  };
}
