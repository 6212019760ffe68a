import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsProblem, boundedClientConfig, CircuitBreaker } from "../../runtime";
import { startTemporaryValkey, type TemporaryValkey } from "../../scripts/internal/temporary-valkey";
import { type RunningService, serve, userTokens } from "../internal";
import { recordingLogger } from "../internal/recording-logger";
import { type TestAnswer, type TestRequest, testClient } from "../internal/test-client";
import { TestUserPool } from "../internal/test-user-pool";
import { Backends } from "./backends";
import { HttpCatalog } from "./catalog";
import { History } from "./history";
import { DynamoDbHistoryStore } from "./history-store";
import { HistoryTable } from "./history-table";
import { HttpOrders } from "./orders";
import { Products } from "./products";
import { storefrontRoutes } from "./routes";
import { HttpSessions } from "./sessions";
import { ValkeyCache } from "./valkey-cache";

/** A request to the service under test. */
export interface Ask extends TestRequest {
  /** Subject of the ID token. @default user-1 */
  readonly user?: string;
  /** Token of the session; undefined for none. @default that of user-1 */
  readonly session?: string | undefined;
}

const request = testClient("api/storefront/v1.yaml");

/** The storefront's routes over HTTP, with a real Valkey, a real user pool's keys, and services behind it that a test can spoil. */
export class TestStorefront {
  backends = undefined as unknown as Backends;
  cache = undefined as unknown as ValkeyCache;
  history = undefined as unknown as HistoryTable;
  /** Lines of the log. */
  lines: Record<string, unknown>[] = [];
  private service: RunningService | undefined;

  private constructor(
    readonly pool: TestUserPool,
    readonly valkey: TemporaryValkey,
  ) {}

  static async start(): Promise<TestStorefront> {
    return new TestStorefront(...(await Promise.all([TestUserPool.start(), startTemporaryValkey()])));
  }

  get url(): string {
    return `http://127.0.0.1:${this.service?.port}`;
  }

  /** Begins anew: nothing in the cache, nothing asked yet. */
  async renew({ withHistory = true } = {}): Promise<void> {
    this.backends = await Backends.start();
    this.history = await HistoryTable.start();
    const { logger, lines } = recordingLogger();
    this.lines = lines;
    const cache = new ValkeyCache({
      ...{ host: "127.0.0.1", port: this.valkey.port, tls: false, sharded: false },
      breaker: new CircuitBreaker({ failures: 5, openMilliseconds: 200, now: Date.now }),
      onFailing: () => undefined,
    });
    this.cache = cache;
    const { url } = this.backends;
    const catalog = new HttpCatalog(url);
    const orders = new HttpOrders(url);
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    const account = { region: "eu-west-1", credentials };
    const dynamoDb = new DynamoDBClient({
      ...{ ...boundedClientConfig(), ...account, endpoint: this.history.endpoint },
    });
    const store = new DynamoDbHistoryStore({ client: dynamoDb, tableName: "order-history" });
    const sessions = new HttpSessions({
      baseUrl: url,
      region: "eu-west-1",
      credentials: async () => credentials,
    });
    this.service = await serve({
      settings: { host: "127.0.0.1", port: 0, drainSeconds: 0 },
      logger,
      authenticate: userTokens(this.pool.settings),
      problemOf: awsProblem("order history", false),
      routes: storefrontRoutes({
        ...{ products: new Products({ catalog, cache }), orders, sessions, logger },
        ...(withHistory && { history: new History({ store, cache, now: Date.now }) }),
      }),
      close: async () => {
        cache.close();
        dynamoDb.destroy();
        await Promise.all([catalog.close(), orders.close(), sessions.close()]);
      },
    });
    await this.flushCache();
  }

  async close(): Promise<void> {
    this.backends.close();
    await this.service?.stop();
    await this.history.close();
  }

  async stop(): Promise<void> {
    await this.pool.close();
    await this.valkey.stop();
  }

  /** Loses everything that was kept, by a kill, and waits until the cache is in use again. */
  async flushCache(): Promise<void> {
    await this.valkey.kill();
    await this.valkey.restart();
    for (const deadline = Date.now() + 15_000; (await this.cache.get("probe")) !== "probe"; await wait(5)) {
      if (Date.now() > deadline) throw new Error("the cache did not come back within 15 s");
      await this.cache.set("probe", "probe", 60_000);
    }
  }

  ask(path: string, { user = "user-1", headers = {}, ...rest }: Ask = {}): Promise<TestAnswer> {
    const session = "session" in rest ? rest.session : "session-1";
    return request(this.url, path, {
      ...rest,
      headers: {
        authorization: `Bearer ${this.pool.token({ sub: user })}`,
        ...(session !== undefined && { "x-session-token": session }),
        ...headers,
      },
    });
  }
}
