/**
 * One temporary folder for each run of jest, gone with it: what tests and cdktf leave in the temporary directory, thousands of folders
 * in a day.
 *
 * @module
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Names the folder from the beginning of the run to its end. */
const VARIABLE = "JEST_TEMPORARY_FOLDER";

/**
 * Makes the folder, and removes those of runs that were killed.
 *
 * @param environment variables of what is started from now on, which has the folder for its temporary directory. @default this process's
 */
export function enterTestFolder(environment: NodeJS.ProcessEnv = process.env): void {
  const parent = environment["TMPDIR"] ?? tmpdir();
  for (const name of readdirSync(parent)) {
    const pid = /^jest-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid !== undefined && !runs(Number(pid))) remove(join(parent, name));
  }
  // A short name: the path of a socket in it has 107 characters at most.
  const folder = mkdtempSync(join(parent, `jest-${process.pid}-`));
  // Others may pass through, not look: PostgreSQL runs as another user where the tests are root's.
  chmodSync(folder, 0o711);
  environment[VARIABLE] = folder;
  environment["TMPDIR"] = folder;
}

/** Removes the folder. */
export function leaveTestFolder(environment: NodeJS.ProcessEnv = process.env): void {
  const folder = environment[VARIABLE];
  if (folder !== undefined) remove(folder);
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // It runs, as another user.
  }
}
