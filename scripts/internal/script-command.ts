/**
 * What every command of scripts/ shares towards who calls it: how its arguments are declared, its help is laid out, and a wrong
 * call is refused.
 *
 * @module
 */
import { Command } from "commander";
import { EXIT } from "./cli";

/** What `--help` says. */
export interface ScriptHelp {
  /** What the command does, in a sentence or two. */
  readonly description: string;
  /** Calls of it as one would type them, e.g. `scripts/cost envs/prod --json`. One or more. */
  readonly examples: readonly string[];
  /** What else its user must know, in paragraphs, between the options and the examples. @default nothing */
  readonly notes?: string;
  /** What its exit codes mean. @default `0 done, 1 failed, 2 wrong arguments` */
  readonly exitCodes?: string;
}

/**
 * A command named `scripts/<name>`: give it arguments and options, then parse. Help ends it with 0, wrong arguments with EXIT.usage.
 *
 * @param name its file in scripts/, e.g. `cost`
 */
export function scriptCommand(name: string, help: ScriptHelp): Command {
  return new Command(`scripts/${name}`)
    .description(help.description)
    .addHelpText("after", textAfter(help))
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, `error: scripts/${name}: `)),
    })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage));
}

function textAfter({
  notes,
  examples,
  exitCodes = "0 done, 1 failed, 2 wrong arguments",
}: ScriptHelp): string {
  const shown = [`Example${examples.length === 1 ? "" : "s"}:`, ...examples.map((call) => `  ${call}`)];
  const paragraphs = [...(notes === undefined ? [] : [notes.trim()]), shown.join("\n")];
  return `\n${[...paragraphs, `Exit codes: ${exitCodes}.`].join("\n\n")}`;
}
