/** The writer against a database that refuses for a while. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  type DynamoDbStub,
  type StubAnswer,
  type StubCall,
  startDynamoDbStub,
  stubError,
} from "../../runtime/dynamodb-stub";
import { CatalogWriter } from "./catalog-writer";
import type { ProductRow } from "./product-row";

const PUT_AT = "2026-03-01T10:00:00.000Z";
const OK: StubAnswer = { status: 200, body: {} };
const never = new AbortController().signal;

let stub: DynamoDbStub;
let client: DynamoDBClient;

afterEach(async () => {
  client.destroy();
  await stub.close();
});

async function start(answer: (call: StubCall, number: number) => StubAnswer) {
  stub = await startDynamoDbStub(answer);
  client = new DynamoDBClient({
    ...{ endpoint: stub.endpoint, region: "eu-west-1", maxAttempts: 1 },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
}

/** @param pause of the writer. @default none */
function writer(pause: (attempt: number, signal: AbortSignal) => Promise<void> = async () => undefined) {
  return new CatalogWriter({ client, tableName: "products", pause });
}

function rows(count: number): ProductRow[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ line: index + 2, id: `p-${index}` },
    input: {
      ...{ name: "N", description: "", priceCents: 1, currency: "EUR", available: 1, listed: true },
    },
  }));
}

const puts = () => stub.calls.filter(({ operation }) => operation === "PutItem");

test.each<[string, StubAnswer]>([
  ["is throttled", stubError("ThrottlingException")],
  ["has no capacity left", stubError("ProvisionedThroughputExceededException")],
  ["fails", stubError("InternalServerError", {}, 500)],
  ["is away", stubError("ServiceUnavailable", {}, 503)],
  ["has the item in a transaction", stubError("TransactionConflictException")],
])(
  "control 11: while the table %s, rows are tried again, after ever longer pauses",
  async (_name, refusal) => {
    const refused = new Map<string, number>();
    await start(({ operation, body }) => {
      const key = operation === "PutItem" ? body.Item.id.S : operation;
      const count = (refused.get(key) ?? 0) + 1;
      refused.set(key, count);
      return count <= 3 ? refusal : OK;
    });
    const pauses: number[] = [];
    const outcomes = await writer(async (attempt) => void pauses.push(attempt)).write(rows(2), PUT_AT, never);
    expect(outcomes).toEqual(["added", "added"]);
    expect([...refused.values()]).toEqual([4, 4, 4]);
    expect(pauses.toSorted()).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
  },
);

test("a write whose answer was lost is known to be its own", async () => {
  let written: object | undefined;
  await start(({ operation, body }) => {
    if (operation !== "PutItem") return OK;
    if (written) return stubError("ConditionalCheckFailedException", { Item: written });
    written = body.Item;
    return stubError("InternalServerError", {}, 500);
  });
  expect(await writer().write(rows(1), PUT_AT, never)).toEqual(["added"]);
});

test("the deadline ends it, and nothing is begun after that", async () => {
  await start(({ operation }) => (operation === "PutItem" ? stubError("ThrottlingException") : OK));
  const sent = jest.spyOn(client, "send");
  const deadline = new AbortController();
  const pause = async () => {
    if (sent.mock.calls.length >= 100) deadline.abort(new Error("the time is up"));
  };
  await expect(writer(pause).write(rows(100), PUT_AT, deadline.signal)).rejects.toThrow("the time is up");
  const { length } = sent.mock.calls;
  await new Promise(setImmediate);
  expect(sent).toHaveBeenCalledTimes(length);
});

test("what trying again does not help against ends it at once, and no further row is begun", async () => {
  await start(({ operation }) => (operation === "PutItem" ? stubError("AccessDeniedException") : OK));
  await expect(writer().write(rows(100), PUT_AT, never)).rejects.toThrow("AccessDeniedException");
  expect(puts()).toHaveLength(32);
});
