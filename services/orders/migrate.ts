import { setTimeout as wait } from "node:timers/promises";
import { describeError, readEnvironment } from "../../runtime";
import { createLogger } from "../internal";
import { openDatabase } from "./database";
import { migrate } from "./migrator";
import { readApplicationRole, readDatabase } from "./settings";
import { MIGRATION_TIMEOUTS } from "./timeouts";

/**
 * Brings the database up to date, once; then the process ends.
 *
 * @param source usually `process.env`
 * @throws Error naming what is missing there; of the migration that failed
 */
export async function migrateOrders(source: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { SERVICE_NAME: service } = readEnvironment({ required: ["SERVICE_NAME"], optional: [] }, source);
  const logger = createLogger({ service, level: "INFO" });
  const role = readApplicationRole(source);
  const database = openDatabase<unknown>({
    ...readDatabase({ ...source, DATABASE_POOL_SIZE: "2" }, MIGRATION_TIMEOUTS),
    onIdleError: (error) => logger.warn("connection lost", { cause: describeError(error) }),
  });
  try {
    // At random, so that tasks that were started together do not try together.
    const pause = (attempt: number) => wait(Math.random() * Math.min(500 * 2 ** attempt, 5000));
    const { run, newer } = await migrate({ database, role, pause });
    logger.info("migrated", { run, ...(newer.length > 0 && { newer }) });
  } finally {
    await database.destroy();
  }
}
