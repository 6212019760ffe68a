/**
 * scripts/diagram: draws what an environment is made of.
 *
 * @module
 */
import { resolve } from "node:path";
import { Option } from "commander";
import { environmentArgument, stackOption } from "../../internal/arguments";
import { runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import type { RunOptions } from "./run";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
Drawn from the stack as it is synthesised now, not by hand: what holds data, runs or is reached, and an arrow wherever one names another, its
role may use it, or a third resource joins the two. With --system, one system and what it uses of the others. What is left out: alarms, logs,
keys, and all that the drawn resources are made with.`;

async function main(): Promise<void> {
  const command = scriptCommand("diagram", {
    description: "Draws what an environment is made of, as SVG or Mermaid.",
    notes: NOTES,
    examples: [
      "scripts/diagram envs/prod --system microservices --out microservices.svg",
      "scripts/diagram envs/dev --format mermaid",
      "scripts/diagram --documents",
    ],
    exitCodes: exitCodes(["missingTool"]),
  })
    .addArgument(environmentArgument("[environment]"))
    .option("--system <name>", "todo, microservices or downloads alone")
    .addOption(new Option("--format <format>", "of the picture").choices(["svg", "mermaid"]).default("svg"))
    .option("--out <file>", "write it to a file, and print the file's name")
    .addOption(stackOption())
    .option("--documents", "draw the pictures of the documents anew, and print which have changed", false)
    .option("--check", "with --documents: write nothing; fail naming each that is out of date", false)
    .parse();
  const [environment] = command.args;
  const { documents, check, ...options } = command.opts<
    RunOptions & { documents: boolean; check: boolean }
  >();
  if ((environment === undefined) !== documents) {
    command.error(
      documents
        ? "error: with --documents no environment is given"
        : "error: missing required argument 'environment'",
    );
  }
  // --help and wrong options are answered without it.
  const { drawDocumented, run } = await import("./run.js");
  if (environment === undefined) {
    for (const file of await drawDocumented(ROOT, check)) console.log(file);
    return;
  }
  process.stdout.write(`${await run(ROOT, environment, options)}\n`);
}

void runCommand(main);
