import { quote } from "../../internal/shell";
import type { CompletedCommand, CompletedOption, Value } from "./model";

/**
 * Completion for zsh, with descriptions. To be sourced after compinit.
 *
 * @param commands those of scripts/
 */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of scripts/ for zsh. Source it after compinit: source <(scripts/completion zsh)

_scripts_environment() { local -a files=(\${_scripts_project}envs/testdata/envs-*.json(N:t:r)); compadd -- \${files/#envs-/envs/}; }
_scripts_function() { compadd -- \${_scripts_project}functions/*/function.json(N:h:t); }
_scripts_service() { compadd -- \${_scripts_project}services/*/service.json(N:h:t); }

_scripts_arguments() {
  case $1 in
${commands.flatMap(cases).join("\n")}
  esac
}

_scripts_complete() {
  local _scripts_project=\${words[1]%scripts/*} curcontext=$curcontext state line
  local -A opt_args
  _scripts_arguments "scripts/\${words[1]##*scripts/}"
}

compdef _scripts_complete ${commands.map(({ path }) => path).join(" ")}
# However the folder of the project is written.
compdef -P _scripts_complete ${quote(`*/(${commands.map(({ path }) => path).join("|")})`)}
`;
}

function cases({ path, options, operands, repeats, subcommands }: CompletedCommand): string[] {
  const specs = options.map(optionSpec);
  if (subcommands.length === 0) {
    const last = operands.length - 1;
    const own = operands.map(
      (value, index) => `'${repeats && index === last ? "*" : index + 1}:${value.kind}:${action(value)}'`,
    );
    return [`    ${quote(path)}) _arguments -s ${[...specs, ...own].join(" ")} ;;`];
  }
  const named = subcommands.map(({ path: below, description }) =>
    quote(`${below.split(" ").at(-1)}:${description.replaceAll(":", "\\:")}`),
  );
  return [
    `    ${quote(path)})`,
    `      _arguments -C ${specs.join(" ")} '1:subcommand:->subcommand' '*::argument:->argument'`,
    "      case $state in",
    `        subcommand) local -a subcommands=(${named.join(" ")}); _describe subcommand subcommands ;;`,
    `        argument) _scripts_arguments ${quote(`${path} `)}$words[1] ;;`,
    "      esac ;;",
    ...subcommands.flatMap(cases),
  ];
}

/** `'(-n --lines)'{-n,--lines}'[description]:value:action'` */
function optionSpec({ names, description, value }: CompletedOption): string {
  const text = description.replace(/[[\]\\:]/g, "\\$&");
  const rest = quote(`[${text}]${value ? `:value:${action(value)}` : ""}`);
  // Those that may be repeated are not told apart: offering one again does no harm.
  return names.map((name) => `'*${name}'${rest}`).join(" ");
}

function action(value: Value): string {
  switch (value.kind) {
    case "choice":
      return `(${value.choices.join(" ")})`;
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "text":
      return " ";
    default:
      return `_scripts_${value.kind}`;
  }
}
