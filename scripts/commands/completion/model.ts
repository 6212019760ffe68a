import type { Argument, Command, Option } from "commander";

/** What a word on the command line may be. */
export type Value =
  | { readonly kind: "environment" | "function" | "service" | "file" | "folder" | "text" }
  | { readonly kind: "choice"; readonly choices: readonly string[] };

/** An option. */
export interface CompletedOption {
  /** As it is written, e.g. `-n` and `--lines`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Absent for a flag. */
  readonly value?: Value;
}

/** A command or a subcommand. */
export interface CompletedCommand {
  /** As it is typed, e.g. `scripts/local up`. */
  readonly path: string;
  readonly description: string;
  /** Those of the command that it belongs to are among them: they can be given anywhere. */
  readonly options: readonly CompletedOption[];
  /** Its arguments, one after the other. */
  readonly operands: readonly Value[];
  /** The last argument may come again and again. */
  readonly repeats: boolean;
  readonly subcommands: readonly CompletedCommand[];
}

/** What values are called in usages, and so completed. Other arguments may well be files. */
const KINDS: Readonly<Record<string, Value["kind"]>> = {
  environment: "environment",
  function: "function",
  service: "service",
  file: "file",
  folder: "folder",
  name: "text",
};

/** Reads off a command what its words may be. */
export function completedCommand(command: Command, above?: CompletedCommand): CompletedCommand {
  const { registeredArguments: operands } = command;
  const own: CompletedCommand = {
    path: above ? `${above.path} ${command.name()}` : command.name(),
    description: command.description(),
    options: [
      ...command.options.filter(({ hidden }) => !hidden).map(optionOf),
      ...(above?.options ?? [HELP]),
    ],
    operands: operands.map((argument) => readValue(argument, argument.name(), "file")),
    repeats: operands.at(-1)?.variadic === true,
    subcommands: [],
  };
  return { ...own, subcommands: command.commands.map((subcommand) => completedCommand(subcommand, own)) };
}

const HELP: CompletedOption = { names: ["-h", "--help"], description: "display help for command" };

function optionOf(option: Option): CompletedOption {
  const { flags, description, short, long } = option;
  // The first word of it: `<file or range>` may be a file.
  const value = /[<[]([a-z-]+)/.exec(flags)?.[1];
  return {
    names: [short, long].filter((name) => name !== undefined),
    description,
    ...(value !== undefined && { value: readValue(option, value, "text") }),
  };
}

function readValue({ argChoices }: Argument | Option, name: string, otherwise: "file" | "text"): Value {
  if (argChoices) return { kind: "choice", choices: argChoices };
  return { kind: KINDS[name] ?? otherwise } as Value;
}
