import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { boundedClientConfig } from "../../runtime";
import {
  type DynamoDbStub,
  type StubAnswer,
  startDynamoDbStub,
  stubError,
} from "../../runtime/dynamodb-stub";
import { changeOf } from "./change";
import { eventsOf, ORDERS } from "./fixture";
import { DynamoDbView } from "./view";

const { signal } = new AbortController();
const change = changeOf(eventsOf(ORDERS[0]).placed);

let stub: DynamoDbStub | undefined;
afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

async function viewOn(answer: (number: number) => StubAnswer) {
  stub = await startDynamoDbStub((_call, number) => answer(number));
  const client = new DynamoDBClient({
    ...boundedClientConfig(),
    endpoint: stub.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return { view: new DynamoDbView({ client, tableName: "history" }), calls: stub.calls };
}

test("a change is one write, on the condition that the row's part is older", async () => {
  const { view, calls } = await viewOn(() => ({ status: 200, body: {} }));
  expect(await view.apply(2, change, signal)).toBe(true);
  expect(calls).toEqual([
    {
      operation: "UpdateItem",
      body: {
        TableName: "history",
        Key: { pk: { S: "2#user-1" }, sk: { S: ORDERS[0] } },
        UpdateExpression: "SET #part = :content, #sequence = :sequence",
        ConditionExpression: "attribute_not_exists(#sequence) OR #sequence < :sequence",
        ExpressionAttributeNames: { "#part": "order", "#sequence": "orderSequence" },
        ExpressionAttributeValues: { ":content": { S: change.content }, ":sequence": { N: "1" } },
      },
    },
  ]);
});

test("what the row has already is no failure", async () => {
  const { view } = await viewOn(() => stubError("ConditionalCheckFailedException"));
  expect(await view.apply(1, change, signal)).toBe(false);
});

test("control 11: a throttled write is tried three times, then fails", async () => {
  const { view, calls } = await viewOn(() => stubError("ProvisionedThroughputExceededException"));
  await expect(view.apply(1, change, signal)).rejects.toThrow("ProvisionedThroughputExceededException");
  expect(calls).toHaveLength(3);
});

test("the generations are read as they are now", async () => {
  const { view, calls } = await viewOn(() => ({
    status: 200,
    body: { Item: { serving: { N: "3" }, building: { N: "4" } } },
  }));
  expect(await view.generations()).toEqual({ serving: 3, building: 4 });
  expect(calls[0]?.body).toMatchObject({ ConsistentRead: true, Key: { pk: { S: "control" } } });
});
