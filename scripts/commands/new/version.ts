import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CommandError, EXIT } from "../../internal/cli";
import { wrongName } from "./name";
import { type ApiVersion, servedIn } from "./serve";
import type { Skeleton } from "./skeleton";

/** What is generated for each version. */
const GENERATED = ["bodies.d.ts", "bodies.js", "parameters.d.ts", "parameters.js", "types.ts"];

/**
 * A version of an API like another: its contract, and its edge in the function that serves both. The core of the function, the table,
 * the limits and the rights are those of all versions.
 *
 * @param from version that it begins as. @default the latest
 * @param environment that serves it from now on. @default none yet
 * @throws CommandError of wrong usage
 */
export function versionSkeleton(
  root: string,
  { api, version }: ApiVersion,
  from?: string,
  environment?: string,
): Skeleton {
  const known = knownVersions(root, api);
  if (known.includes(version)) throw wrongName(`api/${api}/${version}.yaml`, "is there already");
  const source = from ?? (known.at(-1) as string);
  if (!known.includes(source)) {
    throw new CommandError(
      "--from",
      `api/${api}/${source}.yaml: no such file`,
      `these versions are there: ${known.join(", ")}`,
      EXIT.usage,
    );
  }
  if (number(source) > number(version)) {
    throw new CommandError(
      "--from",
      `${source} is later than ${version}`,
      "begin as an earlier one",
      EXIT.usage,
    );
  }
  const contract = readFileSync(join(root, "api", api, `${source}.yaml`), "utf8");
  const folder = functionOf(root, contract, `api/${api}/${source}.yaml`);
  const renamed = (text: string) => renameVersion(text, source, version);
  const edge = readdirSync(join(root, folder, source));
  return {
    place: `${folder}/${version}`,
    files: {
      [`api/${api}/${version}.yaml`]: contractOf(contract, source, version),
      ...Object.fromEntries(
        edge.map((file) => [
          `${folder}/${version}/${file}`,
          renamed(readFileSync(join(root, folder, source, file), "utf8")),
        ]),
      ),
    },
    changed: {
      [`${folder}/versions.ts`]: withVersion(root, `${folder}/versions.ts`, source, version),
      [`${folder}/function.json`]: withContract(root, folder, `${api}/${version}`),
      "redocly.yaml": withDocument(root, api, version),
      ...(environment !== undefined && servedIn(root, { api, version }, environment)),
    },
    generated: GENERATED.map((file) => `${folder}/generated/${version}/${file}`),
    next: [
      `write what is new: api/${api}/${version}.yaml, its description too; then scripts/generate`,
      `serve it: ${folder}/${version}/, with its tests`,
      `say in api/${api}/${source}.yaml when it goes, by info.x-deprecation: docs/clients.md`,
      ...(environment === undefined
        ? [`serve it in an environment: scripts/new stage envs/<name> ${api}/${version}`]
        : [`npx cdktf diff ${environment}, then npx cdktf deploy ${environment}`]),
    ],
  };
}

function number(version: string): number {
  return Number(version.slice(1));
}

function knownVersions(root: string, api: string): string[] {
  const folder = join(root, "api", api);
  const versions = (existsSync(folder) ? readdirSync(folder) : [])
    .flatMap((file) => /^(v[1-9]\d*)\.yaml$/.exec(file)?.[1] ?? [])
    .sort((left, right) => number(left) - number(right));
  if (versions.length === 0) {
    throw new CommandError(
      `api/${api}`,
      "is no API",
      "name one of the folders of api/ that hold v1.yaml",
      EXIT.usage,
    );
  }
  return versions;
}

/** The folder of the function that serves a contract, and is made for several. */
function functionOf(root: string, contract: string, file: string): string {
  const { paths } = parse(contract) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  };
  const name = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .map((operation) => (operation as { readonly "x-function"?: string })["x-function"])
    .find((served) => served !== undefined);
  if (name === undefined) {
    throw new CommandError(
      file,
      "is served by a container",
      "write the version beside it by hand",
      EXIT.usage,
    );
  }
  if (!existsSync(join(root, "functions", name, "versions.ts"))) {
    throw new CommandError(
      `functions/${name}`,
      "serves one version alone",
      "give it versions.ts and a folder for each version first, as functions/todos has",
      EXIT.usage,
    );
  }
  return `functions/${name}`;
}

/** `v2` and `Version 2`, wherever they are words. */
function renameVersion(text: string, from: string, to: string): string {
  return text
    .replace(new RegExp(`\\b${from}\\b`, "g"), to)
    .replace(new RegExp(`\\b([Vv]ersion) ${number(from)}\\b`, "g"), `$1 ${number(to)}`);
}

/** A contract begins without its predecessor's end. What is said of it there is left to be written anew. */
function contractOf(text: string, from: string, to: string): string {
  return text
    .replace(new RegExp(`^(  version: )${number(from)}\\.\\d+\\.\\d+$`, "m"), `$1${number(to)}.0.0`)
    .replace(new RegExp(`^( +default: )${from}$`, "m"), `$1${to}`)
    .replace(/^ {2}x-deprecation:\n(?: {4}.*\n)+/m, "")
    .replace(/^ +deprecated: true\n/gm, "");
}

function withVersion(root: string, file: string, from: string, to: string): string {
  const text = readFileSync(join(root, file), "utf8");
  const line = new RegExp(`^import [^\\n]*\\bas ${from} \\}[^\\n]*\\n`, "m").exec(text)?.[0];
  const list = /(= \{[^}]*?),?(\s*\};\s*)$/;
  if (line === undefined || !list.test(text)) {
    throw new CommandError(file, "has no list of versions as it is known here", "add it by hand");
  }
  return text.replace(line, `${line}${renameVersion(line, from, to)}`).replace(list, `$1, ${to}$2`);
}

function withContract(root: string, folder: string, contract: string): string {
  const manifest = JSON.parse(readFileSync(join(root, folder, "function.json"), "utf8")) as {
    readonly contracts?: readonly string[];
  };
  return `${JSON.stringify({ ...manifest, contracts: [...(manifest.contracts ?? []), contract] })}\n`;
}

function withDocument(root: string, api: string, version: string): string {
  const text = readFileSync(join(root, "redocly.yaml"), "utf8");
  const entries = new RegExp(`(?:^ {2}${api}@v\\d+:\\n    root: .*\\n)+`, "m");
  return text.replace(
    entries,
    (found) => `${found}  ${api}@${version}:\n    root: api/${api}/${version}.yaml\n`,
  );
}
