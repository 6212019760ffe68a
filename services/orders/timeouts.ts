/** Milliseconds that the service waits for the database. A request has 10 s: one that waits for all of these is answered by then. */
export const TIMEOUTS = {
  /** For a connection of the pool, a new one included. */
  connection: 2000,
  /** For one statement at the server, waiting for a lock included. */
  statement: 2500,
  /** For the answer to one statement: longer than the server's own, which then tells more. */
  answer: 3000,
  /** That a transaction may be open without a statement: as long as its process lives, it is never that long. */
  idleInTransaction: 5000,
} as const;

/** The same, as settings of the application's role: they hold whatever connects as that role. */
export const ROLE_SETTINGS: Readonly<Record<string, string>> = {
  statement_timeout: String(TIMEOUTS.statement),
  idle_in_transaction_session_timeout: String(TIMEOUTS.idleInTransaction),
};

/** Milliseconds that a migration waits. */
export const MIGRATION_TIMEOUTS = {
  connection: 10_000,
  /** For one statement: an index of a large table takes its time. */
  statement: 15 * 60_000,
  answer: 16 * 60_000,
  idleInTransaction: 60_000,
  /** For a lock on a table that the service uses: requests queue up behind one who waits, so it is soon given up and tried again. */
  lock: 3000,
} as const;
