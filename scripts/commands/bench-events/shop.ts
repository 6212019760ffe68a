import { join } from "node:path";
import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { type Kysely, sql } from "kysely";
import { buildServices } from "../../../modules/internal/service-bundle";
import { type ServiceProcess, startServiceProcess } from "../../../services/internal/service-process";
import { openDatabase } from "../../../services/orders/database";
import { migrate } from "../../../services/orders/migrator";
import { PostgresOrderStore } from "../../../services/orders/postgres-store";
import type { OrdersDatabase } from "../../../services/orders/schema";
import { MIGRATION_TIMEOUTS, TIMEOUTS } from "../../../services/orders/timeouts";
import { waitUntil } from "../../internal/wait-until";
import { newOrder, newRequest, TRACEPARENT } from "./orders";
import { Streams } from "./streams";
import { ACCOUNT, type Surroundings } from "./surroundings";

const ROLE = { name: "orders_app", password: "only-for-the-benchmark" };
/** Where the relay publishes. */
export const STREAM = "order-events";
export const BUS = "shop";

/** The orders with a real database, and their relay as it is deployed, in a process of its own; the emulator's stream and bus. */
export class Shop {
  private constructor(
    readonly endpoint: string,
    readonly streams: Streams,
    readonly relay: ServiceProcess,
    private readonly database: Kysely<OrdersDatabase>,
    private readonly store: PostgresOrderStore,
  ) {}

  static async start(surroundings: Surroundings): Promise<Shop> {
    const postgres = await surroundings.startPostgres();
    const { port, user, password } = postgres;
    const common = { host: "127.0.0.1", port, name: user };
    const owner = openDatabase<unknown>({
      ...{ ...common, user, password: async () => password, poolSize: 2, timeouts: MIGRATION_TIMEOUTS },
    });
    await migrate({ database: owner, role: ROLE, pause: async () => undefined });
    await owner.destroy();
    const database = openDatabase<OrdersDatabase>({
      ...{
        ...common,
        user: ROLE.name,
        password: async () => ROLE.password,
        poolSize: 10,
        timeouts: TIMEOUTS,
      },
    });
    surroundings.onEnd(() => database.destroy());

    const endpoint = await surroundings.emulatorEndpoint();
    const streams = new Streams(endpoint);
    surroundings.onEnd(() => streams.close());
    await streams.create(STREAM);
    await createBus(endpoint);

    const artifact = buildServices(surroundings.root)["orders"];
    if (!artifact) throw new Error("services/orders is missing");
    const relay = await startServiceProcess(
      [join(artifact.folder, "index.mjs"), "relay"],
      surroundings.root,
      {
        ...ACCOUNT,
        ...{ AWS_ENDPOINT_URL: endpoint, NODE_ENV: "production" },
        ...{
          SERVICE_NAME: "order-relay",
          METRICS_NAMESPACE: "bench",
          STREAM_NAME: STREAM,
          EVENT_BUS_NAME: BUS,
        },
        ...{ DATABASE_HOST: "127.0.0.1", DATABASE_PORT: String(port), DATABASE_NAME: user },
        ...{ DATABASE_USER: ROLE.name, DATABASE_PASSWORD: ROLE.password, DATABASE_TLS: "off" },
        DATABASE_AUTHENTICATION: "password",
      },
    );
    surroundings.onEnd(() => relay.stop("SIGKILL"));
    const isActive = () => relay.lines.some(({ message }) => message === "relay active");
    if (!(await waitUntil(isActive, 20))) throw new Error("the relay did not become active within 20 s");
    return new Shop(endpoint, streams, relay, database, new PostgresOrderStore(database, () => TRACEPARENT));
  }

  /** Places an order: it is committed once this is over. @returns its id */
  async place(): Promise<string> {
    const order = newOrder();
    await this.store.place(newRequest(), order);
    return order.id;
  }

  /** Has all events published once more. @returns how many they are */
  async publishAgain(): Promise<number> {
    const { numAffectedRows } = await sql`UPDATE outbox SET published_at = NULL`.execute(this.database);
    return Number(numAffectedRows ?? 0n);
  }
}

async function createBus(endpoint: string): Promise<void> {
  const credentials = {
    accessKeyId: ACCOUNT.AWS_ACCESS_KEY_ID,
    secretAccessKey: ACCOUNT.AWS_SECRET_ACCESS_KEY,
  };
  const client = new EventBridgeClient({ endpoint, region: ACCOUNT.AWS_REGION, credentials });
  await client.send(new CreateEventBusCommand({ Name: BUS }));
  client.destroy();
}
