import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { buildServices } from "../../modules/internal/service-bundle";
import { TestUserPool } from "../internal/test-user-pool";
import { OWNER, ROLE, TestPostgres } from "./fixture";

/** The bundle that is deployed, as a process of its own, against a real database. */

/** Rounds of a kill at a random moment; more by hand: ORDERS_KILL_ROUNDS=200 npx jest services/orders/process */
const ROUNDS = Number(process.env["ORDERS_KILL_ROUNDS"] ?? 15);

jest.setTimeout(60_000 + ROUNDS * 15_000);

let postgres: TestPostgres;
let pool: TestUserPool;
let catalog: Server;
let bundle: string;
let environment: Record<string, string>;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  const artifact = buildServices(join(__dirname, "..", ".."))["orders"];
  bundle = join(artifact?.folder ?? "", "index.mjs");
  [postgres, pool] = await Promise.all([TestPostgres.start(), TestUserPool.start()]);
  const product = { id: "cup", name: "Cup", priceCents: 650, currency: "EUR", available: 100, listed: true };
  catalog = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ items: [product] }));
  });
  await new Promise<void>((resolve) => catalog.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  catalog.closeAllConnections();
  catalog.close();
  await pool.close();
  await postgres.stop();
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await postgres.close();
});

function newEnvironment(name: string): void {
  environment = {
    ...pool.environment,
    PORT: "0",
    HOST: "127.0.0.1",
    SERVICE_NAME: "orders",
    AWS_REGION: "eu-west-1",
    LOG_LEVEL: "INFO",
    CATALOG_URL: `http://127.0.0.1:${(catalog.address() as AddressInfo).port}`,
    DATABASE_HOST: "127.0.0.1",
    DATABASE_PORT: String(postgres.server.port),
    DATABASE_NAME: name,
    DATABASE_USER: ROLE.name,
    DATABASE_PASSWORD: ROLE.password,
    DATABASE_TLS: "off",
    DATABASE_AUTHENTICATION: "password",
    DATABASE_POOL_SIZE: "5",
  };
}

interface Started {
  readonly child: ChildProcess;
  /** Whole lines that it has written. */
  readonly lines: () => string[];
  /** Exit code or signal. */
  readonly end: Promise<number | string>;
}

function start(args: readonly string[] = [], change: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [bundle, ...args], {
    env: { ...environment, ...change },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
  }
  const end = once(child, "close").then(([code, signal]) => {
    children.delete(child);
    return (code ?? signal) as number | string;
  });
  return { child, lines: () => text.split("\n").slice(0, -1), end };
}

/** Where the service that was started last is. */
let url: string;

async function untilReady({ child, lines }: Started): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await wait(5)) {
    const listening = lines().find((line) => line.includes('"listening"'));
    if (listening !== undefined) url = `http://127.0.0.1:${JSON.parse(listening).port}`;
    if (listening !== undefined && (await fetch(`${url}/health/ready`)).ok) return;
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`not ready:\n${lines().join("\n")}`);
  }
}

async function place(key: string, token: string): Promise<{ status: number; id: string }> {
  const response = await fetch(`${url}/v1/orders`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": key,
    },
    body: JSON.stringify({ items: [{ productId: "cup", quantity: 2 }] }),
  });
  const body = (await response.json()) as { id: string };
  return { status: response.status, id: body.id };
}

async function counts(name: string): Promise<Record<string, unknown>> {
  const [row] = await postgres.run(
    name,
    `SELECT (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM order_items) AS items,
            (SELECT count(*)::int FROM idempotency_keys) AS keys`,
  );
  return row ?? {};
}

/** Waits until an order's transaction is open. @returns false when the order was over before that was seen */
async function inTransaction(name: string, order: Promise<unknown>): Promise<boolean> {
  let over = false;
  void order.then(() => {
    over = true;
  });
  while (!over) {
    const open = await postgres.run(
      "postgres",
      `SELECT FROM pg_stat_activity WHERE datname = $1 AND usename = $2 AND xact_start IS NOT NULL
       AND query NOT LIKE 'select%'`,
      [name, ROLE.name],
    );
    if (open.length > 0) return true;
  }
  return false;
}

test("the command migrate makes the tables as the owner, ends with 0, and can be run by several at once", async () => {
  const name = await postgres.createDatabase();
  newEnvironment(name);
  const asOwner = {
    DATABASE_USER: OWNER.name,
    DATABASE_PASSWORD: OWNER.password,
    APPLICATION_USER: ROLE.name,
    APPLICATION_PASSWORD: ROLE.password,
  };
  const runs = [1, 2, 3].map(() => start(["migrate"], asOwner));
  expect(await Promise.all(runs.map(({ end }) => end))).toEqual([0, 0, 0]);
  const logged = runs.flatMap(({ lines }) => lines().map((line) => JSON.parse(line)));
  expect(logged.map(({ level, message }) => [level, message])).toEqual(Array(3).fill(["INFO", "migrated"]));
  expect(logged.flatMap(({ run }) => run)).toEqual(["0001-orders", "0002-idempotency-keys", "0003-outbox"]);
  expect(logged.flatMap((line) => JSON.stringify(line)).join()).not.toContain(OWNER.password);
  const service = start();
  await untilReady(service);
  expect((await place(randomUUID(), pool.token())).status).toBe(201);
});

test("the command migrate says what is wrong, and ends with 1", async () => {
  newEnvironment("absent");
  const missing = start(["migrate"]);
  expect(await missing.end).toBe(1);
  expect(JSON.parse(missing.lines()[0] ?? "")).toMatchObject({
    level: "ERROR",
    message: "not started",
    reason: "Error: environment: APPLICATION_USER must be set, got nothing",
  });
  const refused = start(["migrate"], {
    APPLICATION_USER: "x",
    APPLICATION_PASSWORD: "y",
    DATABASE_USER: OWNER.name,
    DATABASE_PASSWORD: OWNER.password,
  });
  expect(await refused.end).toBe(1);
  expect(JSON.parse(refused.lines()[0] ?? "").cause.code).toBe("3D000");
});

test.each([
  [
    "another command",
    ["serve"],
    {},
    "Error: the command must be migrate, relay, or none to serve, got serve",
  ],
  [
    "a variable that is missing",
    [],
    { CATALOG_URL: "" },
    "Error: environment: CATALOG_URL must be set, got nothing",
  ],
  [
    "an address that is none",
    [],
    { CATALOG_URL: "catalog" },
    "Error: environment: CATALOG_URL must be a URL of http or https, got catalog",
  ],
])("%s ends the process, named in one line", async (_what, args, change, reason) => {
  newEnvironment("any");
  const { end, lines } = start(args, change);
  expect(await end).toBe(1);
  expect(lines()).toHaveLength(1);
  expect(JSON.parse(lines()[0] ?? "")).toMatchObject({ level: "ERROR", message: "not started", reason });
});

test("control 9: a process that is killed at any moment of an order leaves it whole or not at all, and the same key gives one", async () => {
  const name = await postgres.createMigratedDatabase();
  newEnvironment(name);
  // So that kills fall within the transaction as well as around it: after the order, after the items, and at the commit.
  await postgres.run(
    name,
    `CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.03); RETURN NULL; END $$;
     CREATE TRIGGER after_order AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION dawdle();
     CREATE TRIGGER after_item AFTER INSERT ON order_items FOR EACH ROW EXECUTE FUNCTION dawdle();
     CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION dawdle();`,
  );
  const token = pool.token();
  const calm = start();
  await untilReady(calm);
  const startedAt = performance.now();
  await place(randomUUID(), token);
  const milliseconds = performance.now() - startedAt;
  calm.child.kill("SIGKILL");
  const before = (await counts(name))["orders"] as number;

  const seen = new Map<string, number>();
  let withinTransaction = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const key = randomUUID();
    const first = start();
    await untilReady(first);
    const lost = place(key, token).then(
      ({ id }) => id,
      () => undefined,
    );
    // By turns at any moment from before the order to after it, and at any moment of its transaction.
    if (round % 2 === 0) await wait(Math.random() * 2 * milliseconds);
    else if (await inTransaction(name, lost)) {
      withinTransaction += 1;
      await wait(Math.random() * 100);
    }
    first.child.kill("SIGKILL");
    const answered = await lost;
    await first.end;
    // What the killed process had under way at the database comes to its end there.
    await wait(120);
    const after = await counts(name);
    expect([after["items"], after["keys"]]).toEqual([after["orders"], after["orders"]]);
    // An order that the client was told of is there.
    if (answered !== undefined) expect(after["orders"]).toBe(before + round + 1);

    const second = start();
    await untilReady(second);
    const answers = await Promise.all([place(key, token), place(key, token), place(key, token)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    for (const { id } of answers) seen.set(id, round);
    if (answered !== undefined) expect(seen.has(answered)).toBe(true);
    const all = before + round + 1;
    expect(await counts(name)).toEqual({ orders: all, items: all, keys: all });
    second.child.kill("SIGKILL");
    await second.end;
  }
  expect(seen.size).toBe(ROUNDS);
  expect(withinTransaction).toBeGreaterThan(0);
});

test("control 36: SIGTERM under load ends the process with 0 and without a failed request", async () => {
  const name = await postgres.createMigratedDatabase();
  newEnvironment(name);
  const service = start([], { DRAIN_SECONDS: "1" });
  await untilReady(service);
  const token = pool.token();
  let stopping = false;
  const statuses: number[] = [];
  // A load balancer sends nothing to a target that is not ready.
  const clients = Array.from({ length: 8 }, async () => {
    while (!stopping) statuses.push((await place(randomUUID(), token)).status);
  });
  while (statuses.length < 40) await wait(5);
  service.child.kill("SIGTERM");
  for (;;) {
    const { status } = await fetch(`${url}/health/ready`);
    if (status === 503) break;
    await wait(5);
  }
  await wait(300);
  stopping = true;
  await Promise.all(clients);
  expect(await service.end).toBe(0);
  // Some came after the signal.
  expect(statuses.length).toBeGreaterThan(40);
  expect(statuses.filter((status) => status !== 201)).toEqual([]);
  expect((await counts(name))["orders"]).toBe(statuses.length);
  expect(JSON.parse(service.lines().at(-1) ?? "")).toMatchObject({ level: "INFO", message: "stopped" });
});

test("a service whose connections are all in use is ready: stopping it would leave the others more to do", async () => {
  const name = await postgres.createMigratedDatabase();
  newEnvironment(name);
  const service = start([], { DATABASE_POOL_SIZE: "1" });
  await untilReady(service);
  const holder = postgres.openAsOwner(name);
  const transaction = await holder.startTransaction().execute();
  await sql`LOCK TABLE orders`.execute(transaction);
  const waiting: Promise<Response>[] = [];
  // Beyond what the outcome of the last check is remembered for.
  for (const end = Date.now() + 2500; Date.now() < end; await wait(50)) {
    waiting.push(fetch(`${url}/v1/orders`, { headers: { authorization: `Bearer ${pool.token()}` } }));
  }
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  await transaction.rollback().execute();
  // Some had waited for too long by then.
  expect((await Promise.all(waiting)).map(({ status }) => status)).toContain(503);
});

test("control 28: neither token, nor key, nor what was ordered is in the log", async () => {
  const name = await postgres.createMigratedDatabase();
  newEnvironment(name);
  const service = start([], { LOG_LEVEL: "DEBUG", DRAIN_SECONDS: "0" });
  await untilReady(service);
  const token = pool.token();
  const key = randomUUID();
  await place(key, token);
  await fetch(`${url}/v1/orders?limit=secret-words`, { headers: { authorization: `Bearer ${token}` } });
  service.child.kill("SIGTERM");
  await service.end;
  const log = service.lines().join("\n");
  expect(log).toContain('"route":"POST /v1/orders"');
  for (const secret of [token.slice(-20), key, "ann@example.com", "secret-words", ROLE.password, "cup"]) {
    expect(log).not.toContain(secret);
  }
});
