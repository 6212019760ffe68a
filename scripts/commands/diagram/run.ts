import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CommandError, CommandErrors, EXIT } from "../../internal/cli";
import { readJson } from "../../internal/json-file";
import { synthesiseStacks } from "../../internal/synthesised-stack";
import { graphOf, type Stack } from "./graph";
import { type Picture, toDot, toMermaid } from "./picture";
import { toSvg } from "./svg";

export interface RunOptions {
  readonly system?: string;
  readonly format: "svg" | "mermaid";
  readonly stack?: string;
  readonly out?: string;
}

/** The pictures that the documents show: file to the environment and the system that it draws. */
export const DOCUMENTED: Readonly<Record<string, { readonly environment: string; readonly system: string }>> =
  {
    "docs/diagrams/todo.svg": { environment: "envs/prod", system: "todo" },
    "docs/diagrams/microservices.svg": { environment: "envs/prod", system: "microservices" },
    "docs/diagrams/downloads.svg": { environment: "envs/prod", system: "downloads" },
  };

/**
 * Draws an environment.
 *
 * @returns the picture, or the name of the file that it is in
 * @throws CommandError when there is no such environment or system
 */
export async function run(root: string, environment: string, options: RunOptions): Promise<string> {
  const [stack] =
    options.stack === undefined ? synthesiseStacks<Stack>(root, [environment]) : [readStack(options.stack)];
  const text = await draw(stack as Stack, environment, options.system, options.format);
  if (options.out === undefined) return text.trimEnd();
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, text);
  return options.out;
}

/**
 * Draws the documents' pictures anew.
 *
 * @param check writes nothing
 * @returns the files that were written
 * @throws CommandErrors with `check`, naming each that is out of date
 */
export async function drawDocumented(root: string, check: boolean): Promise<readonly string[]> {
  const pictures = Object.entries(DOCUMENTED);
  const environments = [...new Set(pictures.map(([, { environment }]) => environment))];
  const stacks = synthesiseStacks<Stack>(root, environments);
  const stale: string[] = [];
  for (const [file, { environment, system }] of pictures) {
    const stack = stacks[environments.indexOf(environment)] as Stack;
    const text = await draw(stack, environment, system, "svg");
    const path = join(root, file);
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    stale.push(file);
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (check && stale.length > 0) {
    throw new CommandErrors(
      stale.map((file) => new CommandError(file, "is out of date", "run scripts/diagram --documents")),
    );
  }
  return stale;
}

/** @throws CommandError naming the systems that the environment has */
async function draw(
  stack: Stack,
  environment: string,
  system: string | undefined,
  format: RunOptions["format"],
): Promise<string> {
  const systems = Object.entries(stack["//"]?.systems ?? {}).flatMap(([name, modules]) =>
    modules.length > 0 ? [name] : [],
  );
  if (system !== undefined && !systems.includes(system)) {
    throw new CommandError(
      environment,
      `has no system "${system}"`,
      `it has: ${systems.join(", ") || "none"}`,
      EXIT.usage,
    );
  }
  const title = system === undefined ? environment : `${environment}: ${system}`;
  const picture: Picture = { title, graph: graphOf(stack, system) };
  return format === "mermaid" ? toMermaid(picture) : toSvg(toDot(picture), title);
}

function readStack(file: string): Stack {
  const stack = readJson<Stack>(file);
  if (stack?.resource) return stack;
  throw new CommandError(basename(file), "is no stack", "give the path of a cdk.tf.json");
}
