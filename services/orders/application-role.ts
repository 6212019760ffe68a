import { randomBytes } from "node:crypto";
import { type Kysely, sql, type Transaction } from "kysely";
import { scramVerifier } from "./scram";
import { ROLE_SETTINGS } from "./timeouts";

/** The role that the service uses the database as. */
export interface ApplicationRole {
  readonly name: string;
  /** @default none: the role signs in by IAM */
  readonly password?: string;
}

/** Any number that nothing else locks by. */
const ROLE_LOCK = 7_164_251_001n;
/** RDS's own role: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html */
const IAM_ROLE = "rds_iam";

/**
 * What the service does, and no more: an order's content is never changed, and no order deleted. Rights are only added here. To take
 * one away is a migration of the release after the last that needs it, or a task of the old release would be refused.
 */
const GRANTS = [
  "SELECT, INSERT, UPDATE (status, version, cancelled_at) ON orders",
  "SELECT, INSERT ON order_items",
  "SELECT, INSERT, DELETE, UPDATE (request_hash, order_id, expires_at) ON idempotency_keys",
  "SELECT, INSERT, DELETE, UPDATE (published_at) ON outbox",
];

/**
 * Makes the application's role, or brings it up to date, and grants it what the service does. Can be repeated, and run at once by
 * several.
 *
 * @throws Error when the role has no password and the database knows no sign-in by IAM
 */
export async function ensureApplicationRole(
  database: Kysely<unknown>,
  { name, password }: ApplicationRole,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(ROLE_LOCK)})`.execute(transaction);
    const role = sql.id(name);
    if (!(await hasRole(transaction, name))) await sql`CREATE ROLE ${role} LOGIN`.execute(transaction);
    await setAuthentication(transaction, name, password);
    for (const [setting, value] of Object.entries(ROLE_SETTINGS)) {
      await sql`ALTER ROLE ${role} SET ${sql.raw(setting)} = ${sql.lit(value)}`.execute(transaction);
    }
    const { rows } = await sql<{ name: string }>`SELECT current_database() AS name`.execute(transaction);
    const current = sql.id(rows[0]?.name ?? "");
    await sql`REVOKE ALL ON DATABASE ${current} FROM PUBLIC`.execute(transaction);
    await sql`GRANT CONNECT ON DATABASE ${current} TO ${role}`.execute(transaction);
    await sql`GRANT USAGE ON SCHEMA public TO ${role}`.execute(transaction);
    for (const grant of GRANTS) await sql`GRANT ${sql.raw(grant)} TO ${role}`.execute(transaction);
  });
}

async function setAuthentication(
  transaction: Transaction<unknown>,
  name: string,
  password: string | undefined,
): Promise<void> {
  const role = sql.id(name);
  const byIam = await hasRole(transaction, IAM_ROLE);
  if (password === undefined) {
    if (!byIam) {
      throw new Error(
        `environment: APPLICATION_PASSWORD must be set, as the database has no role ${IAM_ROLE} to sign in by IAM`,
      );
    }
    await sql`GRANT ${sql.id(IAM_ROLE)} TO ${role}`.execute(transaction);
    return;
  }
  const verifier = scramVerifier(password, randomBytes(16));
  await sql`ALTER ROLE ${role} PASSWORD ${sql.lit(verifier)}`.execute(transaction);
  // RDS refuses the password of a role that signs in by IAM.
  if (byIam) await sql`REVOKE ${sql.id(IAM_ROLE)} FROM ${role}`.execute(transaction);
}

async function hasRole(transaction: Transaction<unknown>, name: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM pg_roles WHERE rolname = ${name}`.execute(transaction);
  return rows.length > 0;
}
