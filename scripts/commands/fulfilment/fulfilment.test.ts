import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { decide } from "./approvals";
import type { Request } from "./request";
import { describeResult } from "./show";

const ROOT = resolve(__dirname, "../../..");
const ORDER = "01890a5d-ac96-774b-bcce-b302099a8057";
const waiting = {
  ...{ orderId: ORDER, principal: "user-1", totalCents: 123_450, currency: "EUR" },
  askedAt: "2026-01-01T00:00:00.000Z",
};

function functionThat(answer: object) {
  const asked: object[] = [];
  const ask = async (input: object) => {
    asked.push(input);
    return answer as Readonly<Record<string, unknown>>;
  };
  return { asked, act: (request: Request) => decide("envs/prod", request, ask) };
}

test("the orders that wait are listed", async () => {
  const { act } = functionThat({ outcome: "listed", approvals: [waiting], more: true });
  const result = await act({ what: "approvals" });
  expect(result).toEqual({ environment: "envs/prod", approvals: [waiting], more: true });
  expect(describeResult(result)).toBe(
    [
      "order                                   total       user    since",
      `${ORDER}  1234.50  EUR  user-1  2026-01-01T00:00:00.000Z`,
      "There are more: these are the oldest.",
    ].join("\n"),
  );
});

test("where none waits, that is said", async () => {
  const { act } = functionThat({ outcome: "listed", approvals: [], more: false });
  expect(describeResult(await act({ what: "approvals" }))).toBe("No order of envs/prod waits for approval.");
});

test.each<{ what: "approve" | "reject"; decision: string; heard: boolean; said: string }>([
  { what: "approve", decision: "approved", heard: true, said: "is approved; its workflow goes on." },
  {
    ...{ what: "reject", decision: "rejected", heard: false },
    said: "is rejected; its workflow waits no more, and finds that at its next step.",
  },
])("$what, heard $heard", async ({ what, decision, heard, said }) => {
  const { act, asked } = functionThat({ outcome: decision, heard });
  const result = await act({ what, order: ORDER, dryRun: false });
  expect(asked).toEqual([{ step: "answerApproval", orderId: ORDER, decision }]);
  expect(result).toEqual({ environment: "envs/prod", order: ORDER, action: decision, heard });
  expect(describeResult(result)).toBe(`Order ${ORDER} ${said}`);
});

test("a dry run decides nothing", async () => {
  const { act, asked } = functionThat({ outcome: "listed", approvals: [waiting], more: false });
  const result = await act({ what: "reject", order: ORDER, dryRun: true });
  expect(asked).toEqual([{ step: "approvals" }]);
  expect(describeResult(result)).toBe(`Order ${ORDER} waits for approval: this would reject it.`);
});

test("a dry run for an order that does not wait says so", async () => {
  const { act } = functionThat({ outcome: "listed", approvals: [], more: false });
  await expect(act({ what: "approve", order: ORDER, dryRun: true })).rejects.toThrow(
    `order ${ORDER}: does not wait for approval; approvals shows those that do`,
  );
});

test.each([
  ["unknown", "is not being fulfilled"],
  ["notAsked", "does not wait for approval"],
  ["ended", "has ended: it was shipped or cancelled, or its time was up"],
  ["decided", "was decided on the other way; what is decided stays"],
  ["new", "was answered with new; deploy the function of this version"],
])("an order that is answered with %s is not decided on", async (outcome, message) => {
  const { act } = functionThat({ outcome, heard: false });
  await expect(act({ what: "approve", order: ORDER, dryRun: false })).rejects.toThrow(
    `order ${ORDER}: ${message}`,
  );
});

test.each([
  { args: ["approve"], message: 'approve needs an order; name one of those that "approvals" shows' },
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
