/**
 * The commands of scripts/, as their main files declare them.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { CommandError } from "./cli";
import { declarationOf } from "./declaring";

/** A file that a person runs, and what it runs. */
export interface ScriptFile {
  /** From the project's folder, e.g. `scripts/bench/edge`. */
  readonly path: string;
  /** Folder of its main file, from the project's folder, e.g. `scripts/commands/bench-edge`. */
  readonly folder: string;
}

/** Folders below scripts/ that hold no files to run. */
const WITHOUT_COMMANDS = ["commands", "internal"];

/**
 * The files of scripts/ that a person runs, in alphabetical order.
 *
 * @throws CommandError naming a file that runs no command
 */
export function scriptFiles(root: string): ScriptFile[] {
  const files = readdirSync(join(root, "scripts"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !WITHOUT_COMMANDS.includes(path.split("/")[1] as string));
  return files.sort().map((path) => {
    const name = /internal\/run" ([a-z-]+) "\$@"\n$/.exec(readFileSync(join(root, path), "utf8"))?.[1];
    if (name !== undefined) return { path, folder: `scripts/commands/${name}` };
    throw new CommandError(path, "runs no command of scripts/commands", "write it like scripts/local");
  });
}

/**
 * What a command declares. Its main file must not be loaded yet.
 *
 * @param root folder of the project
 */
export function declaredCommand(root: string, { folder }: ScriptFile): Command {
  return declarationOf(() => require(join(root, folder, "main.ts")));
}
