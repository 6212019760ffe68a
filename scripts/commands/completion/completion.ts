import type { Command } from "commander";
import { declaredCommand, scriptFiles } from "../../internal/declared-commands";
import { bashCompletion } from "./bash";
import { fishCompletion } from "./fish";
import { completedCommand } from "./model";
import { zshCompletion } from "./zsh";

const WRITERS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/**
 * The completion of all commands, as a shell sources it.
 *
 * @param root folder of the project
 * @param own the command that runs: its main file is loaded already
 */
export function completionFor(shell: keyof typeof WRITERS, root: string, own: Command): string {
  const commands = scriptFiles(root).map((file) =>
    completedCommand(file.path === own.name() ? own : declaredCommand(root, file)),
  );
  return WRITERS[shell](commands, root);
}
