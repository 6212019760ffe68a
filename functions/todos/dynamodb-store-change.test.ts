import { marshal } from "../../runtime";
import { stubError } from "../../runtime/dynamodb-stub";
import { itemOf } from "./item";
import { id, input, item, ok, signal, storesOnStubs, todo } from "./store-on-stub";

const storeOf = storesOnStubs();

describe("update", () => {
  const change = { owner: "user-1", id, expected: [1], signal };
  const updatedAt = "2023-11-15T00:00:00.000Z";
  const after = { ...todo, version: 2, updatedAt };
  const afterItem = marshal({ ...itemOf("user-1", after) });

  test("sets the fields that are given and raises the version, only from the expected one", async () => {
    const { store, calls } = await storeOf(() => ok({ Attributes: afterItem }));
    await expect(store.update(change, input, updatedAt)).resolves.toEqual({
      outcome: "done",
      value: after,
    });
    expect(calls[0]?.operation).toBe("UpdateItem");
    expect(calls[0]?.body).toMatchObject({
      Key: { owner: { S: "user-1" }, sk: { S: `todo#${id}` } },
      UpdateExpression:
        "SET #title = :title, #note = :note, #status = :status, #priority = :priority, #attachments = :attachments, " +
        "#statusSk = :statusSk, #updatedAt = :updatedAt, #version = #version + :one REMOVE #dueAt",
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
    await store.update(change, input, updatedAt);
    await store.update({ ...change, expected: "any" }, { ...input, dueAt: updatedAt }, updatedAt);
    await store.update(change, { title: "b" }, updatedAt);
    await store.update(change, {}, updatedAt);
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

  test("what is not given stays: neither set nor removed", async () => {
    const { store, calls } = await storeOf(() => ok({ Attributes: afterItem }));
    await store.update(change, { note: "" }, updatedAt);
    expect(calls[0]?.body.UpdateExpression).toBe(
      "SET #note = :note, #updatedAt = :updatedAt, #version = #version + :one",
    );
  });

  test("a due date is set", async () => {
    const { store, calls } = await storeOf(() => ok({ Attributes: afterItem }));
    await store.update(change, { ...input, dueAt: updatedAt }, updatedAt);
    expect(calls[0]?.body.UpdateExpression).toContain("#dueAt = :dueAt");
    expect(calls[0]?.body.UpdateExpression).not.toContain("REMOVE");
  });

  test("control 10: another version is a conflict, told from the refused write itself", async () => {
    const current = marshal({ ...itemOf("user-1", { ...todo, version: 7 }) });
    const { store, calls } = await storeOf(() =>
      stubError("ConditionalCheckFailedException", { Item: current }),
    );
    await expect(store.update(change, input, updatedAt)).resolves.toEqual({
      outcome: "conflict",
      version: 7,
    });
    expect(calls).toHaveLength(1);
  });

  test("what is not there is missing", async () => {
    const { store } = await storeOf(() => stubError("ConditionalCheckFailedException"));
    await expect(store.update(change, input, updatedAt)).resolves.toEqual({ outcome: "missing" });
  });

  test("a change whose answer was lost is recognised when the client repeats it", async () => {
    const { store } = await storeOf((_call, number) =>
      number === 1
        ? stubError("InternalServerError", {}, 500)
        : stubError("ConditionalCheckFailedException", { Item: afterItem }),
    );
    await expect(store.update(change, input, updatedAt)).resolves.toEqual({
      outcome: "done",
      value: after,
    });
  });

  test("what another client made of it at the same time is no answer that was lost", async () => {
    const other = marshal({ ...itemOf("user-1", { ...after, attachments: ["b.jpg"] }) });
    const { store } = await storeOf(() => stubError("ConditionalCheckFailedException", { Item: other }));
    await expect(store.update(change, { attachments: ["a.jpg"] }, updatedAt)).resolves.toEqual({
      outcome: "conflict",
      version: 2,
    });
  });

  test("no expected version at all matches nothing", async () => {
    const current = marshal({ ...itemOf("user-1", todo) });
    const { store, calls } = await storeOf(() =>
      stubError("ConditionalCheckFailedException", { Item: current }),
    );
    await store.update({ ...change, expected: [] }, input, updatedAt);
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

  test.each<[string, readonly number[] | "any"]>([
    ["of any version", "any"],
    ["of one version", [1]],
  ])(
    "a deletion %s whose answer was lost is recognised when the client repeats it",
    async (_case, expected) => {
      const { store, calls } = await storeOf((_call, number) =>
        number === 1
          ? stubError("InternalServerError", {}, 500)
          : stubError("ConditionalCheckFailedException"),
      );
      await expect(store.remove({ owner: "user-1", id, expected, signal })).resolves.toEqual({
        outcome: "done",
        value: undefined,
      });
      expect(calls).toHaveLength(2);
    },
  );

  test("a repeated deletion that finds another version is a conflict", async () => {
    const { store } = await storeOf((_call, number) =>
      number === 1
        ? stubError("InternalServerError", {}, 500)
        : stubError("ConditionalCheckFailedException", { Item: item }),
    );
    await expect(store.remove({ owner: "user-1", id, expected: [9], signal })).resolves.toEqual({
      outcome: "conflict",
      version: 1,
    });
  });
});
