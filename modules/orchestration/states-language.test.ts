import type { StateMachineDefinition } from ".";
import { bookingWorkflow, orderWorkflow, RETRY, step, TARGETS } from "./fixture";
import { statesLanguage } from "./states-language";

/** It comes without types. */
const validate: (definition: object) => { isValid: boolean; errors: object[] } = require("asl-validator");

const language = (definition: StateMachineDefinition) => JSON.parse(statesLanguage(definition, 3600));

test("a definition becomes the Amazon States Language", () => {
  const { Comment, TimeoutSeconds, StartAt, States } = language(orderWorkflow());
  expect({ Comment, TimeoutSeconds, StartAt }).toEqual({
    Comment: "Reserves, charges and ships an order",
    TimeoutSeconds: 3600,
    StartAt: "Reserve",
  });
  expect(States["Reserve"]).toEqual({
    Type: "Task",
    Resource: TARGETS.functionArn,
    Parameters: { step: "reserve", "order.$": "$.order", "execution.$": "$$.Execution.Name" },
    TimeoutSeconds: 5,
    ResultPath: "$.reserve",
    Retry: [
      {
        ErrorEquals: ["States.ALL"],
        IntervalSeconds: 1,
        MaxAttempts: 2,
        BackoffRate: 2,
        MaxDelaySeconds: 2,
        JitterStrategy: "FULL",
      },
    ],
    Catch: [{ ErrorEquals: ["States.ALL"], Next: "Release", ResultPath: "$.error" }],
    Next: "WasReserved",
  });
  expect(States["WasReserved"]).toEqual({
    Type: "Choice",
    Choices: [{ Variable: "$.reserve.outcome", StringEquals: "reserved", Next: "NeedsApproval" }],
    Default: "TellFailed",
  });
  expect(States["Approve"]).toEqual({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    Parameters: {
      FunctionName: TARGETS.functionArn,
      Payload: { step: "approve", "token.$": "$$.Task.Token", "order.$": "$.order" },
    },
    TimeoutSeconds: 60,
    ResultPath: "$.approval",
    Catch: [{ ErrorEquals: ["States.ALL"], Next: "Release", ResultPath: "$.error" }],
    Next: "Charge",
  });
  expect(States["Ship"]["Branches"].map(({ StartAt: first }: { StartAt: string }) => first)).toEqual([
    "Pack",
    "Label",
  ]);
  expect(States["Ship"]["Branches"][0]["States"]["Pack"]).toMatchObject({ Type: "Task", End: true });
  expect(States["Ship"]["ResultPath"]).toBeNull();
  expect(States["TellShipped"]).toMatchObject({
    Resource: "arn:aws:states:::events:putEvents",
    Parameters: {
      Entries: [
        {
          EventBusName: "arn:aws:events:eu-west-1:111111111111:event-bus/acme-test-shop",
          Source: "shop.fulfilment",
          DetailType: "shop.fulfilment.shipped.v1",
          Detail: { outcome: "shipped", "order.$": "$.order.id" },
        },
      ],
    },
  });
  expect(States["Done"]).toEqual({ Type: "Succeed" });
});

test("maps, waits, passes, failures and several conditions, too", () => {
  const { States } = language(bookingWorkflow());
  const { Lines, ...others } = States;
  expect(Lines).toMatchObject({
    Type: "Map",
    ItemsPath: "$.order.lines",
    ItemSelector: { "sku.$": "$$.Map.Item.Value.sku" },
    MaxConcurrency: 5,
    ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "Book" },
  });
  expect(Lines["ItemProcessor"]["States"]).toMatchObject({
    Book: {
      Resource: "arn:aws:states:::sqs:sendMessage",
      Parameters: {
        QueueUrl: TARGETS.queueUrl,
        MessageBody: { "booked.$": "$.sku" },
      },
    },
    Rest: { Type: "Wait", Seconds: 1, End: true },
  });
  expect(others).toEqual({
    Decide: {
      Type: "Choice",
      Choices: [
        {
          And: [
            { Variable: "$.order.cents", IsPresent: true },
            { Not: { Or: [{ Variable: "$.order.state", StringEquals: "open" }] } },
          ],
          Next: "Mark",
        },
      ],
      Default: "Failed",
    },
    Mark: { Type: "Pass", Parameters: { done: true }, ResultPath: "$.mark", End: true },
    Failed: { Type: "Fail", Error: "OrderOpen", Cause: "An open order is not booked." },
  });
});

test.each([
  ["an order's way", orderWorkflow()],
  ["a booking", bookingWorkflow()],
])("%s is valid for others, too", (_name, definition) => {
  expect(validate(language(definition))).toMatchObject({ isValid: true, errors: [] });
});

test("what no attempt mends is no longer tried: the first that names an error decides", () => {
  const definition = language({
    startAt: "Try",
    states: { Try: step("try", { permanentErrors: ["InvalidInput"], end: true }) },
  });
  expect(definition["States"]["Try"]["Retry"]).toEqual([
    { ErrorEquals: ["InvalidInput"], MaxAttempts: 0 },
    expect.objectContaining({ ErrorEquals: ["States.ALL"], MaxAttempts: 2 }),
  ]);
  expect(validate(definition)).toMatchObject({ isValid: true, errors: [] });
});

test("a callback by a FIFO queue", () => {
  const { States } = language({
    startAt: "Ask",
    states: {
      Ask: {
        type: "task",
        resource: {
          kind: "sqsCallback",
          queueUrl: TARGETS.queueUrl,
          queueArn: TARGETS.queueArn,
          body: { "token.$": "$$.Task.Token" },
          messageGroupIdPath: "$.order.id",
          deduplicationIdPath: "$$.Execution.Name",
        },
        timeoutSeconds: 60,
        heartbeatSeconds: 10,
        retry: [RETRY],
        end: true,
      },
    },
  });
  expect(States["Ask"]).toMatchObject({
    Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    Parameters: {
      QueueUrl: TARGETS.queueUrl,
      MessageBody: { "token.$": "$$.Task.Token" },
      "MessageGroupId.$": "$.order.id",
      "MessageDeduplicationId.$": "$$.Execution.Name",
    },
    TimeoutSeconds: 60,
    HeartbeatSeconds: 10,
  });
});
