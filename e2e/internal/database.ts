import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Client, type QueryResultRow } from "pg";
import { type PostgresServer, runningPostgres } from "../../scripts/internal/postgres-server";
import { environmentDirectory } from "./directory";

/** The PostgreSQL server that stands for the orders' RDS instance. @throws Error when it does not run */
export function ordersServer(): PostgresServer {
  const { databases } = environmentDirectory();
  const folders = existsSync(databases) ? readdirSync(databases) : [];
  const servers = folders
    .filter((name) => /-orders-[0-9a-z]{8}$/.test(name))
    .flatMap((name) => runningPostgres(join(databases, name)) ?? []);
  const [server] = servers;
  if (!server || servers.length > 1) throw new Error(`one PostgreSQL must run, found ${servers.length}`);
  return server;
}

/** Asks the orders' database as its superuser, past the service. */
export async function queryOrders<Row extends QueryResultRow>(
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const { port, user, password } = ordersServer();
  const client = new Client({ host: "127.0.0.1", port, user, password, database: "orders" });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
