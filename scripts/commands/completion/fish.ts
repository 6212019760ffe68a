import type { CompletedCommand, CompletedOption, Value } from "./model";

/**
 * Completion for fish, with descriptions.
 *
 * @param commands those of scripts/
 */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of scripts/ for fish. Source it: scripts/completion fish | source

# The folder of the project whose command is being completed, with a slash.
function __scripts_project
    string replace -r 'scripts/.*$' '' -- (commandline -opc)[1]
end

function __scripts_environment
    string replace -r '^.*envs-(.*)\\.json$' 'envs/$1' -- (__scripts_project)envs/testdata/envs-*.json
end

function __scripts_function
    string replace -r '^.*/([^/]+)/function\\.json$' '$1' -- (__scripts_project)functions/*/function.json
end

function __scripts_service
    string replace -r '^.*/([^/]+)/service\\.json$' '$1' -- (__scripts_project)services/*/service.json
end

${commands.map((command) => linesOf(command).join("\n")).join("\n")}
`;
}

function linesOf(command: CompletedCommand): string[] {
  const { path, options, operands, subcommands } = command;
  const at = `complete -p '*${path}'`;
  const names = subcommands.map((subcommand) => subcommand.path.split(" ").at(-1) as string);
  const none = names.length > 0 ? ` -n 'not __fish_seen_subcommand_from ${names.join(" ")}'` : "";
  return [
    `${at} -f`,
    ...options.map((option) => `${at} ${optionOf(option)}`),
    ...operands.map((value) => `${at}${offered(value)}`),
    ...subcommands.flatMap((subcommand, index) => {
      const below = `${at} -n '__fish_seen_subcommand_from ${names[index]}'`;
      const inherited = new Set(options.map(({ names: given }) => given.join()));
      return [
        `${at}${none} -a ${names[index]} -d ${quoted(subcommand.description)}`,
        ...subcommand.options
          .filter(({ names: given }) => !inherited.has(given.join()))
          .map((option) => `${below} ${optionOf(option)}`),
        ...subcommand.operands.map((value) => `${below}${offered(value)}`),
      ];
    }),
  ];
}

function optionOf({ names, description, value }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  return [...flags, ...(value ? [`-r${offered(value)}`] : []), `-d ${quoted(description)}`].join(" ");
}

/** What is offered: files only where they are wanted. */
function offered(value: Value): string {
  switch (value.kind) {
    case "choice":
      return ` -f -a ${quoted(value.choices.join(" "))}`;
    case "file":
      return " -F";
    case "folder":
      return " -f -a '(__fish_complete_directories)'";
    case "text":
      return " -f";
    default:
      return ` -f -a '(__scripts_${value.kind})'`;
  }
}

/** In single quotes, in which fish reads backslashes and quotes alone. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
