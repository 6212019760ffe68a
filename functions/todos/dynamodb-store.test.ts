import { Tracing } from "../internal";
import { dynamoDbClient } from "./dynamodb-client";
import { DynamoDbTodoStore } from "./dynamodb-store";
import { type DynamoDbStub, type StubAnswer, startDynamoDbStub, stubError } from "./dynamodb-stub";
import { itemOf, marshal } from "./item";
import { createdTodo } from "./todo";
import { newTodoId } from "./todo-id";

const { signal } = new AbortController();
const id = newTodoId(1_700_000_000_000, new Uint8Array(10));
const input = { title: "Buy milk", note: "fresh", status: "open", dueAt: null, attachments: ["a.jpg"] };
const todo = createdTodo(id, input as never);
const item = marshal({ ...itemOf("user-1", todo) });
const ok = (body: object): StubAnswer => ({ status: 200, body });
const read = { consistent: false, signal };

let stub: DynamoDbStub | undefined;

afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

async function storeOf(answer: Parameters<typeof startDynamoDbStub>[0]) {
  const started = await startDynamoDbStub(answer);
  stub = started;
  const client = dynamoDbClient(new Tracing({ environment: {} }), {
    endpoint: started.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const store = new DynamoDbTodoStore({ client, tableName: "todos", pause: async () => undefined });
  return { store, calls: started.calls };
}

test("a to-do becomes an item with its keys; no dueAt, no attribute", () => {
  expect(item).toEqual({
    owner: { S: "user-1" },
    sk: { S: `todo#${id}` },
    statusSk: { S: `open#${id}` },
    title: { S: "Buy milk" },
    note: { S: "fresh" },
    status: { S: "open" },
    attachments: { L: [{ S: "a.jpg" }] },
    version: { N: "1" },
    createdAt: { S: "2023-11-14T22:13:20.000Z" },
    updatedAt: { S: "2023-11-14T22:13:20.000Z" },
  });
});

describe("get", () => {
  test("reads by key, and gives the to-do", async () => {
    const { store, calls } = await storeOf(() => ok({ Item: item }));
    await expect(store.get("user-1", id, read)).resolves.toEqual(todo);
    expect(calls).toEqual([
      {
        operation: "GetItem",
        body: {
          TableName: "todos",
          Key: { owner: { S: "user-1" }, sk: { S: `todo#${id}` } },
          ConsistentRead: false,
        },
      },
    ]);
  });

  test("gives nothing for what is not there", async () => {
    const { store } = await storeOf(() => ok({}));
    await expect(store.get("user-1", id, read)).resolves.toBeUndefined();
  });

  test("reads consistently when told", async () => {
    const { store, calls } = await storeOf(() => ok({}));
    await store.get("user-1", id, { ...read, consistent: true });
    expect(calls[0]?.body.ConsistentRead).toBe(true);
  });
});

describe("list", () => {
  test("asks for the owner's to-dos, newest first, one more than the limit", async () => {
    const { store, calls } = await storeOf(() => ok({ Items: [item, item, item] }));
    await expect(store.list({ owner: "user-1", limit: 2 }, read)).resolves.toEqual({
      items: [todo, todo],
      more: true,
    });
    expect(calls).toEqual([
      {
        operation: "Query",
        body: {
          TableName: "todos",
          KeyConditionExpression: "#owner = :owner AND begins_with(#sort, :prefix)",
          ExpressionAttributeNames: { "#owner": "owner", "#sort": "sk" },
          ExpressionAttributeValues: { ":owner": { S: "user-1" }, ":prefix": { S: "todo#" } },
          ScanIndexForward: false,
          Limit: 3,
          ConsistentRead: false,
        },
      },
    ]);
  });

  test("of a status asks its index, and goes on after a to-do that need not be there", async () => {
    const { store, calls } = await storeOf(() => ok({ Items: [] }));
    await store.list({ owner: "user-1", status: "done", limit: 2, after: id }, read);
    expect(calls[0]?.body).toMatchObject({
      IndexName: "byStatus",
      ExpressionAttributeNames: { "#owner": "owner", "#sort": "statusSk" },
      ExpressionAttributeValues: { ":owner": { S: "user-1" }, ":prefix": { S: "done#" } },
      ExclusiveStartKey: { owner: { S: "user-1" }, sk: { S: `todo#${id}` }, statusSk: { S: `done#${id}` } },
    });
  });

  test("that DynamoDB cut off at 1 MB has more", async () => {
    const { store } = await storeOf(() => ok({ Items: [item], LastEvaluatedKey: { sk: { S: "x" } } }));
    await expect(store.list({ owner: "user-1", limit: 5 }, read)).resolves.toEqual({
      items: [todo],
      more: true,
    });
  });
});

describe("create", () => {
  test("without a key is one put, which may be repeated", async () => {
    const { store, calls } = await storeOf(() => ok({}));
    await expect(store.create("user-1", todo, signal)).resolves.toEqual({ outcome: "created" });
    expect(calls).toEqual([{ operation: "PutItem", body: { TableName: "todos", Item: item } }]);
  });

  const request = { keyHash: "abc", inputHash: "def", expiresAt: 1_700_086_400 };
  const cancelled = (...codes: string[]) =>
    stubError("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) });

  test("control 9: with a key, the to-do and the record of the request are written together or not at all", async () => {
    const { store, calls } = await storeOf(() => ok({}));
    await expect(store.create("user-1", todo, signal, request)).resolves.toEqual({ outcome: "created" });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.operation).toBe("TransactWriteItems");
    expect(calls[0]?.body.TransactItems).toEqual([
      { Put: { TableName: "todos", Item: item } },
      {
        Put: {
          TableName: "todos",
          Item: {
            owner: { S: "user-1" },
            sk: { S: "request#abc" },
            todoId: { S: id },
            inputHash: { S: "def" },
            expiresAt: { N: "1700086400" },
          },
          ConditionExpression: "attribute_not_exists(#sk) OR #expiresAt <= :now",
          ExpressionAttributeNames: { "#sk": "sk", "#expiresAt": "expiresAt" },
          ExpressionAttributeValues: { ":now": { N: "1700000000" } },
        },
      },
    ]);
  });

  test.each([
    ["the same request", "def", { outcome: "repeated", id: "first" }],
    ["another request", "other", { outcome: "otherRequest" }],
  ])("a known key of %s is told", async (_case, inputHash, outcome) => {
    const record = { todoId: { S: "first" }, inputHash: { S: inputHash } };
    const { store, calls } = await storeOf(({ operation }) =>
      operation === "GetItem" ? ok({ Item: record }) : cancelled("None", "ConditionalCheckFailed"),
    );
    await expect(store.create("user-1", todo, signal, request)).resolves.toEqual(outcome);
    expect(calls[1]?.body).toMatchObject({
      Key: { owner: { S: "user-1" }, sk: { S: "request#abc" } },
      ConsistentRead: true,
    });
  });

  test("a conflict with a request under way is tried again", async () => {
    const { store, calls } = await storeOf((_call, number) =>
      number < 3 ? cancelled("None", "TransactionConflict") : ok({}),
    );
    await expect(store.create("user-1", todo, signal, request)).resolves.toEqual({ outcome: "created" });
    expect(calls).toHaveLength(3);
  });

  test("a conflict that does not end is an error after 4 attempts", async () => {
    const { store, calls } = await storeOf(() => cancelled("None", "TransactionConflict"));
    await expect(store.create("user-1", todo, signal, request)).rejects.toThrow(
      "TransactionCanceledException",
    );
    expect(calls).toHaveLength(4);
  });
});

describe("replace", () => {
  const change = { owner: "user-1", id, expected: [1], signal };
  const updatedAt = "2023-11-15T00:00:00.000Z";
  const after = { ...todo, version: 2, updatedAt };
  const afterItem = marshal({ ...itemOf("user-1", after) });

  test("sets every field and raises the version, only from the expected one", async () => {
    const { store, calls } = await storeOf(() => ok({ Attributes: afterItem }));
    await expect(store.replace(change, input as never, updatedAt)).resolves.toEqual({
      outcome: "done",
      value: after,
    });
    expect(calls[0]?.operation).toBe("UpdateItem");
    expect(calls[0]?.body).toMatchObject({
      Key: { owner: { S: "user-1" }, sk: { S: `todo#${id}` } },
      UpdateExpression:
        "SET #title = :title, #note = :note, #status = :status, #attachments = :attachments, #updatedAt = :updatedAt, " +
        "#statusSk = :statusSk, #version = #version + :one REMOVE #dueAt",
      ConditionExpression: "attribute_exists(#sk) AND #version IN (:v0)",
      ReturnValues: "ALL_NEW",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    expect(calls[0]?.body.ExpressionAttributeValues).toMatchObject({
      ":v0": { N: "1" },
      ":one": { N: "1" },
      ":statusSk": { S: `open#${id}` },
    });
  });

  test("uses every name and value that it declares, as DynamoDB demands", async () => {
    const { store, calls } = await storeOf(() => ok({ Attributes: afterItem }));
    await store.replace(change, input as never, updatedAt);
    await store.replace({ ...change, expected: "any" }, { ...input, dueAt: updatedAt } as never, updatedAt);
    for (const { body } of calls) {
      const text = `${body.UpdateExpression} ${body.ConditionExpression}`;
      const used = new Set(text.match(/[#:]\w+/g));
      const declared = [
        ...Object.keys(body.ExpressionAttributeNames),
        ...Object.keys(body.ExpressionAttributeValues),
      ];
      expect([...used].sort()).toEqual(declared.sort());
    }
  });

  test("a due date is set", async () => {
    const { store, calls } = await storeOf(() => ok({ Attributes: afterItem }));
    await store.replace(change, { ...input, dueAt: updatedAt } as never, updatedAt);
    expect(calls[0]?.body.UpdateExpression).toContain("#dueAt = :dueAt");
    expect(calls[0]?.body.UpdateExpression).not.toContain("REMOVE");
  });

  test("control 10: another version is a conflict, told from the refused write itself", async () => {
    const current = marshal({ ...itemOf("user-1", { ...todo, version: 7 }) });
    const { store, calls } = await storeOf(() =>
      stubError("ConditionalCheckFailedException", { Item: current }),
    );
    await expect(store.replace(change, input as never, updatedAt)).resolves.toEqual({
      outcome: "conflict",
      version: 7,
    });
    expect(calls).toHaveLength(1);
  });

  test("what is not there is missing", async () => {
    const { store } = await storeOf(() => stubError("ConditionalCheckFailedException"));
    await expect(store.replace(change, input as never, updatedAt)).resolves.toEqual({ outcome: "missing" });
  });

  test("a change whose answer was lost is recognised when the client repeats it", async () => {
    const { store } = await storeOf((_call, number) =>
      number === 1
        ? stubError("InternalServerError", {}, 500)
        : stubError("ConditionalCheckFailedException", { Item: afterItem }),
    );
    await expect(store.replace(change, input as never, updatedAt)).resolves.toEqual({
      outcome: "done",
      value: after,
    });
  });

  test("no expected version at all matches nothing", async () => {
    const current = marshal({ ...itemOf("user-1", todo) });
    const { store, calls } = await storeOf(() =>
      stubError("ConditionalCheckFailedException", { Item: current }),
    );
    await store.replace({ ...change, expected: [] }, input as never, updatedAt);
    expect(calls[0]?.body.ExpressionAttributeValues[":v0"]).toEqual({ N: "0" });
  });
});

describe("remove", () => {
  test.each([
    ["any version", "any" as const, "attribute_exists(#sk)", { "#sk": "sk" }],
    [
      "one of two",
      [1, 2],
      "attribute_exists(#sk) AND #version IN (:v0, :v1)",
      { "#sk": "sk", "#version": "version" },
    ],
  ])("of %s", async (_case, expected, condition, names) => {
    const { store, calls } = await storeOf(() => ok({}));
    await expect(store.remove({ owner: "user-1", id, expected, signal })).resolves.toEqual({
      outcome: "done",
      value: undefined,
    });
    expect(calls[0]).toMatchObject({
      operation: "DeleteItem",
      body: { ConditionExpression: condition, ExpressionAttributeNames: names },
    });
  });

  test("a conflict and what is not there are told", async () => {
    const { store } = await storeOf((_call, number) =>
      stubError("ConditionalCheckFailedException", number === 1 ? { Item: item } : {}),
    );
    const change = { owner: "user-1", id, expected: [9], signal };
    await expect(store.remove(change)).resolves.toEqual({ outcome: "conflict", version: 1 });
    await expect(store.remove(change)).resolves.toEqual({ outcome: "missing" });
  });
});
