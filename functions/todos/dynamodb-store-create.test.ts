import { stubError } from "../../runtime/dynamodb-stub";
import { id, item, ok, signal, storesOnStubs, todo } from "./store-on-stub";

const storeOf = storesOnStubs();

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
