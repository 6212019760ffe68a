/**
 * What every command of scripts/ shares towards who calls it: how its arguments are declared, its help is laid out, and a wrong
 * call is refused. scripts/internal/arguments.ts has the arguments and options that several take.
 *
 * @module
 */
import { Command, Help, type Option, type ParseOptions } from "commander";
import { EXIT } from "./cli";
import { declare } from "./declaring";

/** What `--help` says. */
export interface ScriptHelp {
  /** What the command does, in a sentence or two. */
  readonly description: string;
  /** Calls of it as one would type them, e.g. `scripts/cost envs/prod --json`. One or more. */
  readonly examples: readonly string[];
  /** What else its user must know, in paragraphs, between the options and the examples. @default nothing */
  readonly notes?: string;
  /** What its exit codes mean; `exitCodes` names the usual ones. @default `0 done, 1 failed, 2 wrong arguments` */
  readonly exitCodes?: string;
  /** Exit code of wrong arguments, where 2 says something else; `runCommand` takes it too. @default EXIT.usage */
  readonly usageCode?: number;
}

/** Says nothing of defaults that go without saying: a flag is off, a list empty. */
class PlainHelp extends Help {
  override optionDescription(option: Option): string {
    return super.optionDescription(option).replace(/ \(default: (false|\[\])\)$/, "");
  }
}

/** A command of scripts/, or a subcommand of one. */
export class ScriptCommand extends Command {
  /**
   * Adds a subcommand, with a help of its own. Wrong calls of it are refused as those of the command.
   *
   * @param name e.g. `up`
   * @param help its exit codes are the command's unless it says others
   */
  subcommand(name: string, help: ScriptHelp): ScriptCommand {
    const { exitCodes = this.exitCodes } = help;
    return (this.command(name) as ScriptCommand).withHelp({ ...help, ...(exitCodes && { exitCodes }) });
  }

  override createHelp(): Help {
    return Object.assign(new PlainHelp(), this.configureHelp());
  }

  override createCommand(name?: string): ScriptCommand {
    return new ScriptCommand(name);
  }

  override parse(argv?: readonly string[], options?: ParseOptions): this {
    declare(this);
    return super.parse(argv, options);
  }

  override async parseAsync(argv?: readonly string[], options?: ParseOptions): Promise<this> {
    declare(this);
    return await super.parseAsync(argv, options);
  }

  /** For scriptCommand, and for `subcommand`. */
  withHelp(help: ScriptHelp): this {
    this.exitCodes = help.exitCodes;
    return this.description(help.description).addHelpText("after", textAfter(help));
  }

  private exitCodes: string | undefined;
}

/**
 * A command named `scripts/<name>`: give it arguments and options, then parse. Help ends it with 0, wrong arguments with EXIT.usage.
 *
 * @param name its file in scripts/, e.g. `cost`
 */
export function scriptCommand(name: string, help: ScriptHelp): ScriptCommand {
  return new ScriptCommand(`scripts/${name}`)
    .withHelp(help)
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, `error: scripts/${name}: `)),
    })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : (help.usageCode ?? EXIT.usage)));
}

/** What the exit codes mean that several commands have besides 0, 1 and 2. */
const MEANINGS = {
  missingTool: "a tool is missing or too old",
  credentials: "credentials are missing, have expired or do not allow it",
  unfinished: "not at the end by --timeout",
  interrupted: "interrupted",
} as const satisfies Partial<Record<keyof typeof EXIT, string>>;

/**
 * Exit codes for the help: 0, 1, 2 and those named, e.g. `0 done, 1 failed, 2 wrong arguments, 3 a tool is missing or too old`.
 *
 * @param changes of a meaning, e.g. `{ usage: "wrong arguments or plan" }`. @default none
 */
export function exitCodes(
  named: readonly (keyof typeof MEANINGS)[],
  changes: Partial<Record<keyof typeof EXIT, string>> = {},
): string {
  const meanings = { failed: "failed", usage: "wrong arguments", ...MEANINGS, ...changes };
  const codes = (["failed", "usage", ...named] as const).map((name) => `${EXIT[name]} ${meanings[name]}`);
  return ["0 done", ...codes].join(", ");
}

function textAfter({ notes, examples, exitCodes: codes = exitCodes([]) }: ScriptHelp): string {
  const shown = [`Example${examples.length === 1 ? "" : "s"}:`, ...examples.map((call) => `  ${call}`)];
  const paragraphs = [...(notes === undefined ? [] : [notes.trim()]), shown.join("\n")];
  return `\n${[...paragraphs, wrapped(`Exit codes: ${codes}.`)].join("\n\n")}`;
}

/** In lines of at most 110 characters, a number in that of what follows it. */
function wrapped(text: string): string {
  const joined = text.replace(/(\d) /g, "$1\u00a0");
  return joined
    .replace(/(.{1,110})(?: |$)/g, "$1\n")
    .replaceAll("\u00a0", " ")
    .trimEnd();
}
