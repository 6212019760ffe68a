import { quote } from "../../internal/shell";
import type { CompletedCommand, Value } from "./model";

/**
 * Completion for bash 3.2 and newer.
 *
 * @param commands those of scripts/
 * @param root folder of the project, for calls by an absolute path
 */
export function bashCompletion(commands: readonly CompletedCommand[], root: string): string {
  const names = commands.flatMap(({ path }) => [path, `./${path}`, `${root}/${path}`]);
  return `# Completion of scripts/ for bash. Source it: source <(scripts/completion bash)

# What a command, or a subcommand, takes. Of each option that takes a value: its kind; then the kinds of the arguments.
_scripts_declared() {
  case $1 in
${commands.flatMap(declarations).join("\n")}
    *) return 1 ;;
  esac
}

# Values of a kind, a line each. $2: the project's folder, with a slash.
_scripts_values() {
  local file
  case $1 in
    environment) for file in "$2"envs/testdata/envs-*.json; do file=\${file##*/envs-}; echo "envs/\${file%.json}"; done ;;
    function) for file in "$2"functions/*/function.json; do file=\${file%/*}; echo "\${file##*/}"; done ;;
    service) for file in "$2"services/*/service.json; do file=\${file%/*}; echo "\${file##*/}"; done ;;
    choice:*) echo "\${1#choice:}" | tr , '\\n' ;;
  esac
}

_scripts_complete() {
  local current=\${COMP_WORDS[COMP_CWORD]} project=\${COMP_WORDS[0]%scripts/*} word kind index=1 operand=0
  local command=scripts/\${COMP_WORDS[0]##*scripts/} options subcommands values operands
  COMPREPLY=()
  _scripts_declared "$command" || return
  kind=
  while [ "$index" -lt "$COMP_CWORD" ]; do
    word=\${COMP_WORDS[index]}
    index=$((index + 1))
    if [ -n "$kind" ]; then kind=; continue; fi
    case $word in
      -*) case $values in *" $word="*) kind=\${values#*" $word="}; kind=\${kind%% *} ;; esac ;;
      *)
        case " $subcommands " in
          *" $word "*) command="$command $word"; operand=0; _scripts_declared "$command" ;;
          *) operand=$((operand + 1)) ;;
        esac ;;
    esac
  done
  if [ -z "$kind" ]; then
    case $current in
      -*) COMPREPLY=($(compgen -W "$options" -- "$current")); return ;;
    esac
    if [ -n "$subcommands" ]; then COMPREPLY=($(compgen -W "$subcommands" -- "$current")); return; fi
    set -- $operands
    case \${operands##* } in *...) if [ "$operand" -ge "$#" ]; then operand=$(($# - 1)); fi ;; esac
    shift "$operand" 2>/dev/null || set --
    kind=\${1-}; kind=\${kind%...}
  fi
  case $kind in
    file | folder)
      compopt -o filenames 2>/dev/null
      local IFS=$'\\n'
      if [ "$kind" = file ]; then COMPREPLY=($(compgen -f -- "$current")); else COMPREPLY=($(compgen -d -- "$current")); fi ;;
    *) COMPREPLY=($(compgen -W "$(_scripts_values "$kind" "$project")" -- "$current")) ;;
  esac
}

complete -F _scripts_complete ${names.map(quote).join(" ")}
`;
}

function declarations(command: CompletedCommand): string[] {
  const { path, options, operands, repeats, subcommands } = command;
  const values = options.flatMap(({ names, value }) =>
    value ? names.map((name) => `${name}=${kindOf(value)}`) : [],
  );
  const kinds = operands.map((value, index) =>
    repeats && index === operands.length - 1 ? `${kindOf(value)}...` : kindOf(value),
  );
  const line = [
    `options=${quote(options.flatMap(({ names }) => names).join(" "))}`,
    // A space on either side of each, to find it by.
    `values=${quote(` ${values.join(" ")} `)}`,
    `operands=${quote(kinds.join(" "))}`,
    `subcommands=${quote(subcommands.map(({ path: name }) => name.split(" ").at(-1)).join(" "))}`,
  ].join(" ");
  return [`    ${quote(path)}) ${line} ;;`, ...subcommands.flatMap(declarations)];
}

function kindOf(value: Value): string {
  return value.kind === "choice" ? `choice:${value.choices.join(",")}` : value.kind;
}
