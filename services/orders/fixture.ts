import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { Client } from "pg";
import { newUuidV7 } from "../../runtime";
import {
  type PostgresServer,
  startPostgres,
  startTemporaryPostgres,
  stopPostgres,
} from "../../scripts/internal/postgres-server";
import { type RunningService, serve, userTokens } from "../internal";
import { recordingLogger } from "../internal/recording-logger";
import { type TestAnswer, type TestRequest, testClient } from "../internal/test-client";
import { TestUserPool } from "../internal/test-user-pool";
import { catalogProblem, HttpCatalog } from "./catalog";
import { CatalogStub } from "./catalog-stub";
import { type DatabaseConfig, openDatabase } from "./database";
import { databaseProblem } from "./database-error";
import { migrate } from "./migrator";
import type { Order } from "./order";
import { PostgresOrderStore } from "./postgres-store";
import { ordersRoutes } from "./routes";
import type { OrdersDatabase } from "./schema";
import type { IdempotentRequest } from "./store";
import { MIGRATION_TIMEOUTS, TIMEOUTS } from "./timeouts";

/** The role that the service uses a test's database as. */
export const ROLE = { name: "orders_app", password: "only-for-tests" };

/** The role that owns a test's database, with what the master user of RDS may do that matters: it is no superuser. */
export const OWNER = { name: "master", password: "only-for-tests-too" };

/** A real PostgreSQL for one test file, with as many databases as it asks for. */
export class TestPostgres {
  private opened: { destroy(): Promise<void> }[] = [];

  private frozen: number[] = [];

  private constructor(
    readonly server: PostgresServer,
    private readonly folder: string,
    private readonly remove: () => Promise<void>,
  ) {}

  /** @param settings of postgresql.conf. @default a server with 100 connections */
  static async start(settings?: Readonly<Record<string, string>>): Promise<TestPostgres> {
    const { stop, folder, ...server } = await startTemporaryPostgres(settings);
    const postgres = new TestPostgres(server, folder, stop);
    await postgres.run(
      "postgres",
      `CREATE ROLE ${OWNER.name} LOGIN CREATEROLE CREATEDB PASSWORD '${OWNER.password}'`,
    );
    return postgres;
  }

  /** Closes what was opened. */
  async close(): Promise<void> {
    const { opened } = this;
    this.opened = [];
    await Promise.all(opened.map((database) => database.destroy()));
  }

  async stop(): Promise<void> {
    await this.close();
    await this.remove();
  }

  /** Ends the server; its data stays. */
  async stopServer(): Promise<void> {
    await stopPostgres(this.folder);
  }

  /** Starts it again, at its port. */
  async startServer(): Promise<void> {
    await startPostgres(this.folder, { port: this.server.port });
  }

  /** Halts the server and what serves a database, as if the network were cut: connections stay, nothing answers. */
  async freeze(name: string): Promise<void> {
    const rows = await this.run("postgres", "SELECT pid FROM pg_stat_activity WHERE datname = $1", [name]);
    this.frozen = [this.server.process.pid, ...rows.map(({ pid }) => pid as number)];
    for (const pid of this.frozen) process.kill(pid, "SIGSTOP");
  }

  /** Lets them go on. */
  thaw(): void {
    for (const pid of this.frozen) {
      try {
        process.kill(pid, "SIGCONT");
      } catch {
        // It has ended.
      }
    }
    this.frozen = [];
  }

  /** Makes an empty database. @returns its name */
  async createDatabase(): Promise<string> {
    const name = `test_${randomBytes(6).toString("hex")}`;
    await this.run("postgres", `CREATE DATABASE ${name} OWNER ${OWNER.name}`);
    return name;
  }

  /** Makes a database with all tables. @returns its name */
  async createMigratedDatabase(): Promise<string> {
    const name = await this.createDatabase();
    await migrate({ database: this.openAsOwner(name), role: ROLE, pause: async () => undefined });
    return name;
  }

  /** Opens a database as the service does. */
  open(name: string, change: Partial<DatabaseConfig> = {}): Kysely<OrdersDatabase> {
    const database = openDatabase<OrdersDatabase>({ ...this.configOf(name), ...change });
    this.opened.push(database);
    return database;
  }

  /** Opens a database as the migration does. */
  openAsOwner(name: string, change: Partial<DatabaseConfig> = {}): Kysely<unknown> {
    const database = openDatabase<unknown>({
      ...{ ...this.configOf(name), user: OWNER.name, password: async () => OWNER.password, poolSize: 2 },
      timeouts: MIGRATION_TIMEOUTS,
      ...change,
    });
    this.opened.push(database);
    return database;
  }

  configOf(name: string): DatabaseConfig {
    return {
      ...{ host: "127.0.0.1", port: this.server.port, name, user: ROLE.name },
      password: async () => ROLE.password,
      poolSize: 10,
      timeouts: TIMEOUTS,
    };
  }

  /** What the server has logged. */
  logLines(): string[] {
    return readFileSync(join(this.folder, "postgres.log"), "utf8").split("\n");
  }

  /** Runs one statement as the superuser. @returns the rows */
  async run(database: string, statement: string, parameters: unknown[] = []): Promise<Row[]> {
    const { port, user, password } = this.server;
    const client = new Client({ host: "127.0.0.1", port, user, password, database });
    await client.connect();
    try {
      return (await client.query(statement, parameters)).rows;
    } finally {
      await client.end();
    }
  }
}

type Row = Readonly<Record<string, unknown>>;

/** A valid order, placed now. */
export function newOrder(change: Partial<Order> = {}): Order {
  const placedAt = new Date();
  return {
    id: newUuidV7(placedAt.getTime(), randomBytes(10)),
    status: "placed",
    items: [
      { productId: "teapot-blue", name: "Blue teapot", quantity: 1, unitPriceCents: 3900n },
      { productId: "cup-white", name: "White cup", quantity: 4, unitPriceCents: 650n },
    ],
    currency: "EUR",
    totalCents: 6500n,
    version: 1,
    placedAt,
    ...change,
  };
}

/** A request with a key that nobody has used. */
export function newRequest(change: Partial<IdempotentRequest> = {}): IdempotentRequest {
  const now = new Date();
  return {
    principal: "user-1",
    keyHash: randomBytes(32),
    requestHash: Buffer.alloc(32, 1),
    now,
    expiresAt: new Date(now.getTime() + 24 * 60 * 60 * 1000),
    ...change,
  };
}

/** A request to a service under test. */
export interface Ask extends TestRequest {
  /** Subject of the ID token. @default user-1 */
  readonly user?: string;
}

const request = testClient("api/orders/v1.yaml");

/** Two items of the catalog's two products. */
export const INPUT = {
  items: [
    { productId: "teapot", quantity: 1 },
    { productId: "cup", quantity: 4 },
  ],
};

/** The service's routes over HTTP, with a real database, a real user pool's keys, and a catalog that a test can spoil. */
export class TestOrders {
  private url = "";
  /** Name of the present database. */
  name = "";
  private service: RunningService | undefined;
  private lines: readonly Readonly<Record<string, unknown>>[] = [];

  private constructor(
    readonly postgres: TestPostgres,
    readonly pool: TestUserPool,
    readonly catalog: CatalogStub,
  ) {}

  static async start(): Promise<TestOrders> {
    return new TestOrders(
      ...(await Promise.all([TestPostgres.start(), TestUserPool.start(), CatalogStub.start()])),
    );
  }

  /** Begins anew: an empty database, a catalog with two products, nothing asked yet. */
  async renew(): Promise<void> {
    this.name = await this.postgres.createMigratedDatabase();
    this.catalog.reset();
    await this.restart();
  }

  /** Starts the service again on the same data, as a new process would be. */
  async restart(): Promise<void> {
    await this.service?.stop();
    const database = this.postgres.open(this.name);
    const catalog = new HttpCatalog(this.catalog.url);
    const { logger, lines } = recordingLogger();
    this.lines = lines;
    this.service = await serve({
      settings: { host: "127.0.0.1", port: 0, drainSeconds: 0 },
      logger,
      authenticate: userTokens(this.pool.settings),
      problemOf: (error) => databaseProblem(error) ?? catalogProblem(error),
      routes: ordersRoutes({
        store: new PostgresOrderStore(database),
        ...{ catalog, now: Date.now, random: randomBytes },
      }),
      startChecks: { database: async () => void (await sql`SELECT 1`.execute(database)) },
      cacheMilliseconds: 0,
      close: () => catalog.close(),
    });
    this.url = `http://127.0.0.1:${this.service.port}`;
  }

  /** Ends the service and closes its database. */
  async close(): Promise<void> {
    await this.service?.stop();
    this.service = undefined;
    await this.postgres.close();
  }

  async stop(): Promise<void> {
    this.catalog.close();
    await this.pool.close();
    await this.postgres.stop();
  }

  ask(path: string, { user = "user-1", headers = {}, ...rest }: Ask = {}): Promise<TestAnswer> {
    const authorization = `Bearer ${this.pool.token({ sub: user })}`;
    return request(this.url, path, { ...rest, headers: { authorization, ...headers } });
  }

  place(change: Ask = {}, key: string = randomUUID()): Promise<TestAnswer> {
    const headers = { "idempotency-key": key, ...change.headers };
    return this.ask("/v1/orders", { method: "POST", json: INPUT, ...change, headers });
  }

  /** Lines of the log of requests, since the last start. */
  requestLines() {
    return this.lines.filter(({ message }) => message === "request");
  }

  /** Rows of a table. */
  async count(table: string): Promise<unknown> {
    const [row] = await this.postgres.run(this.name, `SELECT count(*)::int AS count FROM ${table}`);
    return row?.["count"];
  }
}
