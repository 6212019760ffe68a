import { type Kysely, type Migration, type MigrationProvider, Migrator, sql } from "kysely";
import { type ApplicationRole, ensureApplicationRole } from "./application-role";
import { isPassing } from "./database-error";
import { migrations } from "./migrations";

/** What a migration works with. */
export interface MigrateConfig {
  /** Connected as the owner of the tables. */
  readonly database: Kysely<unknown>;
  readonly role: ApplicationRole;
  /** Waits before another attempt. @param attempt 1 for the first wait */
  readonly pause: (attempt: number) => Promise<void>;
  /** @default the service's own */
  readonly migrations?: Readonly<Record<string, Migration>>;
}

/** What was done. */
export interface MigrateResult {
  /** Names of the migrations that were run now. */
  readonly run: readonly string[];
  /** Names of migrations that only a newer release has: this one is the older in a roll-out or a rollback. */
  readonly newer: readonly string[];
}

const ATTEMPTS = 20;

/**
 * Brings the tables up to date and the application's role with them. Can be repeated, and run at once by several: one works, the
 * others wait for it. Each attempt is one transaction: all of it, or nothing.
 *
 * @throws Error of the migration that failed; when the database lacks a migration older than the newest it has
 */
export async function migrate(config: MigrateConfig): Promise<MigrateResult> {
  const { database, role, pause } = config;
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await migrateTables(database, config.migrations ?? migrations);
      await ensureApplicationRole(database, role);
      return result;
    } catch (error) {
      // A table is in use, and waiting for it would keep everybody else waiting too; or the database is just starting.
      if (!isPassing(error) || attempt === ATTEMPTS) throw error;
      await pause(attempt);
    }
  }
}

async function migrateTables(
  database: Kysely<unknown>,
  known: Readonly<Record<string, Migration>>,
): Promise<MigrateResult> {
  const provider = new ForwardMigrations(database, known);
  const { error, results = [] } = await new Migrator({ db: database, provider }).migrateToLatest();
  if (error !== undefined) throw error;
  return { run: results.map(({ migrationName }) => migrationName), newer: provider.newer };
}

/**
 * The known migrations, and those that a newer release has run: kysely takes a database that is ahead for a damaged one, and the old
 * release could neither be scaled out during a roll-out nor be gone back to.
 */
class ForwardMigrations implements MigrationProvider {
  newer: readonly string[] = [];

  constructor(
    private readonly database: Kysely<unknown>,
    private readonly known: Readonly<Record<string, Migration>>,
  ) {}

  async getMigrations(): Promise<Record<string, Migration>> {
    const last = Object.keys(this.known).sort().at(-1) ?? "";
    const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(this.database);
    this.newer = rows.map(({ name }) => name).filter((name) => name > last);
    const nothing: Migration = { up: async () => undefined };
    return { ...this.known, ...Object.fromEntries(this.newer.map((name) => [name, nothing])) };
  }
}
