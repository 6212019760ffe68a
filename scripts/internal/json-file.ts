/**
 * Small JSON files that are there whole or not at all, whatever ends the command that writes them.
 *
 * @module
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The file's content; undefined when there is no such file. The caller says what it wrote there. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

/**
 * The content of a file that is made again when it is missing; undefined also when it is not whole, as after a loss of power that
 * the disk did not outlive.
 */
export function readRecord<T>(path: string): T | undefined {
  try {
    return readJson<T>(path);
  } catch {
    return undefined;
  }
}

/**
 * Writes the file at once, and its folder when that is missing.
 *
 * @param mode the file's permissions. @default 0o644
 */
export function writeJson(path: string, content: unknown, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, `${JSON.stringify(content, null, 2)}\n`, { mode });
  renameSync(partial, path);
}
