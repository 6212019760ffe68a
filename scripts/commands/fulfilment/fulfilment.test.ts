import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { takesOver } from "../../../functions/fulfilment/resumption";
import { decide, waitingApprovals } from "./approvals";
import type { Executions } from "./executions";
import type { DecisionRequest } from "./request";
import { resume } from "./resume";
import { describeResult } from "./show";

const ROOT = resolve(__dirname, "../../..");
const ORDER = "01890a5d-ac96-774b-bcce-b302099a8057";
const OTHER = "01890a5d-ac96-774b-bcce-b302099a8058";
const waiting = {
  ...{ orderId: ORDER, principal: "user-1", totalCents: 123_450, currency: "EUR" },
  askedAt: "2026-01-01T00:00:00.000Z",
};

/** A function that answers each question with the next of these. */
function functionThat(...answers: object[]) {
  const asked: object[] = [];
  const ask = async (input: object) => {
    asked.push(input);
    return answers[asked.length - 1] as Readonly<Record<string, unknown>>;
  };
  return { asked, ask, act: (request: DecisionRequest) => decide("envs/prod", request, ask) };
}

test("the orders that wait are listed, all pages of them", async () => {
  const next = `${waiting.askedAt}#${ORDER}`;
  const other = { ...waiting, orderId: OTHER, principal: "user-2", askedAt: "2026-01-01T00:01:00.000Z" };
  const { ask, asked } = functionThat(
    { outcome: "listed", approvals: [waiting], next },
    { outcome: "listed", approvals: [other] },
  );
  const result = await waitingApprovals("envs/prod", ask);
  expect(asked).toEqual([{ step: "approvals" }, { step: "approvals", from: next }]);
  expect(result).toEqual({ environment: "envs/prod", approvals: [waiting, other] });
  expect(describeResult(result)).toBe(
    [
      "order                                   total       user    since",
      `${ORDER}  1234.50  EUR  user-1  2026-01-01T00:00:00.000Z`,
      `${OTHER}  1234.50  EUR  user-2  2026-01-01T00:01:00.000Z`,
    ].join("\n"),
  );
});

test("where none waits, that is said", async () => {
  const { ask } = functionThat({ outcome: "listed", approvals: [] });
  const result = await waitingApprovals("envs/prod", ask);
  expect(describeResult(result)).toBe("No order of envs/prod waits for approval.");
});

test.each<{ what: "approve" | "reject"; decision: string; heard: boolean; said: string }>([
  { what: "approve", decision: "approved", heard: true, said: "is approved; its workflow goes on." },
  {
    ...{ what: "reject", decision: "rejected", heard: false },
    said: "is rejected; its workflow waits no more, and finds that at its next step. Where its execution has failed or was stopped, resume the order.",
  },
])("$what, heard $heard", async ({ what, decision, heard, said }) => {
  const { act, asked } = functionThat({ outcome: decision, heard });
  const result = await act({ what, order: ORDER, dryRun: false });
  expect(asked).toEqual([{ step: "answerApproval", orderId: ORDER, decision }]);
  expect(result).toEqual({ environment: "envs/prod", order: ORDER, action: decision, heard });
  expect(describeResult(result)).toBe(`Order ${ORDER} ${said}`);
});

test.each([
  { name: "waits", approval: "asked" },
  { name: "is rejected already, which would wake its workflow again,", approval: "rejected" },
])("a dry run for an order that $name decides nothing, and reads that order alone", async ({ approval }) => {
  const { act, asked } = functionThat({ outcome: "known", status: "open", approval });
  const result = await act({ what: "reject", order: ORDER, dryRun: true });
  expect(asked).toEqual([{ step: "order", orderId: ORDER }]);
  expect(result).toEqual({ environment: "envs/prod", order: ORDER, action: "would-reject" });
  expect(describeResult(result)).toBe(`Order ${ORDER} can be decided on: this would reject it.`);
});

test.each([
  [{ outcome: "unknown" }, "is not being fulfilled"],
  [{ outcome: "known", status: "open", approval: "notNeeded" }, "does not wait for approval"],
  [{ outcome: "known", status: "open", approval: "needed" }, "does not wait for approval"],
  [{ outcome: "known", status: "open", approval: "rejected" }, "was decided on the other way"],
  [{ outcome: "known", status: "failed", approval: "asked" }, "has ended"],
])("a dry run for an order that is %j says what the decision would be answered", async (answer, message) => {
  const { act } = functionThat(answer);
  await expect(act({ what: "approve", order: ORDER, dryRun: true })).rejects.toThrow(
    `order ${ORDER}: ${message}`,
  );
});

test.each([
  ["unknown", "is not being fulfilled"],
  ["notAsked", "does not wait for approval"],
  ["ended", "has ended: it was shipped, rejected or cancelled, it has failed, or its time was up"],
  ["decided", "was decided on the other way; what is decided stays"],
  ["new", "was answered with new; deploy the function of this version"],
])("an order that is answered with %s is not decided on", async (outcome, message) => {
  const { act } = functionThat({ outcome, heard: false });
  await expect(act({ what: "approve", order: ORDER, dryRun: false })).rejects.toThrow(
    `order ${ORDER}: ${message}`,
  );
});

describe("resume", () => {
  const FROM = "arn:aws:states:eu-west-1:111111111111:execution:acme-prod-fulfilment:first";
  const workflow = "arn:aws:states:eu-west-1:111111111111:stateMachine:acme-prod-fulfilment";
  const known = { outcome: "known", status: "open", approval: "notNeeded", execution: FROM };

  /** @param status of the execution that has the order. @default there is none any more */
  function setUp(answer: object, status?: string) {
    const started: { workflow: string; name: string; input: string }[] = [];
    const executions: Executions = {
      find: async (arn) =>
        status !== undefined && arn === FROM ? { workflow, status, input: '{"event":1}' } : undefined,
      start: async (of, name, input) => {
        started.push({ workflow: of, name, input });
        return `execution:${name}`;
      },
    };
    const { ask } = functionThat(answer);
    const act = (dryRun = false) =>
      resume("envs/prod", { what: "resume", order: ORDER, dryRun }, ask, executions);
    return { started, act };
  }

  test.each(["FAILED", "TIMED_OUT", "ABORTED"])(
    "where the execution is %s, another that may take over begins with the same event",
    async (fromStatus) => {
      const { started, act } = setUp(known, fromStatus);
      const result = await act();
      expect(started).toEqual([{ workflow, name: expect.any(String), input: '{"event":1}' }]);
      const execution = `execution:${started[0]?.name}`;
      expect(takesOver(execution, FROM)).toBe(true);
      const said = { environment: "envs/prod", order: ORDER, from: FROM, fromStatus };
      expect(result).toEqual({ ...said, action: "resumed", execution });
      expect(describeResult(result)).toBe(
        `${FROM} is ${fromStatus}; ${execution} goes on with order ${ORDER}.`,
      );
    },
  );

  test("a dry run starts none", async () => {
    const { started, act } = setUp(known, "FAILED");
    expect(describeResult(await act(true))).toBe(
      `${FROM} is FAILED: this would start another execution, that goes on with order ${ORDER}.`,
    );
    expect(started).toEqual([]);
  });

  test.each([
    {
      ...{ name: "that runs", answer: known, status: "RUNNING" },
      message: `is being fulfilled: ${FROM} is RUNNING; wait for its end, or stop it first`,
    },
    {
      ...{ name: "that is to be redriven", answer: known, status: "PENDING_REDRIVE" },
      message: `is being fulfilled: ${FROM} is PENDING_REDRIVE; wait for its end, or stop it first`,
    },
    {
      ...{ name: "that has succeeded", answer: known, status: "SUCCEEDED" },
      message: "has come to its end; there is nothing to go on with",
    },
    {
      ...{ name: "that is not kept any more", answer: known, status: undefined },
      message:
        "had an execution that AWS does not keep any more; docs/events.md, Fulfilment, tells how to start one with its event",
    },
    {
      name: "that there never was",
      ...{ answer: { outcome: "known", status: "failed", approval: "notNeeded" }, status: undefined },
      message: "was cancelled before an execution came to it; it holds nothing that could be given back",
    },
    {
      ...{ name: "of an order that is unknown", answer: { outcome: "unknown" }, status: undefined },
      message: "is not being fulfilled; scripts/redrive shows whether its event has failed",
    },
  ])("from an execution $name nothing is taken over", async ({ answer, status, message }) => {
    const { started, act } = setUp(answer, status);
    await expect(act()).rejects.toThrow(`order ${ORDER}: ${message}`);
    expect(started).toEqual([]);
  });
});

test.each([
  { args: ["approve"], message: "approve needs an order; name it by its id" },
  { args: ["reject", "7"], message: '"7" is no id of an order; it is a UUID' },
  { args: ["approvals", ORDER], message: `approvals are of all orders; leave out "${ORDER}"` },
])("$args is refused before anything is done", ({ args, message }) => {
  const { status, stderr, stdout } = spawnSync(join(ROOT, "scripts/fulfilment"), ["envs/local", ...args], {
    encoding: "utf8",
  });
  expect({ status, stderr, stdout }).toEqual({
    ...{ status: 2, stderr: `error: fulfilment: ${message}\n`, stdout: "" },
  });
});
