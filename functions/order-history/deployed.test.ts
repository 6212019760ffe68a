import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";
import { buildFunctions } from "../../modules/internal/function-bundle";
import { type DynamoDbStub, startDynamoDbStub } from "../../runtime/dynamodb-stub";
import { eventsOf, ORDERS } from "./fixture";

// The very bytes that are deployed, in a process of their own.

const CALLER = `
const { handler } = require("./index.js");
handler(JSON.parse(process.argv[2]), { getRemainingTimeInMillis: () => 9000 }).then((result) => {
  process.stdout.write("\\nRESULT " + JSON.stringify(result) + "\\n", () => process.exit(0));
});`;
const REBUILD = "arn:aws:sqs:eu-west-1:111111111111:order-history-rebuild";
const STREAM = "arn:aws:kinesis:eu-west-1:111111111111:stream/order-events";
const VARIABLES = {
  HISTORY_TABLE: "history",
  REBUILD_QUEUE_ARN: REBUILD,
  FAILURES_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111111111111/order-history-failed",
};

const SEND = "AmazonSQS.SendMessage";

let folder: string;
let stub: DynamoDbStub;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "deployed-order-history-"));
  const { zipPath } = buildFunctions(resolve(__dirname, "..", ".."))["order-history"] ?? {};
  for (const [name, code] of Object.entries(unzipSync(readFileSync(zipPath as string)))) {
    writeFileSync(join(folder, name), code);
  }
  writeFileSync(join(folder, "caller.js"), CALLER);
  const generations = { Item: { serving: { N: "1" }, building: { N: "2" } } };
  stub = await startDynamoDbStub(({ operation, body }) => {
    if (operation === "GetItem") return { status: 200, body: generations };
    if (operation !== SEND) return { status: 200, body: {} };
    // The client compares what it sent.
    const MD5OfMessageBody = createHash("md5").update(String(body["MessageBody"])).digest("hex");
    return { status: 200, body: { MD5OfMessageBody } };
  });
});

afterAll(async () => {
  await stub.close();
  rmSync(folder, { recursive: true });
});

/** Calls the function once. */
async function call(event: object, variables: Record<string, string> = VARIABLES) {
  stub.calls.length = 0;
  const child = spawn(process.execPath, ["caller.js", JSON.stringify(event)], {
    cwd: folder,
    env: {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_DYNAMODB: stub.endpoint,
      ...variables,
    },
  });
  let out = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  await once(child, "close");
  const lines = out.split("\n").filter((line) => line.startsWith("{"));
  const result = JSON.parse(/^RESULT (.*)$/m.exec(out)?.[1] ?? "null");
  return { complaint, result, lines: lines.map((line) => JSON.parse(line)) };
}

const written = () =>
  stub.calls.filter(({ operation }) => operation === "UpdateItem").map(({ body }) => body.Key.pk.S);

const { placed, shipped } = eventsOf(ORDERS[0]);
const message = (messageId: string, body: string, eventSourceARN: string) => ({
  ...{ messageId, body, eventSourceARN, attributes: { ApproximateReceiveCount: "1" } },
});

test("projects records of the stream onto both generations, and tells how far readers are behind", async () => {
  const kinesis = {
    ...{ sequenceNumber: "1", partitionKey: ORDERS[0] },
    data: Buffer.from(JSON.stringify(placed)).toString("base64"),
  };
  const { result, lines } = await call({ Records: [{ kinesis, eventSourceARN: STREAM }] });
  expect(result).toEqual({ batchItemFailures: [] });
  expect(written()).toEqual(["1#user-1", "2#user-1"]);
  const trace = { eventId: placed.id, traceId: `1-${"a".repeat(8)}-${"a".repeat(24)}` };
  expect(lines).toContainEqual(
    expect.objectContaining({
      ...{ message: "event", service: "order-history", outcome: "handled", ...trace },
      orderId: ORDERS[0],
    }),
  );
  expect(lines.filter(({ replayed }) => replayed !== undefined)).toEqual([]);
  expect(lines).toContainEqual(
    expect.objectContaining({ HistoryApplied: 1, HistoryLag: expect.any(Number) }),
  );
});

test("control 8: a record that is no event is kept in the queue for failures, and what is behind it is projected", async () => {
  const record = (sequenceNumber: string, text: string) => ({
    ...{ eventID: `shardId-000000000000:${sequenceNumber}`, eventSourceARN: STREAM },
    kinesis: { sequenceNumber, partitionKey: ORDERS[0], data: Buffer.from(text).toString("base64") },
  });
  const queueUrl = `${stub.endpoint}/order-history-failed`;
  const { result } = await call(
    { Records: [record("1", "poison"), record("2", JSON.stringify(placed))] },
    { ...VARIABLES, FAILURES_QUEUE_URL: queueUrl },
  );
  expect(result).toEqual({ batchItemFailures: [] });
  expect(written()).toEqual(["1#user-1", "2#user-1"]);
  const sent = stub.calls.filter(({ operation }) => operation === SEND).map(({ body }) => body);
  expect(sent.map(({ QueueUrl }) => QueueUrl)).toEqual([queueUrl]);
  expect(JSON.parse(sent[0]?.["MessageBody"])).toEqual({
    ...{ streamArn: STREAM, eventId: "shardId-000000000000:1", partitionKey: ORDERS[0] },
    ...{ reason: "the event must be JSON", data: Buffer.from("poison").toString("base64") },
  });
});

test("control 7: a poison message of a queue fails alone; what is replayed goes to the generation that is built", async () => {
  const { result, complaint, lines } = await call({
    Records: [message("poison", '{"type":"?"}', REBUILD), message("good", JSON.stringify(shipped), REBUILD)],
  });
  expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: "poison" }] });
  expect(written()).toEqual(["2#user-1"]);
  expect(lines.find(({ message }) => message === "event")).toMatchObject({
    outcome: "handled",
    replayed: true,
  });
  const [line = "{}"] = complaint.split("\n").filter((text) => text.startsWith("{"));
  expect(JSON.parse(line)).toMatchObject({ outcome: "refused", messageId: "poison" });
});

test("control 28: nothing of what a user ordered is logged", async () => {
  const unknown = JSON.stringify({ ...placed, sequence: "Teapot" });
  const { lines, complaint } = await call({
    Records: [message("good", JSON.stringify(placed), REBUILD), message("poison", unknown, REBUILD)],
  });
  expect(lines.length).toBeGreaterThan(0);
  expect(complaint).toContain("/sequence must be");
  for (const text of ["Teapot", "teapot", "3900"]) {
    expect(`${JSON.stringify(lines)}${complaint}`).not.toContain(text);
  }
});

test("names a variable that is missing", async () => {
  const { complaint } = await call({ Records: [] }, { HISTORY_TABLE: "history" });
  expect(complaint).toContain(
    "Error: environment: REBUILD_QUEUE_ARN, FAILURES_QUEUE_URL must be set, got nothing",
  );
});
