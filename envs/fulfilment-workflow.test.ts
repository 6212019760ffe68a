/** The workflows of fulfilment as they are synthesised, with the function as it is deployed, on the emulator. */
import { resolve } from "node:path";
import { DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { events as contracts } from "../functions/fulfilment/generated/events";
import { buildFunctions } from "../modules/internal/function-bundle";
import { synthesise, testLabel } from "../modules/internal/synth-test";
import { type Retry, StateMachine, type TaskState } from "../modules/orchestration";
import { marshal, newUuidV7, productItem, productOfItem, readEvent } from "../runtime";
import { ACCOUNT } from "../scripts/commands/local/settings";
import { waitUntil } from "../scripts/internal/wait-until";
import { type FulfilmentEmulator, startFulfilmentEmulator } from "./fulfilment-emulator/fixture";
import { cancellationWorkflow, fulfilmentWorkflow, type Workflow } from "./fulfilment-workflow";

const KEY = "arn:aws:kms:eu-west-1:111111111111:key/data";

function synthesisedDefinition(name: string, workflow: Workflow): string {
  const synthesised = synthesise(
    (stack) =>
      new StateMachine(stack, name, {
        ...{ label: testLabel, name, kmsKeyArn: KEY, logKmsKeyArn: KEY, logRetentionDays: 30 },
        alarmTopicArn: "arn:aws:sns:eu-west-1:111111111111:alarms",
        ...workflow,
      }),
  );
  return synthesised.one("aws_sfn_state_machine")["definition"];
}

/** As it is, but for the waits between attempts. @param mostAttempts new ones of each task */
function withoutPatience(workflow: Workflow, mostAttempts = 100): Workflow {
  const hurried = (retry: Retry): Retry => ({
    ...{ ...retry, intervalSeconds: 1, backoffRate: 1, maxDelaySeconds: 2 },
    maxAttempts: Math.min(mostAttempts, retry.maxAttempts),
  });
  const states = Object.entries(workflow.definition.states).map(([name, state]) => [
    name,
    state.type === "task" ? { ...state, retry: state.retry.map(hurried) } : state,
  ]);
  return { ...workflow, definition: { ...workflow.definition, states: Object.fromEntries(states) } };
}

/** As it is, but for the time that an order may wait for approval, shorter than an environment may have it. */
function withApprovalWithin(seconds: number, workflow: Workflow): Workflow {
  const { RequestApproval: asked, ...others } = workflow.definition.states;
  const RequestApproval = { ...asked, timeoutSeconds: seconds, callSeconds: seconds } as TaskState;
  return { ...workflow, definition: { ...workflow.definition, states: { ...others, RequestApproval } } };
}

let emulator: FulfilmentEmulator;

jest.setTimeout(120_000);

beforeAll(async () => {
  emulator = await startFulfilmentEmulator(
    buildFunctions(resolve(__dirname, ".."))["fulfilment"]?.zipPath ?? "",
  );
  const { functionArn, busArn } = emulator;
  const config = { functionArn, busArn, approvalSeconds: 60 };
  for (const [name, workflow] of Object.entries({
    fulfilment: withoutPatience(fulfilmentWorkflow(config), 1),
    impatient: withoutPatience(withApprovalWithin(1, fulfilmentWorkflow(config)), 1),
    cancellation: withoutPatience(cancellationWorkflow(config)),
  })) {
    await emulator.createWorkflow(name, synthesisedDefinition(name, workflow));
  }
}, 300_000);

afterAll(() => emulator?.stop());

/** An order of a user of its own, for a product of its own. */
async function newOrder({ cents = 1000, available = 5, quantity = 2 } = {}) {
  const id = newUuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
  const productId = `product-${id}`;
  const product = { name: "Teapot", description: "", priceCents: cents, currency: "EUR", listed: true };
  const known = { id: productId, version: 7, updatedAt: "2026-01-01T00:00:00.000Z" };
  await emulator.dynamoDb.send(
    new PutItemCommand({ TableName: "products", Item: productItem({ ...product, ...known, available }) }),
  );
  const order = {
    ...{ id, status: "placed", totalCents: cents * quantity, currency: "EUR", version: 1 },
    items: [{ productId, name: "Teapot", quantity, unitPriceCents: cents }],
    ...{ placedAt: "2026-01-01T00:00:00.000Z", cancelledAt: null as string | null },
  };
  const placed = {
    ...{ specversion: "1.0", id: newUuidV7(0, crypto.getRandomValues(new Uint8Array(10))), source: "orders" },
    ...{ type: "shop.order.placed.v1", subject: id, time: order.placedAt, sequence: 1, partitionkey: id },
    ...{ datacontenttype: "application/json", dataschema: "order-placed/v1" },
    ...{ traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`, data: { principal: `user-${id}`, order } },
  };
  const cancelled = {
    ...{ ...placed, type: "shop.order.cancelled.v1", sequence: 2, dataschema: "order-cancelled/v1" },
    data: {
      ...placed.data,
      reason: "user",
      order: { ...order, status: "cancelled", version: 2, cancelledAt: order.placedAt },
    },
  };
  return { id, productId, placed, cancelled };
}
type TestOrder = Awaited<ReturnType<typeof newOrder>>;

const machine = (name: string) => `arn:aws:states:${ACCOUNT.region}:${ACCOUNT.id}:stateMachine:${name}`;

async function start({ placed }: TestOrder, name = "fulfilment"): Promise<string> {
  const request = { stateMachineArn: machine(name), input: JSON.stringify(placed) };
  return (await emulator.sfn.send(new StartExecutionCommand(request))).executionArn ?? "";
}

async function startCancellation({ cancelled }: TestOrder, reason = "user"): Promise<string> {
  const input = JSON.stringify({ ...cancelled, data: { ...cancelled.data, reason } });
  const request = { stateMachineArn: machine("cancellation"), input };
  return (await emulator.sfn.send(new StartExecutionCommand(request))).executionArn ?? "";
}

async function cancel(order: TestOrder, reason = "user"): Promise<string | undefined> {
  return (await end(await startCancellation(order, reason))).status;
}

/** Failed attempts of an execution until now. */
async function failures(executionArn: string): Promise<number> {
  const request = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 });
  const { events = [] } = await emulator.sfn.send(request);
  return events.filter(({ type }) => type === "TaskFailed").length;
}

/** The end of an execution, and the states on its way there. */
async function end(executionArn: string) {
  const describe = () => emulator.sfn.send(new DescribeExecutionCommand({ executionArn }));
  await waitUntil(async () => (await describe()).status !== "RUNNING", 60);
  const { status } = await describe();
  const { events = [] } = await emulator.sfn.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
  );
  const states = events.flatMap(({ stateEnteredEventDetails: it }) => (it?.name ? [it.name] : []));
  return { status, states };
}

async function ask(input: object): Promise<Record<string, unknown>> {
  const Payload = JSON.stringify(input);
  const answer = await emulator.lambda.send(
    new InvokeCommand({ FunctionName: "fulfilment-approvals", Qualifier: "live", Payload }),
  );
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString("utf8"));
}

const answerApproval = (orderId: string, decision: string) =>
  ask({ step: "answerApproval", orderId, decision });

async function waiting(orderId: string): Promise<void> {
  await waitUntil(async () => {
    const { approvals } = await ask({ step: "approvals" });
    return (approvals as { orderId: string }[]).some((it) => it.orderId === orderId);
  }, 30);
}

/** The product, and what the user owes. */
async function balances({ id, productId }: TestOrder) {
  const [{ Item: product }, { Item: balance }, { Items: entries = [] }] = await Promise.all([
    emulator.dynamoDb.send(new GetItemCommand({ TableName: "products", Key: marshal({ id: productId }) })),
    emulator.dynamoDb.send(
      new GetItemCommand({
        TableName: "fulfilment",
        Key: marshal({ pk: `account#user-${id}#EUR`, sk: "balance" }),
      }),
    ),
    emulator.dynamoDb.send(
      new QueryCommand({
        TableName: "fulfilment",
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :entry)",
        ExpressionAttributeValues: marshal({ ":pk": `account#user-${id}#EUR`, ":entry": "entry#" }),
      }),
    ),
  ]);
  const { available, version, updatedAt } = productOfItem(product ?? {});
  const isNewer = updatedAt > "2026-01-01T00:00:00.000Z";
  const owed = Number(balance?.["owedCents"]?.N ?? 0);
  const booked = entries.map(({ amountCents }) => Number(amountCents?.N));
  return { available, version, isNewer, owed, booked };
}

const ends: Record<string, unknown>[] = [];

/** The events that tell of an order's end, each time that they were put on the bus; every one is valid. */
async function told({ id }: TestOrder, count = 1): Promise<unknown[]> {
  const own = () => ends.filter(({ subject }) => subject === id);
  await waitUntil(async () => {
    const receive = new ReceiveMessageCommand({ QueueUrl: emulator.queueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await emulator.sqs.send(receive);
    for (const { Body = "" } of Messages) ends.push({ ...readEvent(Body, contracts) });
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    if (Entries.length > 0)
      await emulator.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: emulator.queueUrl, Entries }));
    return own().length >= count;
  }, 15);
  return own();
}

const FAILED = ["GiveUp", "HasEnded", "Refund", "Release", "TellFailed", "Done"];
const failedBy = (reason: string) => ({ type: "shop.fulfilment.failed.v1", data: { reason } });
const UNTOUCHED = { available: 5, version: 7, isNewer: false, owed: 0, booked: [] };
const PUT_BACK = { available: 5, version: 9, isNewer: true, owed: 0 };

test("an order is shipped; the same event again starts an execution that leaves it to the first", async () => {
  const order = await newOrder();
  const first = await end(await start(order));
  expect(first).toEqual({
    status: "SUCCEEDED",
    states: [
      ...["Begin", "Reserve", "WasReserved", "NeedsApproval", "Charge", "WasCharged", "Ship", "WasShipped"],
      ...["TellShipped", "Done"],
    ],
  });
  expect(await balances(order)).toEqual({
    ...{ available: 3, version: 8, isNewer: true, owed: 2000, booked: [2000] },
  });
  const [event] = await told(order);
  expect(event).toMatchObject({
    ...{ source: "fulfilment", type: "shop.fulfilment.shipped.v1", sequence: 1, subject: order.id },
    ...{ traceparent: order.placed.traceparent, data: { principal: `user-${order.id}`, orderId: order.id } },
  });
  expect((await end(await start(order))).states).toEqual(["Begin", "Reserve", "WasReserved", "Elsewhere"]);
  expect((await balances(order)).booked).toEqual([2000]);
  expect(await told(order)).toEqual([event]);
});

test("three executions of one event at once come to one end", async () => {
  const order = await newOrder();
  const executions = await Promise.all([start(order), start(order), start(order)]);
  const found = await Promise.all(executions.map(end));
  for (const { status } of found) expect(status).toBe("SUCCEEDED");
  expect(await balances(order)).toMatchObject({ available: 3, owed: 2000, booked: [2000] });
  const elsewhere = found.filter(({ states }) => states.at(-1) === "Elsewhere");
  expect([elsewhere.length, (await told(order)).length]).toEqual([2, 1]);
});

test.each([
  {
    name: "out of stock",
    order: { available: 1 },
    reason: "outOfStock",
    left: { ...UNTOUCHED, available: 1 },
  },
  {
    ...{ name: "above the credit, once approved", order: { cents: 6000 }, reason: "paymentDeclined" },
    left: { ...PUT_BACK, booked: [] },
  },
])("an order that is $name fails, and nothing of it stays", async ({ order: fields, reason, left }) => {
  const order = await newOrder(fields);
  const execution = await start(order);
  if (reason === "paymentDeclined") {
    await waiting(order.id);
    await answerApproval(order.id, "approved");
  }
  const { status, states } = await end(execution);
  expect([status, states.slice(-6)]).toEqual(["SUCCEEDED", FAILED]);
  expect(await balances(order)).toEqual(left);
  expect(await told(order)).toMatchObject([failedBy(reason)]);
});

test("an order above the amount is shipped once it is approved", async () => {
  const order = await newOrder({ cents: 3000 });
  const execution = await start(order);
  await waiting(order.id);
  expect((await balances(order)).booked).toEqual([]);
  expect(await answerApproval(order.id, "approved")).toEqual({ outcome: "approved", heard: true });
  const { states } = await end(execution);
  expect(states.slice(4, 8)).toEqual(["RequestApproval", "ConcludeApproval", "WasApproved", "Charge"]);
  expect(await told(order)).toMatchObject([{ type: "shop.fulfilment.shipped.v1" }]);
  expect(await ask({ step: "approvals" })).toMatchObject({ approvals: [] });
});

test("an order that is rejected, or that nobody decides on, fails", async () => {
  const [rejected, forgotten] = [await newOrder({ cents: 3000 }), await newOrder({ cents: 3000 })];
  const executions = [await start(rejected), await start(forgotten, "impatient")];
  await waiting(rejected.id);
  await answerApproval(rejected.id, "rejected");
  for (const execution of executions) expect((await end(execution)).states.slice(-6)).toEqual(FAILED);
  expect(await told(rejected)).toMatchObject([failedBy("rejected")]);
  expect(await told(forgotten)).toMatchObject([failedBy("approvalTimedOut")]);
  expect(await balances(forgotten)).toEqual({ ...PUT_BACK, booked: [] });
  expect(await answerApproval(forgotten.id, "approved")).toEqual({ outcome: "ended", heard: false });
});

test("a step that keeps failing: what was charged and reserved is given back", async () => {
  const order = await newOrder();
  // The shipment is there already, so that of the step is refused.
  const Item = marshal({ pk: `order#${order.id}`, sk: "shipment" });
  await emulator.dynamoDb.send(new PutItemCommand({ TableName: "fulfilment", Item }));
  const { status, states } = await end(await start(order));
  expect([status, states.slice(-7)]).toEqual(["SUCCEEDED", ["Ship", ...FAILED]]);
  expect(await balances(order)).toEqual({ ...PUT_BACK, booked: [2000, -2000] });
  expect(await told(order)).toMatchObject([failedBy("error")]);
});

test("cancelled while it waits: all is given back once, and both workflows tell the same end", async () => {
  const order = await newOrder({ cents: 3000 });
  const execution = await start(order);
  await waiting(order.id);
  expect(await cancel(order)).toBe("SUCCEEDED");
  const { states } = await end(execution);
  expect(states.slice(-9)).toEqual(["RequestApproval", "ConcludeApproval", "WasApproved", ...FAILED]);
  expect(await balances(order)).toEqual({ ...PUT_BACK, booked: [] });
  const [one, other] = await told(order, 2);
  expect(one).toMatchObject(failedBy("cancelled"));
  expect(other).toEqual(one);
});

test("cancelled while the order's record cannot be read: it is tried until that is mended", async () => {
  const order = await newOrder();
  const broken = { TableName: "fulfilment", Key: marshal({ pk: `order#${order.id}`, sk: "fulfilment" }) };
  await emulator.dynamoDb.send(
    new PutItemCommand({ ...broken, Item: { ...broken.Key, ...marshal({ items: "broken" }) } }),
  );
  const execution = await startCancellation(order);
  await waitUntil(async () => (await failures(execution)) > 3, 30);
  await emulator.dynamoDb.send(new DeleteItemCommand(broken));
  expect(await end(execution)).toMatchObject({
    status: "SUCCEEDED",
    states: ["Begin", "WhoCancelled", ...FAILED],
  });
  expect(await told(order)).toMatchObject([failedBy("cancelled")]);
});

test("cancelled before it is begun: it is not begun", async () => {
  const order = await newOrder();
  expect(await cancel(order)).toBe("SUCCEEDED");
  expect((await end(await start(order))).states.slice(-6)).toEqual(FAILED);
  expect(await balances(order)).toEqual(UNTOUCHED);
});

test("cancelled once it is shipped, or as it could not be fulfilled: nothing is done any more", async () => {
  const [shipped, failed] = [await newOrder(), await newOrder({ available: 1 })];
  await Promise.all([end(await start(shipped)), end(await start(failed))]);
  expect([await cancel(shipped), await cancel(failed, "fulfilmentFailed")]).toEqual([
    "SUCCEEDED",
    "SUCCEEDED",
  ]);
  expect(await balances(shipped)).toMatchObject({ available: 3, owed: 2000, booked: [2000] });
  expect(await told(failed)).toHaveLength(1);
});
