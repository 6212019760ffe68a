/** What is compared does the same: the bare handlers write what the functions write. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { KinesisStreamEvent } from "aws-lambda";
import { CatalogWriter } from "../../../functions/catalog-import/catalog-writer";
import { importFile } from "../../../functions/catalog-import/import-file";
import { changeOf, type HistoryEvent } from "../../../functions/order-history/change";
import { DynamoDbView } from "../../../functions/order-history/view";
import { type DynamoDbStub, startDynamoDbStub } from "../../../runtime/dynamodb-stub";
import { catalogFile } from "./catalog-file";
import { newEventText } from "./orders";
import { handler as writePlain } from "./plain/import";
import { handler as read } from "./plain/parsing";
import { handler as projectPlain } from "./plain/projector";

// Some hundred requests, while all else is tested.
jest.setTimeout(60_000);

const { signal } = new AbortController();
const ACCOUNT = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
const before = { ...process.env };

let stub: DynamoDbStub;
let client: DynamoDBClient;

beforeAll(async () => {
  stub = await startDynamoDbStub(() => ({ status: 200, body: {} }));
  Object.assign(process.env, ACCOUNT, { AWS_ENDPOINT_URL_DYNAMODB: stub.endpoint });
  client = new DynamoDBClient({});
});

afterAll(async () => {
  process.env = before;
  client.destroy();
  await stub.close();
});

/** Bodies of the writes that something makes. */
async function writesOf(work: () => Promise<unknown>) {
  stub.calls.length = 0;
  await work();
  return stub.calls
    .filter(({ operation }) => ["PutItem", "UpdateItem"].includes(operation))
    .map(({ body }) => body);
}

test("the bare loop writes the items of the file's rows", async () => {
  const rows = 250;
  const items = async (work: () => Promise<unknown>) =>
    new Map((await writesOf(work)).map(({ Item: { updatedAt: _, ...item } }) => [item.id.S, item]));
  const plain = await items(() => writePlain({ rows }));
  const writer = new CatalogWriter({ client, tableName: "products", pause: async () => undefined });
  const imported = await items(async () => {
    const { counts } = await importFile(bytes(rows), {
      ...{ writer, signal, putAt: "2026-01-01T00:00:00.000Z" },
      report: async ({ problem }) => {
        throw new Error(problem);
      },
    });
    expect(counts.added).toBe(rows);
  });
  expect(plain.size).toBe(rows);
  expect(plain).toEqual(imported);
});

test("the bare handler writes the row of an event", async () => {
  const { text, orderId } = newEventText();
  const data = Buffer.from(text).toString("base64");
  const event = { Records: [{ kinesis: { data, partitionKey: orderId } }] } as unknown as KinesisStreamEvent;
  const view = new DynamoDbView({ client, tableName: "history" });
  const [plain] = await writesOf(() => projectPlain(event));
  const [projected] = await writesOf(() => view.apply(1, changeOf(JSON.parse(text) as HistoryEvent), signal));
  const { ConditionExpression: _, ...row } = projected;
  expect(plain).toEqual(row);
});

test.each(["csv", "records", "checked"] as const)("reads each row of the file: %s", async (how) => {
  expect(await read({ rows: 250, how })).toBe(250);
});

async function* bytes(rows: number): AsyncGenerator<Uint8Array> {
  yield* catalogFile(rows);
}
