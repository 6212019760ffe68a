import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { boundedClientConfig } from "../../runtime";
import {
  type DynamoDbStub,
  type StubAnswer,
  startDynamoDbStub,
  stubError,
} from "../../runtime/dynamodb-stub";
import { DynamoDbStore } from "./dynamodb-store";
import { ORDERS, placedEvent } from "./fixture";
import { newFulfilment } from "./fulfilment";
import { approvalItem, fulfilmentItem, fulfilmentOf } from "./item";

const fulfilment = { ...newFulfilment(placedEvent(), 100), execution: "one", revision: 1 };
const { signal } = new AbortController();
const at = "2026-01-01T00:00:00.000Z";
const WRITTEN: StubAnswer = { status: 200, body: {} };

/** A transaction that DynamoDB cancels, with the reasons of its parts. */
const cancelled = (...codes: string[]) =>
  stubError("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) });

let stub: DynamoDbStub | undefined;
afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

async function storeOn(answer: (number: number) => StubAnswer) {
  stub = await startDynamoDbStub((_call, number) => answer(number));
  const client = new DynamoDBClient({
    ...boundedClientConfig(),
    endpoint: stub.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const waits: number[] = [];
  const store = new DynamoDbStore({
    ...{ client, tableName: "fulfilment", productsTableName: "products", creditLimitCents: 1000 },
    pause: async (attempt) => {
      waits.push(attempt);
    },
  });
  return { store, waits, calls: stub.calls };
}

const partsOf = (call: { body: { TransactItems: object[] } } | undefined) => call?.body.TransactItems;

test("a record comes back as it was written", () => {
  expect(fulfilmentOf(fulfilmentItem(fulfilment))).toEqual(fulfilment);
});

test("control 10: units are taken with the order's record, on the conditions that there is none and that there are as many", async () => {
  const { store, calls } = await storeOn(() => WRITTEN);
  expect(await store.write({ fulfilment, at, stock: "take" }, signal)).toBe("written");
  expect(calls.map(({ operation }) => operation)).toEqual(["TransactWriteItems"]);
  expect(partsOf(calls[0])).toEqual([
    {
      Put: expect.objectContaining({
        ...{ TableName: "fulfilment", ConditionExpression: "attribute_not_exists(pk)" },
      }),
    },
    {
      Update: {
        ...{ TableName: "products", Key: { id: { S: "teapot" } } },
        UpdateExpression:
          "SET #available = #available + :change, #version = #version + :one, #updatedAt = :at",
        ConditionExpression: "#available >= :quantity",
        ExpressionAttributeNames: {
          ...{ "#available": "available", "#version": "version", "#updatedAt": "updatedAt" },
        },
        ExpressionAttributeValues: {
          ...{ ":change": { N: "-2" }, ":quantity": { N: "2" }, ":one": { N: "1" }, ":at": { S: at } },
        },
      },
    },
  ]);
});

test("control 10: what is charged is a line of the ledger, and fits the credit", async () => {
  const { store, calls } = await storeOn(() => WRITTEN);
  const charged = { ...fulfilment, revision: 3 };
  expect(await store.write({ fulfilment: charged, at, ledger: "charge" }, signal)).toBe("written");
  expect(partsOf(calls[0])).toMatchObject([
    {
      Put: {
        ConditionExpression: "#revision = :before",
        ExpressionAttributeValues: { ":before": { N: "2" } },
      },
    },
    {
      Update: {
        Key: { pk: { S: "account#user-1#EUR" }, sk: { S: "balance" } },
        ConditionExpression: "attribute_not_exists(owedCents) OR owedCents <= :room",
        ExpressionAttributeValues: { ":amount": { N: "200" }, ":room": { N: "800" } },
      },
    },
    {
      Put: {
        Item: { sk: { S: `entry#${ORDERS[0]}#charge` }, amountCents: { N: "200" }, at: { S: at } },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
  ]);
});

test("what is above the whole credit is not asked for", async () => {
  const { store, calls } = await storeOn(() => WRITTEN);
  const dear = { ...fulfilment, totalCents: 1001, revision: 2 };
  expect(await store.write({ fulfilment: dear, at, ledger: "charge" }, signal)).toBe("creditExceeded");
  expect(calls).toEqual([]);
});

test.each([
  { name: "another record", codes: ["ConditionalCheckFailed", "None"], outcome: "changedMeanwhile" },
  {
    name: "another record and too few units",
    codes: ["ConditionalCheckFailed", "ConditionalCheckFailed"],
    outcome: "changedMeanwhile",
  },
  { name: "too few units", codes: ["None", "ConditionalCheckFailed"], outcome: "outOfStock" },
])("$name: $outcome", async ({ codes, outcome }) => {
  const { store } = await storeOn(() => cancelled(...codes));
  expect(await store.write({ fulfilment, at, stock: "take" }, signal)).toBe(outcome);
});

test("what others get in the way of is tried again, after a wait", async () => {
  const { store, waits } = await storeOn((number) =>
    number < 3 ? cancelled("None", "TransactionConflict") : WRITTEN,
  );
  expect(await store.write({ fulfilment, at, stock: "take" }, signal)).toBe("written");
  expect(waits).toEqual([1, 2]);
});

test.each([
  { name: "a conflict that does not end", codes: ["TransactionConflict", "None"], calls: 8 },
  { name: "a product that is gone", codes: ["None", "ConditionalCheckFailed"], calls: 1 },
])("$name is an error where units are put back", async ({ codes, calls: count }) => {
  const { store, calls } = await storeOn(() => cancelled(...codes));
  const released = store.write({ fulfilment: { ...fulfilment, revision: 2 }, at, stock: "putBack" }, signal);
  await expect(released).rejects.toMatchObject({ name: "TransactionCanceledException" });
  expect(calls).toHaveLength(count);
});

test("control 11: a throttled transaction is tried three times by the client, then fails", async () => {
  const { store, calls } = await storeOn(() => stubError("ThrottlingException"));
  await expect(store.write({ fulfilment, at }, signal)).rejects.toMatchObject({
    name: "ThrottlingException",
  });
  expect(calls).toHaveLength(3);
});

test("once time is up, nothing is asked any more", async () => {
  const { store, calls } = await storeOn(() => WRITTEN);
  await expect(store.write({ fulfilment, at }, AbortSignal.abort())).rejects.toMatchObject({
    name: "AbortError",
  });
  expect(calls).toEqual([]);
});

const waiting = { orderId: ORDERS[0], principal: "user-1", totalCents: 200, currency: "EUR", askedAt: at };
const asked: typeof fulfilment = { ...fulfilment, revision: 2, approval: "asked", askedAt: at };

test("control 28: what waits for approval is listed by the time it was asked for, its token kept elsewhere", async () => {
  const { store, calls } = await storeOn(() => WRITTEN);
  await store.write({ fulfilment: asked, at, waits: true, approvalToken: "token" }, signal);
  const tokenKey = { pk: { S: `order#${ORDERS[0]}` }, sk: { S: "approval" } };
  const approvalKey = { pk: { S: "approvals" }, sk: { S: `${at}#${ORDERS[0]}` } };
  expect(partsOf(calls[0])?.slice(1)).toEqual([
    {
      Put: {
        TableName: "fulfilment",
        Item: {
          ...{ ...approvalKey, orderId: { S: ORDERS[0] }, principal: { S: "user-1" } },
          ...{ totalCents: { N: "200" }, currency: { S: "EUR" }, askedAt: { S: at } },
        },
      },
    },
    { Put: { TableName: "fulfilment", Item: { ...tokenKey, token: { S: "token" } } } },
  ]);
  await store.write({ fulfilment: asked, at, waits: false, approvalToken: null }, signal);
  expect(partsOf(calls[1])?.slice(1)).toEqual([
    { Delete: { TableName: "fulfilment", Key: approvalKey } },
    { Delete: { TableName: "fulfilment", Key: tokenKey } },
  ]);
});

test("approvals are read page by page", async () => {
  const next = `${at}#${ORDERS[0]}`;
  const { store, calls } = await storeOn((number) => ({
    status: 200,
    body: {
      Items: [approvalItem(asked)],
      ...(number === 1 && { LastEvaluatedKey: { pk: { S: "approvals" }, sk: { S: next } } }),
    },
  }));
  expect(await store.waitingApprovals(signal)).toEqual({ approvals: [waiting], next });
  expect(await store.waitingApprovals(signal, next)).toEqual({ approvals: [waiting] });
  expect(calls.map(({ body: { ExclusiveStartKey, Limit } }) => [ExclusiveStartKey, Limit])).toEqual([
    [undefined, 100],
    [{ pk: { S: "approvals" }, sk: { S: next } }, 100],
  ]);
});

test("what was charged goes back whatever the user owes by now: a payment meanwhile does not keep it", async () => {
  const { store, calls } = await storeOn(() => WRITTEN);
  const refunded = { ...fulfilment, revision: 5 };
  expect(await store.write({ fulfilment: refunded, at, ledger: "refund" }, signal)).toBe("written");
  expect(partsOf(calls[0])?.slice(1)).toEqual([
    {
      Update: {
        ...{ TableName: "fulfilment", Key: { pk: { S: "account#user-1#EUR" }, sk: { S: "balance" } } },
        UpdateExpression: "SET owedCents = if_not_exists(owedCents, :zero) - :amount",
        ExpressionAttributeValues: { ":zero": { N: "0" }, ":amount": { N: "200" } },
      },
    },
    {
      Put: expect.objectContaining({
        Item: expect.objectContaining({
          ...{ sk: { S: `entry#${ORDERS[0]}#refund` }, amountCents: { N: "-200" } },
        }),
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    },
  ]);
});
