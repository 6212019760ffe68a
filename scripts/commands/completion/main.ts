/**
 * scripts/completion: completion of all commands, for a shell.
 *
 * @module
 */
import { resolve } from "node:path";
import { Argument } from "commander";
import { runCommand } from "../../internal/cli";
import { scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
It is made from what the commands declare, and completes subcommands, options and their values, environments, functions, services and files.
Environments, functions and services are looked up at each completion; after a change of the commands it is to be printed anew.`;

async function main(): Promise<void> {
  const command = scriptCommand("completion", {
    description: "Prints the completion of all commands of scripts/ for a shell.",
    notes: NOTES,
    examples: [
      "source <(scripts/completion bash)       in this shell; for every shell: in ~/.bashrc, by its absolute path",
      "source <(scripts/completion zsh)        after compinit; for every shell: in ~/.zshrc",
      "scripts/completion fish | source        for every shell: in ~/.config/fish/config.fish",
    ],
  })
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish"]))
    .parse();
  // --help and wrong arguments are answered without it.
  const { completionFor } = await import("./completion.js");
  process.stdout.write(completionFor(command.args[0] as "bash" | "zsh" | "fish", ROOT, command));
}

void runCommand(main);
