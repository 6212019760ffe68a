/** The import with the emulator's bucket and table. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Context, SQSEvent } from "aws-lambda";
import { type Product, productItem, productOfItem } from "../../runtime";
import { startTemporaryEmulator, type TemporaryEmulator } from "../../scripts/internal/temporary-emulator";
import { recordingObservability } from "../internal/recording-observability";
import { CatalogWriter } from "./catalog-writer";
import { FileStore } from "./file-store";
import { importHandler } from "./handler";

let emulator: TemporaryEmulator;
const HEADER = "id,name,priceCents,currency,available,description,listed\n";
const PUT_AT = "2026-03-01T10:00:00.000Z";
const NOTHING_FAILED = { batchItemFailures: [] };
const context = { getRemainingTimeInMillis: () => 60_000 } as Context;

jest.setTimeout(60_000);

let s3: S3Client;
let dynamoDb: DynamoDBClient;
let bucket = "";
let tableName = "";
let number = 0;

beforeAll(async () => {
  emulator = await startTemporaryEmulator("catalog-import");
  const config = {
    endpoint: emulator.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  dynamoDb = new DynamoDBClient(config);
}, 300_000);

afterAll(async () => {
  await emulator?.stop();
  s3?.destroy();
  dynamoDb?.destroy();
});

beforeEach(async () => {
  number++;
  bucket = `import-${number}`;
  tableName = `products-${number}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
  );
  await dynamoDb.send(
    new CreateTableCommand({
      ...{ TableName: tableName, BillingMode: "PAY_PER_REQUEST" },
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
});

/** Puts a file. @returns the message that S3 sends of it */
async function put(text: string, putAt = PUT_AT, key = "incoming/spring 2026.csv"): Promise<string> {
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
  const object = {
    key: encodeURIComponent(key).replaceAll("%20", "+"),
    size: text.length,
    versionId: VersionId,
  };
  return JSON.stringify({ Records: [{ eventTime: putAt, s3: { bucket: { name: bucket }, object } }] });
}

/** Handles a message. @param client for the table, e.g. one that fails */
async function handle(body: string, client: Pick<DynamoDBClient, "send"> = dynamoDb) {
  const { observability, lines, counted } = recordingObservability();
  const handler = importHandler({
    files: new FileStore(s3),
    writer: new CatalogWriter({ client: client as DynamoDBClient, tableName, pause: async () => undefined }),
    observability,
    now: () => Date.parse("2026-03-01T10:01:00.000Z"),
  });
  const answer = await handler({ Records: [{ messageId: "m1", body }] } as SQSEvent, context);
  return { answer, lines, counted };
}

async function product(id: string): Promise<Product | undefined> {
  const { Item } = await dynamoDb.send(new GetItemCommand({ TableName: tableName, Key: { id: { S: id } } }));
  return Item && productOfItem(Item);
}

/** Texts of the results, by their names, of the newest file. */
async function results(): Promise<Readonly<Record<string, string>>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "results/" }));
  const found: Record<string, string> = {};
  for (const { Key = "" } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    found[Key.replace(/^results\/(.*\.csv)\/[^/]+\//, "$1: ")] = (await Body?.transformToString()) ?? "";
  }
  return found;
}

test("rows become products, and the results tell of each that did not", async () => {
  const message = await put(
    `${HEADER}teapot,Blue teapot,3900,EUR,12,"Holds a litre,\nor two.",\ncup,,1,EUR,1,,\n=1+1,N,1,EUR,1,,\nold,Old,100,EUR,0,,false\n`,
  );
  const { answer, lines, counted } = await handle(message);
  expect(answer).toEqual(NOTHING_FAILED);
  expect(await product("teapot")).toEqual({
    ...{ id: "teapot", name: "Blue teapot", description: "Holds a litre,\nor two.", priceCents: 3900 },
    ...{ currency: "EUR", available: 12, listed: true, version: 1, updatedAt: PUT_AT },
  });
  expect(await product("old")).toMatchObject({ listed: false });
  const { "spring 2026.csv: summary.json": summary = "", "spring 2026.csv: errors.csv": errors } =
    await results();
  expect(JSON.parse(summary)).toEqual({
    ...{ file: "incoming/spring 2026.csv", versionId: expect.any(String), outcome: "imported" },
    ...{ rows: 4, added: 2, changed: 0, unchanged: 0, failed: 2 },
    errors: expect.stringMatching(/^results\/spring 2026\.csv\/.+\/errors\.csv$/),
    errorsWritten: 2,
    ...{ putAt: PUT_AT, finishedAt: "2026-03-01T10:01:00.000Z" },
  });
  // What would be a formula in a spreadsheet is none.
  expect(errors).toBe(
    [
      "line,id,column,problem",
      '4,cup,name,"must have at least 1 character, got """""',
      `5,'=1+1,id,"must be 1 to 64 of letters, digits, "".""` +
        `, ""_"" and ""-"", the first a letter or digit, got ""=1+1"""`,
      "",
    ].join("\r\n"),
  );
  expect(lines).toEqual([
    expect.objectContaining({ message: "import", outcome: "imported", rows: 4, added: 2, failed: 2 }),
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/spring|cup|teapot/);
  expect(counted).toEqual(["FileImported"]);
  // The errors were kept on disk meanwhile.
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("catalog-import-"))).toEqual(
    expect.not.arrayContaining([expect.stringMatching(/errors/)]),
  );
});

describe("control 9: the same file twice is harmless:", () => {
  const rows = `${HEADER}a,A,1,EUR,5,,\nb,B,2,EUR,5,,\n`;

  test("a message that comes again does nothing, whatever was sold since", async () => {
    const message = await put(rows);
    await handle(message);
    const sold = { ...(await product("a")), available: 4, version: 2 } as Product;
    await dynamoDb.send(new PutItemCommand({ TableName: tableName, Item: productItem(sold) }));
    const { answer, lines } = await handle(message);
    expect(answer).toEqual(NOTHING_FAILED);
    expect(lines).toMatchObject([{ message: "import", outcome: "repeated" }]);
    expect(await product("a")).toEqual(sold);
  });

  test("put again, it changes no version of what is so already", async () => {
    await handle(await put(rows));
    const { lines } = await handle(await put(rows, "2026-03-01T11:00:00.000Z"));
    expect(lines).toMatchObject([{ added: 0, changed: 0, unchanged: 2 }]);
    expect(await product("a")).toMatchObject({ version: 1, updatedAt: PUT_AT });
  });

  test("after an import that was interrupted, what is left is done", async () => {
    const message = await put(rows);
    let writes = 0;
    const failing = {
      send: (command: object, ...rest: unknown[]) => {
        if (command instanceof PutItemCommand && ++writes === 2) throw new Error("gone");
        return dynamoDb.send(command as PutItemCommand, ...(rest as []));
      },
    } as unknown as DynamoDBClient;
    const { answer, lines, counted } = await handle(message, failing);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m1" }] });
    expect(lines).toMatchObject([{ level: "error", message: "import failed", cause: { name: "Error" } }]);
    expect(counted).toEqual(["ImportFailed"]);
    expect(await results()).toEqual({});
    const again = await handle(message);
    expect(again.answer).toEqual(NOTHING_FAILED);
    expect(again.lines).toMatchObject([{ added: 1, unchanged: 1, failed: 0 }]);
    expect(await product("b")).toMatchObject({ version: 1 });
  });
});

test("an older file that comes late changes nothing of a newer one, and says so", async () => {
  const older = await put(`${HEADER}a,Old,1,EUR,5,,\nb,B,1,EUR,5,,\n`, "2026-03-01T09:00:00.000Z");
  await handle(await put(`${HEADER}a,New,1,EUR,5,,\n`));
  await handle(older);
  expect(await product("a")).toMatchObject({ name: "New", version: 1 });
  expect(await product("b")).toMatchObject({ updatedAt: "2026-03-01T09:00:00.000Z" });
  expect((await results())["spring 2026.csv: errors.csv"]).toMatch(
    /\r\n2,a,,"?the product was changed after the file was put/,
  );
});

test("a product that others write meanwhile is read again", async () => {
  await handle(await put(`${HEADER}a,A,1,EUR,5,,\n`));
  let raced = false;
  const racing = {
    send: async (command: object, ...rest: unknown[]) => {
      if (command instanceof PutItemCommand && !raced) {
        raced = true;
        const item = productItem({ ...((await product("a")) as Product), available: 3, version: 2 });
        await dynamoDb.send(new PutItemCommand({ TableName: tableName, Item: item }));
      }
      return dynamoDb.send(command as PutItemCommand, ...(rest as []));
    },
  } as unknown as DynamoDBClient;
  const { lines } = await handle(await put(`${HEADER}a,A2,1,EUR,9,,\n`, "2026-03-02T00:00:00.000Z"), racing);
  expect(lines).toMatchObject([{ changed: 1 }]);
  expect(await product("a")).toMatchObject({ name: "A2", available: 9, version: 3 });
});

test("a file that is no catalogue is refused, and its results say why", async () => {
  const { answer, counted } = await handle(await put("id;name\na;A\n"));
  expect(answer).toEqual(NOTHING_FAILED);
  expect(counted).toEqual(["FileRefused"]);
  expect(JSON.parse((await results())["spring 2026.csv: summary.json"] ?? "")).toMatchObject({
    outcome: "refused",
    reason: expect.stringMatching(/^line 1 must name the columns/),
    rows: 0,
  });
});

test.each([
  ["no JSON", "{"],
  ["no event", "[]"],
  [
    "of an object without a version",
    JSON.stringify({ Records: [{ eventTime: PUT_AT, s3: { bucket: { name: "b" }, object: { key: "k" } } }] }),
  ],
])("a message that is %s fails", async (_name, body) => {
  const { answer, lines } = await handle(body);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m1" }] });
  expect(lines).toMatchObject([{ message: "import failed", cause: { name: "InvalidNotification" } }]);
});

test("S3's test message is no file", async () => {
  const { answer, lines } = await handle(JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent" }));
  expect([answer, lines]).toEqual([NOTHING_FAILED, []]);
});
