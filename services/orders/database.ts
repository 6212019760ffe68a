import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import { DatabaseError, Pool, type PoolClient, type PoolConfig, TypeOverrides, types } from "pg";
import { DatabaseUnavailable, leavesConnectionUnusable } from "./database-error";

/** Where the database is, and how it is spoken to. */
export interface DatabaseConfig {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  /** Gives the password of a new connection: asked each time, as one by IAM is good for 15 minutes. */
  readonly password: () => Promise<string>;
  /** What TLS trusts and demands. @default no TLS */
  readonly tls?: NonNullable<PoolConfig["ssl"]>;
  /** Most connections. */
  readonly poolSize: number;
  readonly timeouts: DatabaseTimeouts;
  /** Called with the error that ended a connection which nobody was using. @default nothing */
  readonly onIdleError?: (error: Error) => void;
}

/** Milliseconds. */
export interface DatabaseTimeouts {
  /** For a connection of the pool, a new one included. */
  readonly connection: number;
  /** For one statement, at the server. */
  readonly statement: number;
  /** For the answer to one statement, when the server says nothing. */
  readonly answer: number;
  /** That a transaction may be open without a statement. */
  readonly idleInTransaction: number;
  /** For a lock, within a statement. @default as long as for the statement */
  readonly lock?: number;
}

/** A connection is replaced after so long, so that one follows the database to where its name leads now. */
const MOST_LIFETIME_SECONDS = 15 * 60;
const IDLE_MILLISECONDS = 60_000;

/** Opens the database: connections are made when they are needed. `destroy()` waits for those in use. */
export function openDatabase<Tables>(config: DatabaseConfig): Kysely<Tables> {
  const { timeouts } = config;
  const typeOverrides = new TypeOverrides();
  // bigint: pg would give text.
  typeOverrides.setTypeParser(types.builtins.INT8, BigInt);
  const pool = new Pool({
    ...{ host: config.host, port: config.port, database: config.name, user: config.user },
    password: config.password,
    ...(config.tls !== undefined && { ssl: config.tls }),
    max: config.poolSize,
    connectionTimeoutMillis: timeouts.connection,
    idleTimeoutMillis: IDLE_MILLISECONDS,
    maxLifetimeSeconds: MOST_LIFETIME_SECONDS,
    keepAlive: true,
    statement_timeout: timeouts.statement,
    query_timeout: timeouts.answer,
    idle_in_transaction_session_timeout: timeouts.idleInTransaction,
    ...(timeouts.lock !== undefined && { lock_timeout: timeouts.lock }),
    application_name: "orders",
    types: typeOverrides,
  });
  // Without a listener it would end the process.
  pool.on("error", (error) => config.onIdleError?.(error));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new CheckedPool(pool) }) });
}

/**
 * A pool that tells a database which is away from one that refuses a statement, and never lends out a connection again on which an
 * answer is missing: pg's own would, and the next statement would wait behind the lost one.
 */
class CheckedPool implements PostgresPool {
  constructor(private readonly pool: Pool) {}

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw new DatabaseUnavailable(error);
    });
    // kysely's type has cursors too, which it uses for streams alone.
    return checkedClient(client) as unknown as PostgresPoolClient;
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}

function checkedClient(client: PoolClient) {
  let unusable: unknown;
  // An error between two statements; the next one is told.
  const onError = (error: Error) => {
    unusable ??= error;
  };
  client.on("error", onError);
  return {
    async query(statement: string, parameters: readonly unknown[]) {
      if (unusable !== undefined) throw new DatabaseUnavailable(unusable);
      try {
        return await client.query(statement, [...parameters]);
      } catch (error) {
        if (leavesConnectionUnusable(error)) unusable = error;
        throw error instanceof DatabaseError ? error : new DatabaseUnavailable(error);
      }
    },
    release(destroy = false) {
      client.off("error", onError);
      client.release(destroy || unusable !== undefined);
    },
  };
}
