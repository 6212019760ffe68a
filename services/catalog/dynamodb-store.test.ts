import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  AWS_CLIENT_LIMITS,
  boundedClientConfig,
  dynamoDbProblem,
  marshal,
  type Product,
  type ProductInput,
  productItem,
} from "../../runtime";
import {
  type DynamoDbStub,
  type StubAnswer,
  startDynamoDbStub,
  stubError,
} from "../../runtime/dynamodb-stub";
import { DynamoDbProductStore } from "./dynamodb-store";

const { signal } = new AbortController();
const input: ProductInput = {
  name: "Blue teapot",
  description: "Holds a litre.",
  priceCents: 3900,
  currency: "EUR",
  available: 12,
  listed: true,
};
const updatedAt = "2023-06-30T03:34:18.518Z";
const product: Product = { id: "teapot", ...input, version: 1, updatedAt };
const write = { id: "teapot", input, updatedAt, signal };
const ok = (body: object): StubAnswer => ({ status: 200, body });

let stub: DynamoDbStub | undefined;
afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

async function storeOn(answer: Parameters<typeof startDynamoDbStub>[0]) {
  stub = await startDynamoDbStub(answer);
  const client = new DynamoDBClient({
    ...boundedClientConfig(),
    endpoint: stub.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const pauses: number[] = [];
  const pause = async (attempt: number) => void pauses.push(attempt);
  return {
    store: new DynamoDbProductStore({ client, tableName: "products", pause }),
    calls: stub.calls,
    pauses,
  };
}

test("reads a product, also one that is not listed", async () => {
  const { store, calls } = await storeOn(() => ok({ Item: productItem({ ...product, listed: false }) }));
  expect(await store.get("teapot", { consistent: true, signal })).toEqual({ ...product, listed: false });
  expect(calls[0]).toEqual({
    operation: "GetItem",
    body: { TableName: "products", Key: { id: { S: "teapot" } }, ConsistentRead: true },
  });
});

test("what is not there is nothing", async () => {
  const { store } = await storeOn(() => ok({}));
  expect(await store.get("teapot", { consistent: false, signal })).toBeUndefined();
});

describe("products by ids", () => {
  test("are read in one call", async () => {
    const { store, calls } = await storeOn(() => ok({ Responses: { products: [productItem(product)] } }));
    expect(await store.getMany(["teapot", "cup"], { consistent: false, signal })).toEqual([product]);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.body.RequestItems.products.Keys).toEqual([
      { id: { S: "teapot" } },
      { id: { S: "cup" } },
    ]);
  });

  test("that were left over are asked for again, after a wait", async () => {
    const cup = { ...product, id: "cup" };
    const { store, calls, pauses } = await storeOn((_call, number) =>
      number === 1
        ? ok({
            Responses: { products: [productItem(product)] },
            UnprocessedKeys: { products: { Keys: [marshal({ id: "cup" })] } },
          })
        : ok({ Responses: { products: [productItem(cup)] } }),
    );
    expect(await store.getMany(["teapot", "cup"], { consistent: false, signal })).toEqual([product, cup]);
    expect(calls[1]?.body.RequestItems.products.Keys).toEqual([{ id: { S: "cup" } }]);
    expect(pauses).toEqual([1]);
  });

  test("control 11: that are left over again and again are given up after 4 calls, as 503", async () => {
    const { store, calls } = await storeOn((call) =>
      ok({ Responses: {}, UnprocessedKeys: call.body.RequestItems }),
    );
    await expect(store.getMany(["teapot"], { consistent: false, signal })).rejects.toMatchObject({
      status: 503,
    });
    expect(calls).toHaveLength(4);
  });
});

describe("a list", () => {
  test("asks the index for one more than the limit", async () => {
    const items = ["a", "b", "c"].map((id) => productItem({ ...product, id }));
    const { store, calls } = await storeOn(() => ok({ Items: items }));
    const { items: found, more } = await store.list({ limit: 2 }, signal);
    expect(found.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(more).toBe(true);
    expect(calls[0]).toMatchObject({
      operation: "Query",
      body: { IndexName: "byListing", Limit: 3, ExpressionAttributeValues: { ":listed": { S: "listed" } } },
    });
    expect(calls[0]?.body).not.toHaveProperty("ExclusiveStartKey");
  });

  test("goes on behind a product", async () => {
    const { store, calls } = await storeOn(() => ok({ Items: [] }));
    expect(await store.list({ limit: 2, after: "b" }, signal)).toEqual({ items: [], more: false });
    expect(calls[0]?.body.ExclusiveStartKey).toEqual({ listing: { S: "listed" }, id: { S: "b" } });
  });

  test("that DynamoDB cut off has more", async () => {
    const { store } = await storeOn(() =>
      ok({ Items: [productItem(product)], LastEvaluatedKey: marshal({ id: "teapot", listing: "listed" }) }),
    );
    expect(await store.list({ limit: 2 }, signal)).toEqual({ items: [product], more: true });
  });
});

describe("adding", () => {
  test("writes version 1 where nothing is", async () => {
    const { store, calls } = await storeOn(() => ok({}));
    expect(await store.add(write)).toEqual({ outcome: "done", product });
    expect(calls[0]).toMatchObject({
      operation: "PutItem",
      body: { Item: productItem(product), ConditionExpression: "attribute_not_exists(#id)" },
    });
  });

  test("what is there is a conflict", async () => {
    const { store } = await storeOn(() =>
      stubError("ConditionalCheckFailedException", {
        Item: productItem({ ...product, version: 4, name: "Other" }),
      }),
    );
    expect(await store.add(write)).toEqual({ outcome: "conflict", version: 4 });
  });

  test("control 9: an attempt whose answer was lost is recognised, and done once", async () => {
    const { store, calls } = await storeOn((_call, number) =>
      number === 1
        ? stubError("InternalServerError", {}, 500)
        : stubError("ConditionalCheckFailedException", { Item: productItem(product) }),
    );
    expect(await store.add(write)).toEqual({ outcome: "done", product });
    expect(calls).toHaveLength(2);
  });
});

describe("replacing", () => {
  test("sets every field of the expected version, and counts it", async () => {
    const { store, calls } = await storeOn(() => ok({ Attributes: productItem({ ...product, version: 4 }) }));
    expect(await store.replace(write, [3])).toEqual({ outcome: "done", product: { ...product, version: 4 } });
    const { body } = calls[0] ?? {};
    expect(body.UpdateExpression).toBe(
      "SET #name = :name, #description = :description, #priceCents = :priceCents, #currency = :currency, " +
        "#available = :available, #updatedAt = :updatedAt, #listing = :listing, #version = #version + :one",
    );
    expect(body.ConditionExpression).toBe("attribute_exists(#id) AND #version IN (:v0)");
    expect(body.ExpressionAttributeValues).toMatchObject({ ":v0": { N: "3" }, ":priceCents": { N: "3900" } });
  });

  test("takes a product that is no longer listed out of the index", async () => {
    const { store, calls } = await storeOn(() =>
      ok({ Attributes: productItem({ ...product, listed: false }) }),
    );
    await store.replace({ ...write, input: { ...input, listed: false } }, "any");
    expect(calls[0]?.body.UpdateExpression).toMatch(/ REMOVE #listing$/);
    expect(calls[0]?.body.ConditionExpression).toBe("attribute_exists(#id)");
  });

  test("another version is a conflict, nothing is missing", async () => {
    const { store } = await storeOn((_call, number) =>
      number === 1
        ? stubError("ConditionalCheckFailedException", { Item: productItem({ ...product, version: 9 }) })
        : stubError("ConditionalCheckFailedException"),
    );
    expect(await store.replace(write, [3])).toEqual({ outcome: "conflict", version: 9 });
    expect(await store.replace(write, [3])).toEqual({ outcome: "missing" });
  });

  test("control 9: an attempt whose answer was lost is recognised; the same content at another time is not", async () => {
    let stored = { ...product, version: 4 };
    const { store } = await storeOn(() =>
      stubError("ConditionalCheckFailedException", { Item: productItem(stored) }),
    );
    expect(await store.replace(write, [3])).toEqual({ outcome: "done", product: stored });
    stored = { ...stored, updatedAt: "2023-06-30T03:34:18.519Z" };
    expect(await store.replace(write, [3])).toEqual({ outcome: "conflict", version: 4 });
  });

  test("of no version changes nothing", async () => {
    const { store, calls } = await storeOn(() =>
      stubError("ConditionalCheckFailedException", { Item: productItem(product) }),
    );
    expect(await store.replace(write, [])).toEqual({ outcome: "conflict", version: 1 });
    expect(calls[0]?.body.ExpressionAttributeValues[":v0"]).toEqual({ N: "0" });
  });
});

test("control 11: a throttling database is asked 3 times, then told as 503", async () => {
  const { store, calls } = await storeOn(() => stubError("ProvisionedThroughputExceededException"));
  const error = await store.get("teapot", { consistent: false, signal }).catch((caught: unknown) => caught);
  expect(calls).toHaveLength(AWS_CLIENT_LIMITS.attempts);
  expect(dynamoDbProblem(error)).toMatchObject({ status: 503 });
});
