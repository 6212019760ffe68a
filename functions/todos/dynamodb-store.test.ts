import { id, item, ok, signal, storesOnStubs, todo } from "./store-on-stub";

const storeOf = storesOnStubs();
const read = { consistent: false, signal };

test("a to-do becomes an item with its keys; no dueAt, no attribute", () => {
  expect(item).toEqual({
    owner: { S: "user-1" },
    sk: { S: `todo#${id}` },
    statusSk: { S: `open#${id}` },
    title: { S: "Buy milk" },
    note: { S: "fresh" },
    status: { S: "open" },
    priority: { S: "normal" },
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

  test("of a to-do that is older than priorities, the priority is normal", async () => {
    const { priority: _younger, ...old } = item;
    const { store } = await storeOf(() => ok({ Item: old }));
    await expect(store.get("user-1", id, read)).resolves.toEqual(todo);
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
