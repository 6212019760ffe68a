import { DatabaseError } from "pg";
import { Problem } from "../../runtime";

/** The database could not be reached, or did not answer: what became of a statement that was under way is not known. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
  /** Code of the system or of PostgreSQL, if there was one. */
  readonly code: string | undefined;

  constructor(cause: unknown) {
    super("the database is away", { cause });
    const { code } = Object(cause) as { code?: unknown };
    this.code = typeof code === "string" ? code : undefined;
  }
}

/**
 * SQLSTATEs that say nothing of the statement: trying again later helps.
 *
 * https://www.postgresql.org/docs/16/errcodes-appendix.html
 */
const TEMPORARY = [
  /^08/, // connection exception
  /^25006$/, // read-only transaction: a writer that has become a reader
  /^25P03$/, // idle_in_transaction_session_timeout
  /^40/, // serialization failure, deadlock
  /^53/, // out of memory, disk or connections
  /^55P03$/, // lock not available in time
  /^57014$/, // statement_timeout
  /^57P0[1-5]$/, // shut down, crashed, starting up, idle session
];

/** What an error of the database means to the API's client. @returns nothing for what is this service's own fault */
export function databaseProblem(error: unknown): Problem | undefined {
  if (error instanceof DatabaseUnavailable) return new Problem(503, "The database is away. Try again.");
  if (!(error instanceof DatabaseError)) return undefined;
  const { code = "" } = error;
  return TEMPORARY.some((pattern) => pattern.test(code))
    ? new Problem(503, "The database is busy. Try again.")
    : undefined;
}

/** Whether a connection must not be used again: it is broken, an answer is missing on it, or it leads to a reader. */
export function leavesConnectionUnusable(error: unknown): boolean {
  return !(error instanceof DatabaseError) || /^(?:08|57P|25006|25P03)/.test(error.code ?? "");
}

/** Whether what failed may go well later, unchanged: a refused sign-in, or a database that does not exist, will not. */
export function isPassing(error: unknown): boolean {
  return (
    databaseProblem(error) !== undefined && !/^(?:28|3D|42)/.test((error as { code?: string }).code ?? "")
  );
}
