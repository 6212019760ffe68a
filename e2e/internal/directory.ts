import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type LocalDirectory, localDirectory } from "../../scripts/commands/local/directory";

const ROOT = resolve(__dirname, "../..");
const FOLDER = join(ROOT, ".local");

/** Names the directory of the environment under test: set by a developer, else by the set-up for the test files. */
export const DIRECTORY_VARIABLE = "E2E_DIRECTORY";

/**
 * The directory of the environment under test.
 *
 * @throws Error naming the variable when it is not set
 */
export function environmentDirectory(): LocalDirectory {
  const path = process.env[DIRECTORY_VARIABLE];
  if (!path) throw new Error(`${DIRECTORY_VARIABLE} is not set: run jest with --config jest.e2e.config.js`);
  return localDirectory(ROOT, path);
}

/** The directory of the environment that this run of jest brings up by itself. */
export function ownDirectory(): LocalDirectory {
  return localDirectory(ROOT, join(FOLDER, `e2e-${process.pid}`));
}

/** Directories of runs that were killed before they could clean up. */
export function leftDirectories(): LocalDirectory[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER).flatMap((name) => {
    const pid = /^e2e-(\d+)$/.exec(name)?.[1];
    return pid === undefined || runs(Number(pid)) ? [] : [localDirectory(ROOT, join(FOLDER, name))];
  });
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // It runs, as another user.
  }
}
