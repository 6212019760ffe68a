/** The relay as it is deployed, as processes of their own, with a real database and the emulator's stream, bus and queues. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { buildServices } from "../../../modules/internal/service-bundle";
import { readEvent } from "../../../runtime";
import { recordingLogger } from "../../internal/recording-logger";
import { type ServiceProcess, startServiceProcess } from "../../internal/service-process";
import { DatabaseUnavailable } from "../database-error";
import { newOrder, newRequest, ROLE, TestPostgres } from "../fixture";
import { ORDER_EVENTS, type OrderEvent } from "../order-event";
import { PostgresOrderStore } from "../postgres-store";
import { Cancellations } from "./cancellations";
import { EmulatedAws } from "./emulated-aws/fixture";
import { readOnce, until } from "./fixture";

const ROOT = resolve(__dirname, "../../..");
const TRACE = "1-5759e988-bd862e3fe1be46a994272793";
const TRACEPARENT = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";

jest.setTimeout(120_000);

let postgres: TestPostgres;
let aws: EmulatedAws;
let bundle: string;
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
  [postgres, aws] = await Promise.all([TestPostgres.start(), EmulatedAws.start()]);
  silent = createServer(() => {
    silentRequests += 1;
  });
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
}, 300_000);

afterAll(async () => {
  silent.closeAllConnections();
  silent.close();
  await aws.stop();
  await postgres.stop();
});

beforeEach(async () => {
  name = await postgres.createMigratedDatabase();
  store = new PostgresOrderStore(postgres.open(name), () => TRACEPARENT);
  [stream, bus] = [`${name}-stream`, `${name}-bus`];
  await aws.createStream(stream);
  busQueue = await aws.createBus(bus);
  deadLetters = await aws.createQueue(`${name}-dead-letters`);
  cancellations = await createCancellations("cancellations", 30);
});

afterEach(async () => {
  await Promise.all([...processes].map((each) => each.stop("SIGKILL")));
  processes.clear();
  await postgres.close();
});

/** A queue that gives a message twice, the second time after so many seconds. */
async function createCancellations(what: string, visibilitySeconds: number): Promise<string> {
  const deadLetterTargetArn = await aws.arnOf(deadLetters);
  return aws.createQueue(`${name}-${what}`, {
    VisibilityTimeout: String(visibilitySeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
  });
}

async function startRelay(change: Record<string, string> = {}): Promise<ServiceProcess> {
  const started = await startServiceProcess([bundle, "relay"], ROOT, {
    ...aws.environment,
    ...{ SERVICE_NAME: "order-relay", METRICS_NAMESPACE: "acme-test" },
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

const readStream = () => aws.readStream(stream);

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
  const messages = (await aws.takeFrom(busQueue, 2)).map((body) => readEvent(body, ORDER_EVENTS));
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
  const send = (body: string) => aws.send(cancellations, body);

  test("control 9: is cancelled once, however often its message comes, and others are told why", async () => {
    const id = await place();
    const relay = await startRelay();
    await send(failed(id));
    await send(failed(id));
    await until(async () => (await aws.messagesIn(cancellations)) === 0);
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
    cancellations = await createCancellations("impatient", 1);
    const id = await place();
    await startRelay();
    const unknown = failed(newOrder().id);
    await send("not JSON: ann@example.com");
    await send(unknown);
    await send(failed(id));
    const dead = await aws.takeFrom(deadLetters, 2);
    expect(dead.sort()).toEqual(["not JSON: ann@example.com", unknown].sort());
    expect(await store.get("user-1", id)).toMatchObject({ status: "cancelled" });
  });

  test("is cancelled when the database is back: until then its message stays, and is not taken", async () => {
    cancellations = await createCancellations("impatient", 1);
    let attempts = 0;
    let checks = 0;
    const { logger, lines } = recordingLogger();
    const consumer = new Cancellations({
      ...{ client: aws.sqs, queueUrl: cancellations, logger, atOnce: 2, waitSeconds: 0 },
      orders: {
        cancelUnfulfilled: async () => {
          attempts += 1;
          if (attempts === 1) throw new DatabaseUnavailable(new Error("connect ECONNREFUSED"));
          return "cancelled";
        },
      },
      // Away once more often than a message may be taken in vain.
      checkDatabase: async () => {
        checks += 1;
        if (checks > 1 && checks < 8) throw new DatabaseUnavailable(new Error("connect ECONNREFUSED"));
      },
      random: () => 0.1,
    });
    await send(failed(newOrder().id));
    consumer.start();
    await until(async () => (await aws.messagesIn(cancellations)) === 0);
    await consumer.stop();
    expect(attempts).toBe(2);
    expect(checks).toBe(8);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ["WARN", "message not handled"],
      ...Array(6).fill(["WARN", "queue left alone: no database"]),
      ["INFO", "order not fulfilled"],
    ]);
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
