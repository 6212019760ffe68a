/**
 * Takes what a command declares without running it: the same main file that runs tells its arguments and options, so that completion
 * and tests need no list of their own.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Command } from "commander";

const declaring = new AsyncLocalStorage<(command: Command) => void>();

/** Ends a main function whose declaration was wanted alone. */
class Declared extends Error {
  override readonly name = "Declared";
}

/**
 * The command that a main file declares. The file runs up to where it parses its arguments, and no further.
 *
 * @param load requires the file: it must not be loaded yet
 * @throws Error when it parses none
 */
export function declarationOf(load: () => unknown): Command {
  let found: Command | undefined;
  declaring.run((command) => {
    found = command;
  }, load);
  if (!found) throw new Error("a main file declares no command as it is loaded");
  return found;
}

/** Whether a declaration is wanted alone. */
export function isDeclaring(): boolean {
  return declaring.getStore() !== undefined;
}

/** Called by a command before it parses. @throws Declared, in place of parsing, when its declaration is wanted alone */
export function declare(command: Command): void {
  const take = declaring.getStore();
  if (!take) return;
  take(command);
  throw new Declared();
}
