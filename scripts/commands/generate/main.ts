import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CommandError, CommandErrors, runCommand } from "../../internal/cli";
import { scriptCommand } from "../../internal/script-command";
import type { OperationSchemas } from "./contract";
import type { WriteTypes } from "./events";
import type { GeneratedFiles } from "./validators";

const root = resolve(__dirname, "..", "..", "..");

/** @returns path from the project's root to text, of every generated file */
async function generate(): Promise<GeneratedFiles> {
  // --help and wrong options are answered without these.
  const { readDocuments } = await import("./contract.js");
  const { banner, compileValidators } = await import("./validators.js");
  // Its types for require() are not valid TypeScript: the native compiler refuses them.
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const { generateEvents } = await import("./events.js");
  const writeTypes: WriteTypes = async (schemas) =>
    astToString(
      await openapiTS(
        JSON.stringify({
          ...{ openapi: "3.1.0", info: { title: "", version: "" } },
          ...{ paths: {}, components: { schemas } },
        }),
        { immutable: true, rootTypes: true, rootTypesNoSchemaPrefix: true },
      ),
    );
  const files: Record<string, string> = {};
  for (const document of readDocuments(root)) {
    const source = readFileSync(join(root, document.file), "utf8");
    // A client may leave out what has a default; the handler has it once it is validated.
    const types = astToString(await openapiTS(source, { defaultNonNullable: false }));
    const takers = document.operations.flatMap((operation) => takersOf(operation));
    for (const folder of new Set(takers)) {
      const operations = document.operations.filter((operation) => takersOf(operation).includes(folder));
      const generated = {
        ...compileValidators(document.file, operations),
        "types.ts": `${banner(document.file)}${types}`,
      };
      for (const [name, text] of Object.entries(generated)) {
        files[`${folder}/generated/${document.version}/${name}`] = text;
      }
    }
  }
  return { ...files, ...(await generateEvents(root, writeTypes)) };
}

function takersOf({ package: server, sharedWith = [] }: OperationSchemas): readonly string[] {
  return [server, ...sharedWith];
}

function isCurrent(path: string, text: string): boolean {
  return existsSync(path) && readFileSync(path, "utf8") === text;
}

async function main(): Promise<void> {
  const { check } = scriptCommand("generate", {
    description:
      "Writes what functions and services take from the contracts under api/: validators of bodies and parameters, and the types " +
      "of each document, to <functions or services>/<name>/generated/<version>/; validators and types of the events that their " +
      "manifests name, to generated/events/. Removes what it finds there besides.",
    examples: ["scripts/generate", "scripts/generate --check"],
  })
    .option("--check", "write nothing; fail naming each file that is out of date or left over", false)
    .parse()
    .opts<{ check: boolean }>();
  const files = await generate();
  const { leftovers } = await import("./leftovers.js");
  const left = leftovers(root, files);
  const stale = Object.entries(files).filter(([path, text]) => !isCurrent(join(root, path), text));
  if (check) {
    const errors = [
      ...stale.map(([path]) => new CommandError(path, "is out of date", "run scripts/generate")),
      ...left.map((path) => new CommandError(path, "is generated from no contract", "run scripts/generate")),
    ];
    if (errors.length > 0) throw new CommandErrors(errors);
    return;
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(path);
  }
  for (const path of left) {
    rmSync(join(root, path));
    console.log(`${path} removed`);
  }
}

void runCommand(main);
