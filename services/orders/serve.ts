import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { describeError, readEnvironment } from "../../runtime";
import {
  createLogger,
  type RunningService,
  readSettings,
  readUrl,
  readUserPool,
  startService,
  userTokens,
} from "../internal";
import { catalogProblem, HttpCatalog } from "./catalog";
import { openDatabase } from "./database";
import { databaseProblem } from "./database-error";
import { removeExpiredKeys } from "./key-sweep";
import { oldEvents, removeOldEvents } from "./outbox";
import { PostgresOrderStore } from "./postgres-store";
import { ordersRoutes } from "./routes";
import type { OrdersDatabase } from "./schema";
import { gracefulStopSeconds } from "./service.json";
import { readDatabase, readEventRetention } from "./settings";
import { Sweep } from "./sweep";
import { TIMEOUTS } from "./timeouts";

/**
 * Serves the API until the process is told to stop.
 *
 * @param source usually `process.env`
 * @throws Error naming what is missing there, or the value that is none
 */
export async function serveOrders(
  source: Readonly<Record<string, string | undefined>>,
): Promise<RunningService> {
  const settings = readSettings(source);
  const { CATALOG_URL: catalogUrl } = readEnvironment({ required: ["CATALOG_URL"], optional: [] }, source);
  const logger = createLogger({ service: settings.name, level: settings.logLevel });
  const database = openDatabase<OrdersDatabase>({
    ...readDatabase(source, TIMEOUTS),
    onIdleError: (error) => logger.warn("connection lost", { cause: describeError(error) }),
  });
  const catalog = new HttpCatalog(readUrl("CATALOG_URL", catalogUrl));
  const retention = readEventRetention(source);
  const sweeps = [
    new Sweep({
      remove: (limit) => removeExpiredKeys(database, new Date(), limit),
      onSwept: (keys) => logger.info("expired keys removed", { keys }),
      onError: (error) => logger.warn("expired keys not removed", { cause: describeError(error) }),
    }),
    new Sweep({
      remove: (limit) => removeOldEvents(database, oldEvents(retention, Date.now()), limit),
      onSwept: (events) => logger.info("old events removed", { events }),
      onError: (error) => logger.warn("old events not removed", { cause: describeError(error) }),
    }),
  ];
  for (const sweep of sweeps) sweep.start();
  return startService({
    settings,
    logger,
    gracefulStopSeconds,
    authenticate: userTokens(readUserPool(source)),
    problemOf: (error) => databaseProblem(error) ?? catalogProblem(error),
    routes: ordersRoutes({
      store: new PostgresOrderStore(database),
      catalog,
      now: Date.now,
      random: randomBytes,
    }),
    startChecks: {
      database: async () => {
        await sql`SELECT 1`.execute(database);
      },
    },
    close: async () => {
      await Promise.all(sweeps.map((sweep) => sweep.stop()));
      await Promise.all([catalog.close(), database.destroy()]);
    },
  });
}
