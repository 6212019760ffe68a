/** The relay as it is deployed, as processes of their own, with a real database and the emulator's stream, bus and queues. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from "@aws-sdk/client-kinesis";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { sql } from "kysely";
import { buildServices } from "../../../modules/internal/service-bundle";
import { readEvent } from "../../../runtime";
import { localDirectory } from "../../../scripts/commands/local/directory";
import { startEmulator, stopEmulator } from "../../../scripts/commands/local/emulator";
import { ensureVirtualEnvironment } from "../../../scripts/commands/local/python";
import { clientEnvironment, endpointUrl } from "../../../scripts/commands/local/settings";
import { checkTools } from "../../../scripts/commands/local/tools";
import { type ServiceProcess, startServiceProcess } from "../../internal/service-process";
import { newOrder, newRequest, ROLE, TestPostgres } from "../fixture";
import { ORDER_EVENTS, type OrderEvent } from "../order-event";
import { PostgresOrderStore } from "../postgres-store";
import { readOnce, until } from "./fixture";

const ROOT = resolve(__dirname, "../../..");
const directory = localDirectory(ROOT, mkdtempSync(join(tmpdir(), "order-relay-")));
const TRACE = "1-5759e988-bd862e3fe1be46a994272793";
const TRACEPARENT = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";

jest.setTimeout(120_000);

let postgres: TestPostgres;
let bundle: string;
let port: number;
let kinesis: KinesisClient;
let eventBridge: EventBridgeClient;
let sqs: SQSClient;
/** Takes every request, and answers none. */
let silent: Server;
let silentRequests = 0;

let name: string;
let store: PostgresOrderStore;
let stream: string;
let bus: string;
let busQueue: string;
let cancellations: string;
let deadLetters: string;
const processes = new Set<ServiceProcess>();

beforeAll(async () => {
  bundle = join(buildServices(ROOT)["orders"]?.folder ?? "", "index.mjs");
  const usual = localDirectory(ROOT, join(ROOT, ".local"));
  const python = await ensureVirtualEnvironment(usual, checkTools().python, () => {});
  [postgres, { port }] = await Promise.all([TestPostgres.start(), startEmulator(directory, python)]);
  const config = {
    endpoint: endpointUrl(port),
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  // By HTTP/1.1, as the relay speaks to it.
  kinesis = new KinesisClient({ ...config, requestHandler: new NodeHttpHandler() });
  eventBridge = new EventBridgeClient(config);
  sqs = new SQSClient(config);
  silent = createServer(() => {
    silentRequests += 1;
  });
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
}, 300_000);

afterAll(async () => {
  silent.closeAllConnections();
  silent.close();
  await stopEmulator(directory);
  rmSync(directory.path, { recursive: true });
  for (const client of [kinesis, eventBridge, sqs]) client.destroy();
  await postgres.stop();
});

beforeEach(async () => {
  name = await postgres.createMigratedDatabase();
  store = new PostgresOrderStore(postgres.open(name), () => TRACEPARENT);
  [stream, bus] = [`${name}-stream`, `${name}-bus`];
  await kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }));
  await eventBridge.send(new CreateEventBusCommand({ Name: bus }));
  busQueue = await createQueue("bus");
  const pattern = JSON.stringify({ source: ["shop.orders"] });
  await eventBridge.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern: pattern }));
  const target = { Id: "queue", Arn: await arnOf(busQueue), InputPath: "$.detail" };
  await eventBridge.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: [target] }));
  deadLetters = await createQueue("dead-letters");
  cancellations = await createQueue("cancellations", {
    VisibilityTimeout: "1",
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await arnOf(deadLetters), maxReceiveCount: 2 }),
  });
});

afterEach(async () => {
  await Promise.all([...processes].map((each) => each.stop("SIGKILL")));
  processes.clear();
  await postgres.close();
});

async function createQueue(what: string, Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(
    new CreateQueueCommand({ QueueName: `${name}-${what}`, Attributes }),
  );
  return QueueUrl;
}

async function arnOf(QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  return Attributes?.["QueueArn"] ?? "";
}

async function startRelay(change: Record<string, string> = {}): Promise<ServiceProcess> {
  const { AWS_ENDPOINT_URL = "" } = clientEnvironment(directory, port);
  const started = await startServiceProcess([bundle, "relay"], ROOT, {
    ...{ AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    ...{ AWS_REGION: "eu-west-1", SERVICE_NAME: "order-relay", METRICS_NAMESPACE: "acme-test" },
    ...{ DATABASE_HOST: "127.0.0.1", DATABASE_PORT: String(postgres.server.port), DATABASE_NAME: name },
    ...{ DATABASE_USER: ROLE.name, DATABASE_PASSWORD: ROLE.password },
    ...{ DATABASE_TLS: "off", DATABASE_AUTHENTICATION: "password" },
    ...{ STREAM_NAME: stream, EVENT_BUS_NAME: bus, CANCELLATIONS_QUEUE_URL: cancellations },
    ...change,
  });
  processes.add(started);
  return started;
}

const isActive = ({ lines }: ServiceProcess) => lines.some(({ message }) => message === "relay active");

/** Ends a relay as a lost host would, and waits until the database knows of it. */
async function kill(relay: ServiceProcess): Promise<void> {
  processes.delete(relay);
  await relay.stop("SIGKILL");
}

async function place(): Promise<string> {
  const order = newOrder();
  await store.place(newRequest(), order);
  return order.id;
}

const cancel = (id: string) => store.cancel("user-1", id, "any", new Date());

async function published(): Promise<boolean> {
  return (await postgres.run(name, "SELECT FROM outbox WHERE published_at IS NULL LIMIT 1")).length === 0;
}

/** All records of the stream, in its order. Each must fit its contract. */
async function readStream(): Promise<OrderEvent[]> {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      ...{ StreamName: stream, ShardId: "shardId-000000000000", ShardIteratorType: "TRIM_HORIZON" },
    }),
  );
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data, PartitionKey }) => {
    const event = readEvent(Buffer.from(Data ?? []).toString("utf8"), ORDER_EVENTS);
    expect(PartitionKey).toBe(event.subject);
    return event;
  });
}

/** Takes out of a queue what is there, until it has given so many messages. */
async function takeFrom(QueueUrl: string, count: number): Promise<string[]> {
  const bodies: string[] = [];
  await until(async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    bodies.push(...Messages.map(({ Body = "" }) => Body));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return bodies.length >= count;
  });
  return bodies;
}

const read = (events: readonly OrderEvent[]) =>
  readOnce(events.map(({ id, subject, sequence }) => ({ id, orderId: subject, sequence })));

test("control 9: killed after the order was committed and before its event was published, it loses nothing", async () => {
  silentRequests = 0;
  const first = await startRelay({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
  });
  const id = await place();
  await cancel(id);
  // The queue is listened to as well.
  await until(() => silentRequests >= 3);
  await kill(first);
  expect(await readStream()).toEqual([]);
  await startRelay();
  await until(published);
  const events = await readStream();
  expect(events.map(({ type, sequence, traceparent }) => [type, sequence, traceparent])).toEqual([
    ["shop.order.placed.v1", 1, TRACEPARENT],
    ["shop.order.cancelled.v1", 2, TRACEPARENT],
  ]);
  // The whole event comes out of the bus, too.
  const messages = (await takeFrom(busQueue, 2)).map((body) => readEvent(body, ORDER_EVENTS));
  expect(messages).toEqual(expect.arrayContaining(events));
});

test("control 9: killed after an event was published and before it was marked, it publishes it again, with the same id", async () => {
  const id = await place();
  await cancel(id);
  const holder = await postgres.openAsOwner(name).startTransaction().execute();
  await sql`SELECT FROM outbox FOR UPDATE`.execute(holder);
  const first = await startRelay();
  await until(async () => (await readStream()).length === 1);
  const waits =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND query LIKE 'update%'";
  await wait(50);
  await kill(first);
  // The server, busy with the statement, would learn of it only when that is done.
  await postgres.run("postgres", waits, [name]);
  await holder.rollback().execute();
  expect(await published()).toBe(false);
  await startRelay();
  await until(published);
  const events = await readStream();
  expect(events.map(({ sequence }) => sequence)).toEqual([1, 1, 2]);
  expect(events[0]).toEqual(events[1]);
  expect(read(events)).toEqual(new Map([[id, [1, 2]]]));
});

test("of two, one is active; killed under load, the other goes on, and each order's events are in order", async () => {
  const relays = await Promise.all([startRelay(), startRelay()]);
  await until(() => relays.some(isActive));
  const ids: string[] = [];
  let stopping = false;
  const clients = Array.from({ length: 4 }, async () => {
    while (!stopping) {
      const id = await place();
      ids.push(id);
      if (ids.length % 2 === 0) await cancel(id);
    }
  });
  await until(() => ids.length >= 60);
  expect(relays.filter(isActive)).toHaveLength(1);
  const [active, other] = relays.sort((left, right) => Number(isActive(right)) - Number(isActive(left)));
  await kill(active as ServiceProcess);
  await until(() => isActive(other as ServiceProcess));
  const before = ids.length;
  await until(() => ids.length >= before + 20);
  stopping = true;
  await Promise.all(clients);
  await until(published);
  const rows = await postgres.run(name, "SELECT id, version FROM orders");
  const expected = new Map(rows.map(({ id, version }) => [id, version === 1 ? [1] : [1, 2]]));
  expect(read(await readStream())).toEqual(expected);
});

describe("an order that could not be fulfilled", () => {
  const failed = (orderId: string, change: object = {}) =>
    JSON.stringify({
      ...{ specversion: "1.0", id: "01900000-0000-7000-8000-000000000000", source: "fulfilment" },
      ...{ type: "shop.fulfilment.failed.v1", subject: orderId, time: "2024-06-01T00:00:00Z" },
      ...{ datacontenttype: "application/json", dataschema: "fulfilment-failed/v1", sequence: 1 },
      ...{ partitionkey: orderId, traceparent: TRACEPARENT },
      data: { principal: "user-1", orderId, reason: "outOfStock", failedAt: "2024-06-01T00:00:00Z" },
      ...change,
    });
  const send = (MessageBody: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl: cancellations, MessageBody }));
  const messagesLeft = async () => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: cancellations, AttributeNames: ["All"] }),
    );
    return (
      Number(Attributes["ApproximateNumberOfMessages"]) +
      Number(Attributes["ApproximateNumberOfMessagesNotVisible"])
    );
  };

  test("control 9: is cancelled once, however often its message comes, and others are told why", async () => {
    const id = await place();
    const relay = await startRelay();
    await send(failed(id));
    await send(failed(id));
    await until(async () => (await messagesLeft()) === 0);
    await until(published);
    const events = await readStream();
    expect(events).toMatchObject([
      { type: "shop.order.placed.v1", sequence: 1 },
      { type: "shop.order.cancelled.v1", sequence: 2, data: { reason: "fulfilmentFailed" } },
    ]);
    // It goes on with the trace of the event.
    expect(events[1]?.traceparent).toContain(TRACE.slice(2).replace("-", ""));
    const lines = relay.lines.filter(({ message }) => message === "order not fulfilled");
    expect(lines.map(({ outcome }) => outcome).sort()).toEqual(["cancelled", "unchanged"]);
    expect(lines[0]).toMatchObject({ traceId: TRACE, orderId: id, reason: "outOfStock" });
    expect(
      relay.lines.filter(({ message, traceId }) => message === "event published" && traceId === TRACE),
    ).toHaveLength(2);
  });

  test("control 7: a message that is none, or of no order, ends in the dead-letter queue, and its siblings are handled", async () => {
    const id = await place();
    await startRelay();
    const unknown = failed(newOrder().id);
    await send("not JSON: ann@example.com");
    await send(unknown);
    await send(failed(id));
    const dead = await takeFrom(deadLetters, 2);
    expect(dead.sort()).toEqual(["not JSON: ann@example.com", unknown].sort());
    expect(await store.get("user-1", id)).toMatchObject({ status: "cancelled" });
  });
});

test("control 36: SIGTERM ends it with 0; it tells its health and how far it is, and nothing of the orders' content", async () => {
  const relay = await startRelay();
  await until(async () => (await fetch(`${relay.url}/health/ready`)).ok);
  expect((await fetch(`${relay.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${relay.url}/v1/orders`)).status).toBe(404);
  await until(() => relay.lines.some((line) => "_aws" in line));
  await place();
  await until(published);
  processes.delete(relay);
  expect(await relay.stop()).toBe(0);
  const metrics = relay.lines.find((line) => "_aws" in line);
  expect(metrics).toMatchObject({
    service: "order-relay",
    OutboxDepth: 0,
    OutboxAge: 0,
    EventsPublished: 0,
  });
  const log = JSON.stringify(relay.lines);
  expect(log).toContain('"batch published"');
  for (const secret of [ROLE.password, "teapot", "Blue", "user-1"]) expect(log).not.toContain(secret);
});

test("says what is missing, and ends with 1", async () => {
  await expect(startRelay({ STREAM_NAME: "", EVENT_BUS_NAME: "" })).rejects.toThrow(/^ended with 1/);
});
