import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";
import { CLIENT_APIS, readClientContract } from "./contracts";
import { LANGUAGES } from "./languages";

/** Text by path from the project's root. */
export type ClientFiles = Readonly<Record<string, string>>;

/**
 * Generates the clients of all languages. Nothing is written.
 *
 * @param root folder of the project
 * @param jar openapi-generator-cli
 * @throws CommandError when there is no Java, the generator fails, or two APIs give different files for one path
 */
export function generateClients(root: string, jar: string): ClientFiles {
  const folder = mkdtempSync(join(tmpdir(), "sdk-"));
  try {
    const configs = writeConfigs(root, folder);
    runJava(["-jar", jar, "batch", "--fail-fast", ...configs]);
    return collect(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One configuration per language and API. */
function writeConfigs(root: string, folder: string): string[] {
  mkdirSync(join(folder, "configs"));
  return CLIENT_APIS.flatMap((api) => {
    const inputSpec = join(folder, `${api.name}.json`);
    writeFileSync(inputSpec, JSON.stringify(readClientContract(root, api)));
    return LANGUAGES.map(({ name, generator, settings }) => {
      const file = join(folder, "configs", `${name}-${api.name}.json`);
      const config = {
        generatorName: generator,
        inputSpec,
        outputDir: join(folder, name, api.name),
        globalProperties: { apiDocs: false, modelDocs: false, apiTests: false, modelTests: false },
        ...settings(api),
      };
      writeFileSync(file, JSON.stringify(config));
      return file;
    });
  });
}

function collect(folder: string): ClientFiles {
  const files: Record<string, string> = {};
  for (const language of LANGUAGES) {
    for (const api of CLIENT_APIS) {
      const written = join(folder, language.name, api.name);
      for (const path of filesBelow(written)) {
        const place = language.place(path, api);
        if (place === undefined) continue;
        const text = readFileSync(join(written, path), "utf8");
        add(files, `${language.folder}/${place}`, language.edit?.(text, place) ?? text);
      }
    }
  }
  return files;
}

function add(files: Record<string, string>, path: string, text: string): void {
  if (files[path] !== undefined && files[path] !== text) {
    throw new CommandError(path, "two APIs give different files", "see scripts/commands/sdk/languages.ts");
  }
  files[path] = text;
}

/** Paths from the folder, sorted. None where it is missing. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/**
 * Runs Java.
 *
 * @param args of `java`
 * @returns what it printed on standard output
 * @throws CommandError when there is none, or with the end of what it printed when it fails
 */
export function runJava(args: readonly string[]): string {
  const java = process.env["JAVA_HOME"] ? join(process.env["JAVA_HOME"], "bin", "java") : "java";
  // The same text whatever machine it is.
  const same = ["-Dfile.encoding=UTF-8", "-Duser.language=en", "-Duser.country=US", "-Duser.timezone=UTC"];
  const { status, stdout, stderr, error } = spawnSync(java, [...same, ...args], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") {
    throw new CommandError(
      java,
      "was not found",
      "install a Java of version 17 or newer, or set JAVA_HOME",
      EXIT.missingTool,
    );
  }
  if (error) throw error;
  if (status === 0) return stdout;
  const last = `${stdout}\n${stderr}`.trim().split("\n").slice(-20).join("\n");
  throw new CommandError(java, `ended with ${status}:\n${last}`);
}
