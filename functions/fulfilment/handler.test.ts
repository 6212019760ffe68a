import type { Context } from "aws-lambda";
import { recordingObservability } from "../internal/recording-observability";
import { StepFunctionsCallbacks } from "./callbacks";
import { cancelledEvent, ORDERS, placedEvent, stepsInMemory } from "./fixture";
import { fulfilmentHandler } from "./handler";
import { readCents } from "./settings";

const event = placedEvent();
const [orderId] = ORDERS;
const { signal } = new AbortController();

function setUp(milliseconds = 10_000) {
  const memory = stepsInMemory({ approvalAboveCents: 100 });
  const recording = recordingObservability();
  const handle = fulfilmentHandler({ steps: memory.steps, observability: recording.observability });
  const context = { getRemainingTimeInMillis: () => milliseconds } as Context;
  return { ...memory, ...recording, ask: (input: unknown) => handle(input, context) };
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

test("control 28: neither a token nor what was ordered is logged", async () => {
  const { ask, lines } = setUp();
  await ask({ step: "reserve", event, execution: "one" });
  await ask({ step: "requestApproval", event, token: "secret-token" });
  await ask({ step: "approvals" });
  await ask({ step: "answerApproval", orderId, decision: "approved" });
  await ask({ step: "charge", event });
  await expect(ask({ step: "ship", event: { ...event, data: "Teapot" } })).rejects.toThrow("event: /data");
  expect(lines).toHaveLength(6);
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
    message:
      "step must be one of charge, concludeApproval, refund, release, ship, reserve, requestApproval, giveUp, approvals, answerApproval",
  },
  { name: "nothing", input: undefined, message: "step must be one of charge" },
  { name: "no execution", input: { step: "reserve", event }, message: "execution must be a text" },
  { name: "no token", input: { step: "requestApproval", event, token: "" }, message: "token must be a text" },
  {
    name: "another reason",
    input: { step: "giveUp", event, reason: "why" },
    message: "reason must be one of cancelled, error",
  },
  { name: "no event", input: { step: "ship" }, message: "event: the event must be a JSON object" },
  {
    name: "an order that can be none",
    input: { step: "answerApproval", orderId: "1", decision: "approved" },
    message: "orderId must be a UUID",
  },
  {
    name: "no decision",
    input: { step: "answerApproval", orderId, decision: "maybe" },
    message: "decision must be one of approved, rejected",
  },
])("$name is refused", async ({ input, message }) => {
  const { ask } = setUp();
  await expect(ask(input)).rejects.toThrow(message);
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

test("an amount that is none is named at start", () => {
  expect(readCents("CREDIT_LIMIT_CENTS", "0")).toBe(0);
  expect(() => readCents("CREDIT_LIMIT_CENTS", "1.5")).toThrow(
    new Error('environment: CREDIT_LIMIT_CENTS must be a whole number of cents, got "1.5"'),
  );
});
