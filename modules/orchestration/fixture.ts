import type { Retry, StateMachineDefinition, TaskState, Template } from ".";

const ACCOUNT = "arn:aws:lambda:eu-west-1:111111111111:function";

/** Every task of the tests is tried twice again, at once. */
export const RETRY: Retry = {
  errors: ["States.TaskFailed"],
  intervalSeconds: 1,
  maxAttempts: 2,
  maxDelaySeconds: 2,
};

/** ARN of the alias of the function that does all steps. */
export const STEPS_ARN = `${ACCOUNT}:acme-test-steps:live`;

/** A task that calls the function of the steps with the name of a step. */
export function step(name: string, then: Partial<TaskState>): TaskState {
  return {
    type: "task",
    resource: {
      kind: "lambda",
      functionArn: STEPS_ARN,
      payload: { step: name, "order.$": "$.order", "execution.$": "$$.Execution.Name" },
    },
    timeoutSeconds: 5,
    retry: [RETRY],
    resultPath: `$.${name}`,
    ...then,
  } as TaskState;
}

/** An order's way: what is reserved and charged is taken back when a later step fails, in the opposite order. */
export function orderWorkflow(): StateMachineDefinition {
  const onError = (next: string) => [{ errors: ["States.ALL"], next, resultPath: "$.error" }];
  const event = (outcome: string): Template => ({ outcome, "order.$": "$.order.id" });
  return {
    comment: "Reserves, charges and ships an order",
    startAt: "Reserve",
    commits: ["TellShipped"],
    states: {
      Reserve: step("reserve", {
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
          functionArn: STEPS_ARN,
          payload: { step: "approve", "token.$": "$$.Task.Token", "order.$": "$.order" },
        },
        timeoutSeconds: 60,
        retry: [],
        resultPath: "$.approval",
        catch: onError("Release"),
        next: "Charge",
      },
      Charge: step("charge", {
        next: "Ship",
        catch: onError("Refund"),
        compensation: { by: "Refund" },
      }),
      Ship: {
        type: "parallel",
        branches: [
          { startAt: "Pack", states: { Pack: step("pack", { end: true }) } },
          { startAt: "Label", states: { Label: step("label", { end: true }) } },
        ],
        resultPath: null,
        catch: onError("Refund"),
        next: "TellShipped",
      },
      TellShipped: {
        type: "task",
        resource: {
          kind: "events",
          busArn: "arn:aws:events:eu-west-1:111111111111:event-bus/acme-test-shop",
          source: "shop.fulfilment",
          detailType: "shop.fulfilment.shipped.v1",
          detail: event("shipped"),
        },
        timeoutSeconds: 5,
        retry: [RETRY],
        resultPath: null,
        next: "Done",
      },
      Refund: step("refund", { next: "Release" }),
      Release: step("release", { next: "TellFailed" }),
      TellFailed: {
        type: "task",
        resource: {
          kind: "sqs",
          queueUrl: "https://sqs.eu-west-1.amazonaws.com/111111111111/acme-test-cancellations",
          queueArn: "arn:aws:sqs:eu-west-1:111111111111:acme-test-cancellations",
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
