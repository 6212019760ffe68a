import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../../internal/cli";
import { isRunning, sendSignal } from "../../internal/process-identity";
import { waitUntil } from "../../internal/wait-until";
import type { LocalDirectory } from "./directory";
import {
  type ManagedProcess,
  type ManagedRecord,
  runningManaged,
  startManaged,
  stopManaged,
} from "./managed-process";
import { EMULATOR_SECONDS, emulatorEnvironment, endpointUrl } from "./settings";

/** The emulator that was started last for a directory. */
export type EmulatorRecord = ManagedRecord;

const LAUNCHER_FOLDER = join(__dirname, "emulator");
const LAUNCHER = join(LAUNCHER_FOLDER, "launch.py");

/** The directory's emulator if it runs. It may still be starting. */
export function runningEmulator(directory: LocalDirectory): EmulatorRecord | undefined {
  return runningManaged(emulatorProcess(directory));
}

/**
 * Starts the emulator, unless it runs with the same code and settings and answers. It keeps its port for as long as that is
 * free, and its data always.
 *
 * @param python Python of the virtual environment
 * @returns whether it was started anew
 * @throws CommandError with the emulator's last words when it ends or does not answer in time
 */
export function startEmulator(
  directory: LocalDirectory,
  python: string,
): Promise<EmulatorRecord & { started: boolean }> {
  const sources = readdirSync(LAUNCHER_FOLDER).filter((file) => file.endsWith(".py"));
  return startManaged(emulatorProcess(directory), {
    program: (port) => ({
      command: python,
      args: [LAUNCHER, directory.data],
      cwd: directory.data,
      env: emulatorEnvironment(directory, port),
    }),
    // Functions run on this Node.js.
    code: [...sources.sort().map((name) => readFileSync(join(LAUNCHER_FOLDER, name))), process.version],
    prepare: () => {
      rmSync(join(directory.data, "tmp"), { recursive: true, force: true });
      mkdirSync(join(directory.data, "tmp"), { recursive: true });
    },
  });
}

/**
 * Ends the emulator and every process it has started. It is asked to save its data first, and ended by force when it does not
 * come to an end.
 *
 * @returns ids of the processes that were ended; none when it did not run
 * @throws CommandError naming processes that could not be ended
 */
export function stopEmulator(directory: LocalDirectory): Promise<number[]> {
  return stopManaged(emulatorProcess(directory));
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

function emulatorProcess(directory: LocalDirectory): ManagedProcess {
  return {
    directory,
    name: "emulator",
    record: directory.emulatorRecord,
    log: directory.emulatorLog,
    seconds: EMULATOR_SECONDS,
    stops: "together",
    answers,
  };
}
