/**
 * What every command of scripts/ shares towards its user: how it fails, and with which exit code.
 *
 * An error is one line, `error: <place>: <what is wrong>; <how to mend it>`, on standard error. Standard output holds only what
 * was asked for, so that it can be piped.
 *
 * @module
 */

import { isDeclaring } from "./declaring";

/** Exit codes of every command. */
export const EXIT = {
  failed: 1,
  usage: 2,
  missingTool: 3,
  /** Credentials are missing, have expired, or do not allow it. */
  credentials: 4,
  /** The time was up before the end; the same command goes on. */
  unfinished: 5,
  /** As shells expect it. */
  interrupted: 130,
} as const;

/** A failure that its user can act upon: shown without a stack trace. */
export class CommandError extends Error {
  /**
   * @param place what failed, e.g. `emulator` or `envs/local`
   * @param what what is wrong, e.g. `did not answer within 30 s`
   * @param mend what to do about it, e.g. `see .local/logs/emulator.log`. @default nothing more is said
   * @param exitCode one of EXIT
   */
  constructor(
    readonly place: string,
    readonly what: string,
    readonly mend?: string,
    readonly exitCode: number = EXIT.failed,
  ) {
    super(`${place}: ${what}${mend === undefined ? "" : `; ${mend}`}`);
    this.name = "CommandError";
  }
}

/** Several failures found at once, each shown on its own line. The first one's exit code is the command's. */
export class CommandErrors extends Error {
  /** @param errors one or more */
  constructor(readonly errors: readonly CommandError[]) {
    super(errors.map(({ message }) => message).join("\n"));
    this.name = "CommandErrors";
  }
}

/** The lines that tell the user of an error. A fault of the command itself comes with its stack trace. */
export function describeError(error: unknown): string {
  if (error instanceof CommandErrors) return error.errors.map(describeError).join("\n");
  if (error instanceof CommandError) return `error: ${error.message}`;
  const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `error: unexpected: ${fault}`;
}

/**
 * Exit code that an error ends the command with.
 *
 * @param usage that of wrong arguments. @default EXIT.usage
 */
export function exitCodeOf(error: unknown, usage: number = EXIT.usage): number {
  const [first] = error instanceof CommandErrors ? error.errors : [error];
  const code = first instanceof CommandError ? first.exitCode : EXIT.failed;
  return code === EXIT.usage ? usage : code;
}

/**
 * Runs a command's main function: reports its error on standard error and sets the exit code. A reader that goes away, as
 * `| head` does, ends the command quietly.
 *
 * @param usage exit code of wrong arguments, where EXIT.usage says something else, as `scriptCommand` takes it. @default EXIT.usage
 */
export async function runCommand(main: () => Promise<void>, usage: number = EXIT.usage): Promise<void> {
  if (isDeclaring()) return await main().catch(() => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  try {
    await main();
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = exitCodeOf(error, usage);
  }
}

/**
 * Prints a command's result on standard output: as JSON where asked, for a person otherwise.
 *
 * @param result what `--json` prints
 * @param describe the same in words
 */
export function printResult<T>(result: T, json: boolean, describe: (result: T) => string): void {
  process.stdout.write(`${json ? JSON.stringify(result, null, 2) : describe(result)}\n`);
}
