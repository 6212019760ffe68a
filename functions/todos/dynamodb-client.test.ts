import { randomBytes } from "node:crypto";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { AWS_CLIENT_LIMITS } from "../../runtime";
import { type DynamoDbStub, startDynamoDbStub, stubError } from "../../runtime/dynamodb-stub";
import { Tracing } from "../internal";
import { dynamoDbClient } from "../internal/dynamodb-client";
import { recordingObservability } from "../internal/recording-observability";
import { DynamoDbTodoStore } from "./dynamodb-store";
import { timeoutSeconds } from "./function.json";
import { todosHandler } from "./handler";

let stub: DynamoDbStub | undefined;

afterEach(async () => {
  await stub?.close();
  stub = undefined;
});

const account = { region: "eu-west-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
const event = {
  httpMethod: "GET",
  resource: "/todos",
  path: "/todos",
  headers: {},
  requestContext: { requestId: "r", authorizer: { claims: { sub: "user-1", token_use: "id" } } },
} as unknown as APIGatewayProxyEvent;

/** Calls a handler whose database is the stub, with some time left: lists to-dos, unless `request` says otherwise. */
async function call(
  endpoint: string,
  remainingMilliseconds: number,
  request: Partial<APIGatewayProxyEvent> = {},
) {
  const client = dynamoDbClient(new Tracing({ environment: {} }), { ...account, endpoint });
  const store = new DynamoDbTodoStore({ client, tableName: "todos", pause: async () => undefined });
  const { observability } = recordingObservability();
  const handler = todosHandler({
    version: "v1",
    observability,
    reader: store,
    writer: store,
    now: Date.now,
    random: randomBytes,
  });
  const startedAt = performance.now();
  const { statusCode, headers, body } = await handler({ ...event, ...request }, {
    getRemainingTimeInMillis: () => remainingMilliseconds,
  } as Context);
  return { status: statusCode, headers, body, milliseconds: performance.now() - startedAt };
}

test("control 11: a throttling database is asked 3 times, then 503 with Retry-After", async () => {
  stub = await startDynamoDbStub(() => stubError("ProvisionedThroughputExceededException"));
  const { status, headers, milliseconds } = await call(stub.endpoint, timeoutSeconds * 1000);
  expect(stub.calls).toHaveLength(3);
  expect(status).toBe(503);
  expect(headers).toMatchObject({ "Retry-After": "1" });
  expect(milliseconds).toBeLessThan(timeoutSeconds * 1000);
});

test("control 11: one throttled attempt is not seen by the client", async () => {
  stub = await startDynamoDbStub((_call, number) =>
    number === 1 ? stubError("ThrottlingException") : { status: 200, body: { Items: [] } },
  );
  expect((await call(stub.endpoint, timeoutSeconds * 1000)).status).toBe(200);
  expect(stub.calls).toHaveLength(2);
});

test("control 12: a hanging database is answered 504 before the function's timeout", async () => {
  stub = await startDynamoDbStub(() => undefined);
  const { status, milliseconds } = await call(stub.endpoint, 1000);
  expect(status).toBe(504);
  expect(milliseconds).toBeLessThan(1000);
});

test("control 12: a request that hangs is given up by the client itself", async () => {
  stub = await startDynamoDbStub((_call, number) =>
    number === 1 ? undefined : { status: 200, body: { Items: [] } },
  );
  const { status, milliseconds } = await call(stub.endpoint, timeoutSeconds * 1000);
  expect(status).toBe(200);
  expect(milliseconds).toBeGreaterThanOrEqual(AWS_CLIENT_LIMITS.requestMilliseconds - 50);
});

test("control 12: a create that hangs is given up by the client after 3 attempts: 504 within the function's timeout", async () => {
  stub = await startDynamoDbStub(() => undefined);
  const { status, body, milliseconds } = await call(stub.endpoint, timeoutSeconds * 1000, {
    httpMethod: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": "8f14e45f" },
    body: '{"title":"Buy milk"}',
  });
  expect(stub.calls.map(({ operation }) => operation)).toEqual(Array(3).fill("TransactWriteItems"));
  expect(status).toBe(504);
  expect(JSON.parse(body)).toMatchObject({
    title: "Gateway Timeout",
    detail: "The database did not answer in time. Whether a write took place is not known.",
  });
  expect(milliseconds).toBeLessThan(timeoutSeconds * 1000 - 500);
}, 15_000);

test("a list of to-dos that is full is answered 409", async () => {
  stub = await startDynamoDbStub(() => stubError("ItemCollectionSizeLimitExceededException"));
  const { status, body } = await call(stub.endpoint, timeoutSeconds * 1000, {
    httpMethod: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"title":"Buy milk"}',
  });
  expect(status).toBe(409);
  expect(JSON.parse(body).title).toBe("Conflict");
  expect(stub.calls).toHaveLength(1);
});

test("a call that is denied is this function's fault: 500", async () => {
  stub = await startDynamoDbStub(() => stubError("AccessDeniedException"));
  expect((await call(stub.endpoint, timeoutSeconds * 1000)).status).toBe(500);
});

test("each call is traced by its operation and its retries", async () => {
  const sent: string[] = [];
  stub = await startDynamoDbStub((_call, number) =>
    number === 1 ? stubError("ThrottlingException") : { status: 200, body: {} },
  );
  const tracing = new Tracing({
    environment: { AWS_XRAY_DAEMON_ADDRESS: "h:1", _X_AMZN_TRACE_ID: "Root=1-a-b;Parent=c;Sampled=1" },
    send: async (datagram) => {
      sent.push(datagram.toString());
    },
  });
  const client = dynamoDbClient(tracing, { ...account, endpoint: stub.endpoint });
  await client.send(new GetItemCommand({ TableName: "todos", Key: { owner: { S: "a" }, sk: { S: "b" } } }));
  expect(sent).toHaveLength(1);
  expect(JSON.parse(sent[0]?.split("\n")[1] ?? "")).toMatchObject({
    name: "DynamoDB",
    namespace: "aws",
    aws: { operation: "GetItem", retries: 1 },
  });
});
