import type { Context } from "aws-lambda";
import { recordingObservability } from "../internal/recording-observability";
import { StepFunctionsCallbacks } from "./callbacks";
import { cancelledEvent, ORDERS, placedEvent, stepsInMemory } from "./fixture";
import { fulfilmentHandler } from "./handler";
import { InvalidInput } from "./input";
import { readCents, readTakes } from "./settings";

const event = placedEvent();
const [orderId] = ORDERS;
const STEPS =
  "step must be one of charge, concludeApproval, refund, release, ship, reserve, requestApproval, giveUp";
const QUESTIONS = "step must be one of approvalAge, approvals, order, answerApproval";
const { signal } = new AbortController();

function setUp(milliseconds = 10_000) {
  const memory = stepsInMemory({ approvalAboveCents: 100 });
  const recording = recordingObservability();
  const context = { getRemainingTimeInMillis: () => milliseconds } as Context;
  const functionThat = (takes: "steps" | "approvals") => {
    const { observability } = recording;
    const handle = fulfilmentHandler({ steps: memory.steps, takes, observability });
    return (input: unknown) => handle(input, context);
  };
  return { ...memory, ...recording, ask: functionThat("steps"), askApprovals: functionThat("approvals") };
}

test("a step is logged by the order, its trace and what it has come to", async () => {
  const { ask, lines, counted } = setUp();
  await ask({ step: "reserve", event, execution: "one" });
  await ask({ step: "giveUp", event: cancelledEvent(event), reason: "cancelled" });
  const traceId = `1-${"a".repeat(8)}-${"a".repeat(24)}`;
  expect(lines).toMatchObject([
    {
      level: "info",
      message: "step",
      step: "reserve",
      outcome: "reserved",
      orderId,
      traceId,
      eventId: event.id,
    },
    { level: "info", message: "step", step: "giveUp", outcome: "failed", orderId, traceId },
  ]);
  expect(counted).toEqual(["OrderFailed"]);
});

test("what is shipped is counted as shipped before it was cancelled, where it was cancelled", async () => {
  const { ask, askApprovals, counted } = setUp();
  await ask({ step: "reserve", event, execution: "one" });
  await ask({ step: "requestApproval", event, token: "token" });
  await askApprovals({ step: "answerApproval", orderId, decision: "approved" });
  await ask({ step: "charge", event });
  await ask({ step: "ship", event });
  // As when the answer of the last was lost.
  await ask({ step: "giveUp", event, reason: "error" });
  expect(counted).toEqual(["ApprovalAsked", "OrderShipped"]);
  await ask({ step: "giveUp", event: cancelledEvent(event), reason: "cancelled" });
  expect(counted).toEqual(["ApprovalAsked", "OrderShipped", "OrderShippedBefore"]);
});

test("how long an approval is waited for is measured: nothing, where none is", async () => {
  const { ask, askApprovals, measured } = setUp();
  await askApprovals({ step: "approvalAge" });
  await ask({ step: "reserve", event, execution: "one" });
  await ask({ step: "requestApproval", event, token: "token" });
  expect(await askApprovals({ step: "approvalAge" })).toEqual({ outcome: "measured", milliseconds: 1000 });
  expect(measured).toEqual([
    { name: "ApprovalAge", milliseconds: 0 },
    { name: "ApprovalAge", milliseconds: 1000 },
  ]);
});

test("control 28: neither a token nor what was ordered is logged", async () => {
  const { ask, askApprovals, lines } = setUp();
  await ask({ step: "reserve", event, execution: "one" });
  await ask({ step: "requestApproval", event, token: "secret-token" });
  await askApprovals({ step: "approvals" });
  await askApprovals({ step: "order", orderId });
  await askApprovals({ step: "answerApproval", orderId, decision: "approved" });
  await ask({ step: "charge", event });
  await expect(ask({ step: "ship", event: { ...event, data: "Teapot" } })).rejects.toThrow("event: /data");
  expect(lines).toHaveLength(7);
  for (const text of ["secret-token", "eapot", "user-1"]) expect(JSON.stringify(lines)).not.toContain(text);
});

test("an error says nothing of the order, in the log or to the workflow", async () => {
  const { ask, lines, counted, store } = setUp();
  store.find = async () => {
    throw new Error("no teapot of user-1");
  };
  await expect(ask({ step: "charge", event })).rejects.toThrow(new Error("the step failed: Error"));
  expect(counted).toEqual(["StepFailed"]);
  expect(lines).toMatchObject([
    { level: "error", step: "charge", outcome: "error", cause: { name: "Error" } },
  ]);
  expect(JSON.stringify(lines)).not.toContain("no teapot");
});

test("control 12: a table that does not answer is given up before the function's time is", async () => {
  const { ask, store } = setUp(520);
  store.find = () => new Promise(() => undefined);
  await expect(ask({ step: "charge", event })).rejects.toThrow(
    new Error("the step failed: DeadlineExceeded"),
  );
});

test("what has run out of time is told so by its signal, whatever it does then", async () => {
  const { ask, store } = setUp(520);
  const write = jest.spyOn(store, "write");
  store.find = async (_orderId: string, given?: AbortSignal) => {
    await new Promise((resolve) => given?.addEventListener("abort", resolve));
    return undefined;
  };
  await expect(ask({ step: "reserve", event, execution: "one" })).rejects.toThrow("DeadlineExceeded");
  await new Promise(setImmediate);
  const calls = write.mock.calls as unknown as [unknown, AbortSignal][];
  expect(calls.map(([, { aborted }]) => aborted)).toEqual([true]);
});

test.each([
  {
    name: "a step that there is not",
    input: { step: "steal" },
    message: STEPS,
  },
  { name: "nothing", input: undefined, message: STEPS },
  { name: "no execution", input: { step: "reserve", event }, message: "execution must be a text" },
  { name: "no token", input: { step: "requestApproval", event, token: "" }, message: "token must be a text" },
  {
    name: "another reason",
    input: { step: "giveUp", event, reason: "why" },
    message: "reason must be one of cancelled, error",
  },
  {
    name: "an execution without a name, which gives up",
    input: { step: "giveUp", event, reason: "error", execution: "" },
    message: "execution must be a text",
  },
  { name: "no event", input: { step: "ship" }, message: "event: the event must be a JSON object" },
])("$name is refused", async ({ input, message }) => {
  const { ask } = setUp();
  await expect(ask(input)).rejects.toThrow(message);
});

test.each([
  {
    name: "an order that can be none",
    input: { step: "answerApproval", orderId: "1", decision: "approved" },
    message: "orderId must be a UUID",
  },
  { name: "no order", input: { step: "order" }, message: "orderId must be a UUID" },
  {
    name: "no decision",
    input: { step: "answerApproval", orderId, decision: "maybe" },
    message: "decision must be one of approved, rejected",
  },
  {
    name: "a page that there is not",
    input: { step: "approvals", from: "account#user-1" },
    message: "from must be what the page before ends with",
  },
])("$name is refused by the function for approvals", async ({ input, message }) => {
  const { askApprovals } = setUp();
  await expect(askApprovals(input)).rejects.toThrow(new InvalidInput(message));
});

test.each([
  { step: "reserve", event, execution: "one" },
  { step: "requestApproval", event, token: "token" },
  { step: "giveUp", event, reason: "cancelled" },
  ...["charge", "concludeApproval", "refund", "release", "ship"].map((step) => ({ step, event })),
])("control 21: who may ask for approvals has no order $step", async (input) => {
  const { askApprovals, store, counted } = setUp();
  await expect(askApprovals(input)).rejects.toThrow(new InvalidInput(QUESTIONS));
  expect(store.records.size).toBe(0);
  expect(counted).toEqual(["StepFailed"]);
});

test.each([
  { step: "approvals" },
  { step: "approvalAge" },
  { step: "order", orderId },
  { step: "answerApproval", orderId, decision: "approved" },
])("control 21: the function that does the steps does not answer $step", async (input) => {
  const { ask } = setUp();
  await expect(ask(input)).rejects.toThrow(new InvalidInput(STEPS));
});

test.each([
  { name: "TaskTimedOut", heard: false },
  { name: "InvalidToken", heard: false },
  { name: undefined, heard: true },
])("a workflow that answers with $name has heard: $heard", async ({ name, heard }) => {
  const send = async () => {
    if (name !== undefined) throw Object.assign(new Error(name), { name });
  };
  expect(await new StepFunctionsCallbacks({ send } as never).wake("token", signal)).toBe(heard);
});

test("whether a workflow has heard is not known when Step Functions fails", async () => {
  const send = async () => {
    throw new Error("unavailable");
  };
  await expect(new StepFunctionsCallbacks({ send } as never).wake("token", signal)).rejects.toThrow(
    "unavailable",
  );
});

test("what a function takes is named at start", () => {
  expect(["steps", "approvals"].map(readTakes)).toEqual(["steps", "approvals"]);
  expect(() => readTakes("all")).toThrow(
    new Error('environment: TAKES must be steps or approvals, got "all"'),
  );
});

test("an amount that is none is named at start", () => {
  expect(readCents("CREDIT_LIMIT_CENTS", "0")).toBe(0);
  expect(() => readCents("CREDIT_LIMIT_CENTS", "1.5")).toThrow(
    new Error('environment: CREDIT_LIMIT_CENTS must be a whole number of cents, got "1.5"'),
  );
});
