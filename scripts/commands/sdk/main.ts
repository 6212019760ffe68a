import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CommandError, CommandErrors, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";

const ROOT = resolve(__dirname, "../../..");

const NOTES = `
The generator is openapi-generator, a jar of Maven Central that is fetched once and checked by its hash; Maven's settings.xml may name a mirror.
It needs a Java of version 17 or newer. What is written by hand in clients/ stays as it is.`;

async function main(): Promise<void> {
  const { check } = scriptCommand("sdk", {
    description:
      "Generates the JavaScript, Kotlin and Swift clients of the APIs from the contracts under api/, into clients/<language>. Removes what " +
      "is left there of an earlier generation.",
    notes: NOTES,
    examples: ["scripts/sdk", "scripts/sdk --check"],
    exitCodes: exitCodes(["missingTool"]),
  })
    .option("--check", "write nothing; fail naming each file that is out of date or left over", false)
    .parse()
    .opts<{ check: boolean }>();
  // --help and wrong options are answered without these.
  const { filesBelow, generateClients } = await import("./generate.js");
  const { LANGUAGES } = await import("./languages.js");
  const { GENERATOR } = await import("./artifacts.js");
  const { mavenJar } = await import("../../internal/maven/index.js");
  const jar = await mavenJar(GENERATOR, {
    cache: join(ROOT, ".local/maven"),
    onFetch: (coordinates) => console.error(`fetching ${coordinates}`),
  });
  const files = generateClients(ROOT, jar);
  const stale = Object.entries(files).filter(([path, text]) => !isCurrent(join(ROOT, path), text));
  const left = LANGUAGES.map(({ folder }) => folder)
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => filesBelow(join(ROOT, folder)).map((path) => `${folder}/${path}`))
    .filter((path) => files[path] === undefined);
  if (check) {
    const errors = [
      ...stale.map(([path]) => new CommandError(path, "is out of date", "run scripts/sdk")),
      ...left.map((path) => new CommandError(path, "is generated from no contract", "run scripts/sdk")),
    ];
    if (errors.length > 0) throw new CommandErrors(errors);
    return;
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(path);
  }
  for (const path of left) {
    rmSync(join(ROOT, path));
    console.log(`${path} removed`);
  }
}

function isCurrent(file: string, text: string): boolean {
  return existsSync(file) && readFileSync(file, "utf8") === text;
}

void runCommand(main);
