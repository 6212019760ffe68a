import { CreateTableCommand, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { CreateStreamCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Kysely } from "kysely";
import { type PlainValue, unmarshal } from "../../../runtime";
import { openDatabase } from "../../../services/orders/database";
import { migrate } from "../../../services/orders/migrator";
import { PostgresOrderStore } from "../../../services/orders/postgres-store";
import type { OrdersDatabase } from "../../../services/orders/schema";
import { MIGRATION_TIMEOUTS, TIMEOUTS } from "../../../services/orders/timeouts";
import { TRACEPARENT } from "../bench-events/orders";
import { BUS, STREAM } from "../bench-events/shop";
import { ACCOUNT, type Surroundings } from "../bench-events/surroundings";
import type { SeenEvent, ViewRow } from "./check";

const ROLE = { name: "orders_app", password: "only-for-the-soak" };
/** Name of the view's table. */
export const TABLE = "order-history";
/** Shards of the stream, each of which has a projector of its own. */
export const SHARDS = ["shardId-000000000000", "shardId-000000000001"] as const;

/** What is not killed: the database of orders; the emulator's stream, bus and the view's table. */
export class Shop {
  private constructor(
    readonly endpoint: string,
    /** By which the relays reach the database. */
    readonly databaseVariables: Readonly<Record<string, string>>,
    readonly store: PostgresOrderStore,
    readonly kinesis: KinesisClient,
    private readonly database: Kysely<OrdersDatabase>,
    private readonly dynamoDb: DynamoDBClient,
  ) {}

  static async start(surroundings: Surroundings): Promise<Shop> {
    const { port, user, password } = await surroundings.startPostgres();
    const common = { host: "127.0.0.1", port, name: user };
    const owner = openDatabase<unknown>({
      ...{ ...common, user, password: async () => password, poolSize: 2, timeouts: MIGRATION_TIMEOUTS },
    });
    await migrate({ database: owner, role: ROLE, pause: async () => undefined });
    await owner.destroy();
    const database = openDatabase<OrdersDatabase>({
      ...{ ...common, user: ROLE.name, password: async () => ROLE.password },
      ...{ poolSize: 10, timeouts: TIMEOUTS },
    });
    surroundings.onEnd(() => database.destroy());

    const endpoint = await surroundings.emulatorEndpoint();
    const credentials = {
      accessKeyId: ACCOUNT.AWS_ACCESS_KEY_ID,
      secretAccessKey: ACCOUNT.AWS_SECRET_ACCESS_KEY,
    };
    const config = { endpoint, region: ACCOUNT.AWS_REGION, credentials };
    // By HTTP/1.1, as the relay speaks to it.
    const kinesis = new KinesisClient({ ...config, requestHandler: new NodeHttpHandler() });
    const dynamoDb = new DynamoDBClient(config);
    surroundings.onEnd(() => {
      kinesis.destroy();
      dynamoDb.destroy();
    });
    await kinesis.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: SHARDS.length }));
    const events = new EventBridgeClient(config);
    await events.send(new CreateEventBusCommand({ Name: BUS }));
    events.destroy();
    await dynamoDb.send(
      new CreateTableCommand({
        ...{ TableName: TABLE, BillingMode: "PAY_PER_REQUEST" },
        AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
    const variables = {
      ...{ DATABASE_HOST: "127.0.0.1", DATABASE_PORT: String(port), DATABASE_NAME: user },
      ...{ DATABASE_USER: ROLE.name, DATABASE_PASSWORD: ROLE.password, DATABASE_TLS: "off" },
      DATABASE_AUTHENTICATION: "password",
    };
    const store = new PostgresOrderStore(database, () => TRACEPARENT);
    return new Shop(endpoint, variables, store, kinesis, database, dynamoDb);
  }

  /** Events that were committed. */
  async outbox(): Promise<SeenEvent[]> {
    const rows = await this.database
      .selectFrom("outbox")
      .select(["id", "order_id", "type", "sequence"])
      .execute();
    return rows.map(({ order_id: orderId, ...event }) => ({ ...event, orderId }));
  }

  /** Events that are committed, and not marked as published. */
  async unpublished(): Promise<number> {
    const { count } = await this.database
      .selectFrom("outbox")
      .select(({ fn }) => fn.countAll<bigint>().as("count"))
      .where("published_at", "is", null)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** All that the view has. */
  async view(): Promise<ViewRow[]> {
    const rows: ViewRow[] = [];
    for await (const { Items = [] } of paginateScan(
      { client: this.dynamoDb },
      { TableName: TABLE, ConsistentRead: true },
    )) {
      rows.push(...Items.map((item) => rowOf(unmarshal(item))));
    }
    return rows;
  }
}

function rowOf({ pk, sk, order, orderSequence }: Readonly<Record<string, PlainValue>>): ViewRow {
  const { status, version } = JSON.parse(String(order)) as {
    readonly status: string;
    readonly version: number;
  };
  return { partition: String(pk), orderId: String(sk), sequence: Number(orderSequence), status, version };
}
