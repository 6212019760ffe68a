/**
 * Programs of a local environment that outlive the command which starts them: the emulator, a cache, the supervisor of the
 * services. Each is recorded, keeps its port while that is free, is known again after any crash, and is ended with all that it
 * has started.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { CommandError } from "../../internal/cli";
import { freePort } from "../../internal/free-port";
import { readRecord, writeJson } from "../../internal/json-file";
import {
  findMarkedProcesses,
  identifyProcess,
  isRunning,
  type ProcessIdentity,
  sendSignal,
} from "../../internal/process-identity";
import { isResponsive, waitUntil } from "../../internal/wait-until";
import type { LocalDirectory } from "./directory";
import { MARKS } from "./settings";

/** One program of a directory, running or not. */
export interface ManagedProcess {
  readonly directory: LocalDirectory;
  /** Of its own in the directory, and the place of its errors: `emulator`, `cache sessions`. */
  readonly name: string;
  /** File that says what was started last. */
  readonly record: string;
  /** File of all that it prints. That of the start before is kept beside it, with `.1`. */
  readonly log: string;
  /** Seconds after which it is given up, or ended by force. */
  readonly seconds: { readonly start: number; readonly stop: number };
  /**
   * `together`: all its processes are asked to end at once. `leader`: the first one alone is, and ends the others in its own
   * way.
   */
  readonly stops: "together" | "leader";
  /** Whether it answers on its port: that very process, not another program that has the port. */
  answers(record: ManagedRecord): Promise<boolean>;
}

/** What was started last. */
export interface ManagedRecord {
  readonly process: ProcessIdentity;
  /** TCP port on 127.0.0.1. */
  readonly port: number;
  /** Names the code and the settings it was started with. */
  readonly fingerprint: string;
}

/** How a program is started. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Folder it runs in. It must be there. */
  readonly cwd: string;
  /** Its whole environment; its marks are added. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a start needs to know. */
export interface StartConfig {
  /** The program on that port. */
  program(port: number): Program;
  /**
   * Of the code and settings that are not in the program itself: when it changes, a running one is started anew. PATH, which
   * differs from one terminal to the next, is not part of it.
   */
  readonly code: readonly (string | Buffer)[];
  /** Called before each attempt. @default nothing is done */
  prepare?(): void;
}

/** A new port is tried when another program took the one that was free a moment ago. */
const START_ATTEMPTS = 3;

/** What is recorded, running or not. */
export function readManaged({ record }: Pick<ManagedProcess, "record">): ManagedRecord | undefined {
  return readRecord<ManagedRecord>(record);
}

/** The program if it runs. It may still be starting. */
export function runningManaged(managed: Pick<ManagedProcess, "record">): ManagedRecord | undefined {
  const record = readManaged(managed);
  return record && isRunning(record.process) ? record : undefined;
}

/**
 * Starts the program, unless it runs with the same code and settings and answers.
 *
 * @returns whether it was started anew
 * @throws CommandError with its last words when it ends or does not answer in time
 */
export async function startManaged(
  managed: ManagedProcess,
  config: StartConfig,
): Promise<ManagedRecord & { started: boolean }> {
  const running = runningManaged(managed);
  if (
    running &&
    running.fingerprint === fingerprintOf(config, running.port) &&
    (await isResponsive(running.process, () => managed.answers(running)))
  ) {
    return { ...running, started: false };
  }
  await stopManaged(managed);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? readManaged(managed)?.port : undefined);
    const started = await tryStart(managed, config, port);
    if (started) return { ...started, started: true };
    if (attempt === START_ATTEMPTS) {
      throw new CommandError(
        managed.name,
        `no free port was found in ${attempt} attempts`,
        `see ${managed.log}`,
      );
    }
  }
}

/**
 * Ends the program and every process it has started: it is asked to, and ended by force when it does not come to an end.
 *
 * @returns ids of the processes that were ended; none when it did not run
 * @throws CommandError naming processes that could not be ended
 */
export async function stopManaged(managed: Omit<ManagedProcess, "answers">): Promise<number[]> {
  const before = processesOf(managed);
  const leader = managed.stops === "leader" ? runningManaged(managed)?.process.pid : undefined;
  for (const pid of leader === undefined ? before : [leader]) sendSignal(pid, "SIGTERM");
  const ended = () => processesOf(managed).length === 0;
  if (await waitUntil(ended, managed.seconds.stop)) return before;
  for (const pid of processesOf(managed)) sendSignal(pid, "SIGKILL");
  if (!(await waitUntil(ended, 5))) {
    const left = processesOf(managed).join(", ");
    throw new CommandError(managed.name, `processes ${left} do not end`, "end them by hand");
  }
  return before;
}

/** Variables that mark the processes of a program, and all that these start. */
export function marksOf({
  directory,
  name,
}: Pick<ManagedProcess, "directory" | "name">): Record<string, string> {
  return { [MARKS.environment]: directory.path, [MARKS.process]: `${directory.path}:${name}` };
}

/** The last lines of a file; none when there is no such file. */
export function lastLines(path: string, count: number): string[] {
  return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n").slice(-count) : [];
}

/** @returns undefined when another program has the port */
async function tryStart(
  managed: ManagedProcess,
  config: StartConfig,
  port: number,
): Promise<ManagedRecord | undefined> {
  config.prepare?.();
  mkdirSync(dirname(managed.log), { recursive: true });
  // The log of a start that failed is kept beside the new one.
  if (existsSync(managed.log)) renameSync(managed.log, `${managed.log}.1`);
  const log = openSync(managed.log, "w");
  const { command, args, cwd, env } = config.program(port);
  const child = spawn(command, [...args], {
    cwd,
    env: { ...env, ...marksOf(managed) },
    // A session of its own: it outlives this command, and all that it starts can be found.
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let failure: string | undefined;
  child.once("error", (error) => {
    failure = error.message;
  });
  child.once("exit", (code, name) => {
    failure = `ended with ${code === null ? `signal ${name}` : `code ${code}`}`;
  });
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  const record = identity && { process: identity, port, fingerprint: fingerprintOf(config, port) };
  if (record) writeJson(managed.record, record);

  const settled = async () =>
    failure !== undefined || (record !== undefined && (await managed.answers(record)));
  if (!(await waitUntil(settled, managed.seconds.start))) {
    failure = `did not answer within ${managed.seconds.start} s`;
  }
  child.unref();
  if (failure === undefined) return record;
  const words = lastLines(managed.log, 12);
  await stopManaged(managed);
  if (words.some((line) => /address already in use/i.test(line))) return undefined;
  throw new CommandError(
    managed.name,
    `${failure}:\n  ${words.join("\n  ")}\n`,
    `the whole log is ${managed.log}`,
  );
}

/** Ids of the program's first process and of all that it has started. */
function processesOf(managed: Omit<ManagedProcess, "answers">): number[] {
  const recorded = runningManaged(managed)?.process.pid;
  const mark = marksOf(managed)[MARKS.process] as string;
  return [
    ...new Set([...findMarkedProcesses(MARKS.process, mark), ...(recorded === undefined ? [] : [recorded])]),
  ];
}

function fingerprintOf({ program, code }: StartConfig, port: number): string {
  const { command, args, cwd, env } = program(port);
  const { PATH: _, ...settings } = env;
  const hash = createHash("sha256").update(JSON.stringify([command, args, cwd, settings]));
  for (const part of code) hash.update(part);
  return hash.digest("hex");
}
