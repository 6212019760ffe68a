import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "../../internal/cli";
import { freePort } from "../../internal/free-port";
import { readJson, writeJson } from "../../internal/json-file";
import {
  findMarkedProcesses,
  identifyProcess,
  isRunning,
  type ProcessIdentity,
  sendSignal,
} from "../../internal/process-identity";
import type { LocalDirectory } from "./directory";
import { EMULATOR_SECONDS, emulatorEnvironment, endpointUrl, MARKS } from "./settings";

/** The emulator that was started last for a directory. */
export interface EmulatorRecord {
  readonly process: ProcessIdentity;
  /** TCP port on 127.0.0.1. */
  readonly port: number;
  /** Names the code and the settings it was started with. */
  readonly fingerprint: string;
}

/** A new port is tried when another program took the one that was free a moment ago. */
const START_ATTEMPTS = 3;
const LAUNCHER_FOLDER = join(__dirname, "emulator");
const LAUNCHER = join(LAUNCHER_FOLDER, "launch.py");

/** What is recorded of the directory's emulator, running or not. */
export function readEmulator(directory: LocalDirectory): EmulatorRecord | undefined {
  return readJson<EmulatorRecord>(directory.emulatorRecord);
}

/** The directory's emulator if it runs. It may still be starting. */
export function runningEmulator(directory: LocalDirectory): EmulatorRecord | undefined {
  const record = readEmulator(directory);
  return record && isRunning(record.process) ? record : undefined;
}

/**
 * Starts the emulator, unless it runs with the same code and settings and answers. It keeps its port for as long as that is
 * free, and its data always.
 *
 * @param python Python of the virtual environment
 * @returns whether it was started anew
 * @throws CommandError with the emulator's last words when it ends or does not answer in time
 */
export async function startEmulator(
  directory: LocalDirectory,
  python: string,
): Promise<EmulatorRecord & { started: boolean }> {
  const running = runningEmulator(directory);
  if (
    running &&
    running.fingerprint === fingerprint(directory, python, running.port) &&
    (await answers(running))
  ) {
    return { ...running, started: false };
  }
  await stopEmulator(directory);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? readEmulator(directory)?.port : undefined);
    const started = await tryStart(directory, python, port);
    if (started) return { ...started, started: true };
    if (attempt === START_ATTEMPTS) {
      throw new CommandError(
        "emulator",
        `no free port was found in ${attempt} attempts`,
        `see ${directory.emulatorLog}`,
      );
    }
  }
}

/**
 * Ends the emulator and every process it has started. It is asked to save its data first, and ended by force when it does not
 * come to an end.
 *
 * @returns ids of the processes that were ended; none when it did not run
 * @throws CommandError naming processes that could not be ended
 */
export async function stopEmulator(directory: LocalDirectory): Promise<number[]> {
  const before = ownProcesses(directory);
  for (const pid of before) sendSignal(pid, "SIGTERM");
  const ended = () => ownProcesses(directory).length === 0;
  if (await waitUntil(ended, EMULATOR_SECONDS.stop)) return before;
  for (const pid of ownProcesses(directory)) sendSignal(pid, "SIGKILL");
  if (!(await waitUntil(ended, 5))) {
    const left = ownProcesses(directory).join(", ");
    throw new CommandError("emulator", `processes ${left} do not end`, "end them by hand");
  }
  return before;
}

/**
 * Writes the emulator's data to its folder, so that a crash later loses nothing of it.
 *
 * @throws CommandError naming each service that could not be saved, or when the emulator does not run or does not answer in time
 */
export async function saveEmulator(directory: LocalDirectory, record: EmulatorRecord): Promise<void> {
  const mend = `see ${directory.emulatorLog}`;
  const report = join(directory.data, "saved");
  rmSync(report, { force: true });
  // The signal would end any other program that has got the id since.
  if (isRunning(record.process)) sendSignal(record.process.pid, "SIGUSR1");
  const outcome = () => existsSync(report) || !isRunning(record.process);
  if (!(await waitUntil(outcome, EMULATOR_SECONDS.save))) {
    throw new CommandError("emulator", `did not save its data within ${EMULATOR_SECONDS.save} s`, mend);
  }
  if (!existsSync(report)) throw new CommandError("emulator", "has ended by itself", mend);
  const failures = readFileSync(report, "utf8").trimEnd();
  if (failures === "") return;
  throw new CommandError("emulator", `could not save:\n  ${failures.replaceAll("\n", "\n  ")}\n`, mend);
}

/**
 * Whether the emulator answers on its port: that very process, not another program that has the port.
 */
export async function answers({
  port,
  process: { pid },
}: Pick<EmulatorRecord, "port" | "process">): Promise<boolean> {
  try {
    const response = await fetch(`${endpointUrl(port)}/_ministack/ready`, {
      signal: AbortSignal.timeout(2000),
    });
    return response.ok && ((await response.json()) as { pid?: number }).pid === pid;
  } catch {
    return false;
  }
}

/** @returns undefined when another program has the port */
async function tryStart(
  directory: LocalDirectory,
  python: string,
  port: number,
): Promise<EmulatorRecord | undefined> {
  rmSync(join(directory.data, "tmp"), { recursive: true, force: true });
  mkdirSync(join(directory.data, "tmp"), { recursive: true });
  mkdirSync(dirname(directory.emulatorLog), { recursive: true });
  // The log of a start that failed is kept beside the new one.
  if (existsSync(directory.emulatorLog)) renameSync(directory.emulatorLog, `${directory.emulatorLog}.1`);
  const log = openSync(directory.emulatorLog, "w");
  const child = spawn(python, [LAUNCHER, directory.data], {
    cwd: directory.data,
    env: emulatorEnvironment(directory, port),
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
  const record = identity && { process: identity, port, fingerprint: fingerprint(directory, python, port) };
  if (record) writeJson(directory.emulatorRecord, record);

  const settled = async () => failure !== undefined || (record !== undefined && (await answers(record)));
  if (!(await waitUntil(settled, EMULATOR_SECONDS.start))) {
    failure = `did not answer within ${EMULATOR_SECONDS.start} s`;
  }
  child.unref();
  if (failure === undefined) return record;
  const words = lastLines(directory.emulatorLog, 12);
  if (words.some((line) => line.includes("already in use"))) return undefined;
  await stopEmulator(directory);
  throw new CommandError(
    "emulator",
    `${failure}:\n  ${words.join("\n  ")}\n`,
    `the whole log is ${directory.emulatorLog}`,
  );
}

/** Ids of the emulator's process and of all that it has started. */
function ownProcesses(directory: LocalDirectory): number[] {
  const recorded = runningEmulator(directory)?.process.pid;
  return [
    ...new Set([
      ...findMarkedProcesses(MARKS.emulator, directory.path),
      ...(recorded === undefined ? [] : [recorded]),
    ]),
  ];
}

function fingerprint(directory: LocalDirectory, python: string, port: number): string {
  const hash = createHash("sha256").update(python);
  for (const name of readdirSync(LAUNCHER_FOLDER)
    .filter((file) => file.endsWith(".py"))
    .sort()) {
    hash.update(name).update(readFileSync(join(LAUNCHER_FOLDER, name)));
  }
  // PATH differs from one terminal to the next and says nothing about the emulator; the functions' Node.js does.
  const { PATH: _, ...settings } = emulatorEnvironment(directory, port);
  return hash.update(JSON.stringify(settings)).update(process.version).digest("hex");
}

async function waitUntil(condition: () => boolean | Promise<boolean>, seconds: number): Promise<boolean> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(50)) {
    if (await condition()) return true;
  }
  return condition();
}

function lastLines(path: string, count: number): string[] {
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-count);
}
