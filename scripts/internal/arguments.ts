/**
 * Arguments and options that several commands take, so that the same thing is called the same everywhere. Completion goes by the names:
 * an `environment`, a `function`, a `service`, a `file`, a `folder` and a `path` are completed as what they are.
 *
 * @module
 */
import { Argument, InvalidArgumentError, Option } from "commander";
import { checkEnvironmentName } from "./synthesised-stack";

/**
 * The environment that a command is about, checked before anything else is done.
 *
 * @param name how often it comes. @default once
 */
export function environmentArgument(
  name: "<environment>" | "[environment]" | "<environment...>" | "[environment...]" = "<environment>",
): Argument {
  const argument = new Argument(name, "e.g. envs/prod");
  const read = (given: string, before?: unknown): unknown => {
    checkEnvironmentName(given);
    return argument.variadic ? [...((before as string[] | undefined) ?? []), given] : given;
  };
  return argument.argParser(read);
}

/** `--json` */
export function jsonOption(): Option {
  return new Option("--json", "print the result as JSON, and nothing else").default(false);
}

/** `--format <format>` of a report for people or machines. */
export function formatOption(): Option {
  return new Option("--format <format>", "of what is printed")
    .choices(["text", "markdown", "json"])
    .default("text");
}

/**
 * `--dry-run`
 *
 * @param description what it does instead, e.g. `send nothing; say what would be sent`
 */
export function dryRunOption(description: string): Option {
  return new Option("--dry-run", description).default(false);
}

/** `--auto-approve`, as of Terraform and cdktf. */
export function autoApproveOption(): Option {
  return new Option("--auto-approve", "do not ask before anything is changed").default(false);
}

/**
 * `--timeout <seconds>`
 *
 * @param description of what, e.g. `how long to go on in all`
 * @param seconds when nothing is said
 */
export function timeoutOption(description: string, seconds: number): Option {
  return new Option("--timeout <seconds>", description).argParser(wholeNumber(0, 999_999)).default(seconds);
}

/** `--stack <file>`, for commands that compute from what is synthesised. */
export function stackOption(): Option {
  return new Option("--stack <file>", "a cdk.tf.json to read in place of synthesising");
}

/**
 * Reads a whole number.
 *
 * @param most @default no bound
 */
export function wholeNumber(least: number, most?: number): (text: string) => number {
  const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= least && value <= (most ?? value)) return value;
    throw new InvalidArgumentError(`It must be a whole number ${range}, got "${text}".`);
  };
}

/** For an option that may be repeated; its default is `[]`. */
export function repeated(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
