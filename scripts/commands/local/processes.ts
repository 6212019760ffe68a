import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../../internal/cli";
import { stopPostgres } from "../../internal/postgres-server";
import { findMarkedProcesses, sendSignal } from "../../internal/process-identity";
import { stopValkey } from "../../internal/valkey-server";
import { waitUntil } from "../../internal/wait-until";
import type { LocalDirectory } from "./directory";
import { stopEdgeProcess } from "./edge-process";
import { stopEmulator } from "./emulator";
import { MARKS } from "./settings";
import { stopSupervisor } from "./supervisor/control";

/** Seconds that a process whose record was lost has to end by itself. */
const LOST_SECONDS = 10;

/**
 * Ends what runs in the VPC of a directory: the supervisor with its tasks, and the databases and caches, whoever has started them.
 *
 * @returns ids of the processes that were ended
 */
export async function stopServices(directory: LocalDirectory): Promise<number[]> {
  const before = new Set(findMarkedProcesses(MARKS.environment, directory.path));
  await stopSupervisor(directory);
  // A supervisor that was killed has ended none of them.
  for (const folder of foldersIn(directory.databases)) await stopPostgres(folder);
  for (const folder of foldersIn(directory.caches)) await stopValkey(folder);
  const left = new Set(findMarkedProcesses(MARKS.environment, directory.path));
  return [...before].filter((pid) => !left.has(pid));
}

/**
 * Ends every process of a directory that outlives a command, found by its record or, should that be lost, by its mark.
 *
 * @returns ids of the processes that were ended
 * @throws CommandError naming processes that could not be ended
 */
export async function stopAll(directory: LocalDirectory): Promise<number[]> {
  const marked = () => findMarkedProcesses(MARKS.environment, directory.path);
  const before = marked();
  await stopEdgeProcess(directory);
  await stopServices(directory);
  await stopEmulator(directory);
  const ended = () => marked().length === 0;
  // For PostgreSQL this is the way to end at once and whole.
  for (const pid of marked()) sendSignal(pid, "SIGINT");
  if (!(await waitUntil(ended, LOST_SECONDS))) for (const pid of marked()) sendSignal(pid, "SIGKILL");
  if (!(await waitUntil(ended, 5))) {
    throw new CommandError(
      "scripts/local",
      `processes ${marked().join(", ")} do not end`,
      "end them by hand",
    );
  }
  return before;
}

function foldersIn(path: string): string[] {
  return existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : [];
}
