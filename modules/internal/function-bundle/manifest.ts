import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a function package says of itself in its `function.json`. */
export interface FunctionManifest {
  /** Name of the function and of its folder, e.g. `todos`. */
  readonly name: string;
  /** Entry file within the package, e.g. `index.ts`. */
  readonly entry: string;
  /** Lambda handler within the bundle, e.g. `index.handler`. */
  readonly handler: string;
  /** Seconds after which Lambda ends an invocation. */
  readonly timeoutSeconds: number;
  /** Memory in MiB, which also sets the CPU share. */
  readonly memoryMegabytes: number;
  /** Largest minified bundle allowed, in KiB; a test holds it. */
  readonly bundleBudgetKilobytes: number;
  /**
   * Files that are loaded only when they are needed, e.g. `lazy.ts` by `import("./lazy.js")`: each is bundled to a file of its
   * own, so that it costs nothing at start. @default none
   */
  readonly lazyFiles?: readonly string[];
  /** Contracts whose operations it can serve, e.g. `todos/v1` for `api/todos/v1.yaml`. @default none */
  readonly contracts?: readonly string[];
  /** Environment variables that the function reads. */
  readonly environment: { readonly required: readonly string[]; readonly optional: readonly string[] };
}

/** A function built and zipped, ready to upload. */
export interface FunctionArtifact extends FunctionManifest {
  /** Absolute path of the zip. */
  readonly zipPath: string;
  /** SHA-256 of the zip, hexadecimal. */
  readonly sha256: string;
  /** Size in bytes of the minified bundle that is loaded at start, before zipping. */
  readonly bundleBytes: number;
}

/**
 * Reads the manifest of every function package under `functions/`.
 *
 * @param root folder of the project
 * @returns manifests by function name, in alphabetical order
 * @throws Error naming the file, the field and its value for the first field that is missing, out of range or not known
 */
export function readManifests(root: string): Record<string, FunctionManifest> {
  const folder = join(root, "functions");
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "function.json")))
    .sort();
  return Object.fromEntries(names.map((name) => [name, readManifest(root, name)]));
}

function readManifest(root: string, name: string): FunctionManifest {
  const file = `functions/${name}/function.json`;
  const manifest = parse(file, readFileSync(join(root, file), "utf8"));
  const check = (field: string, value: unknown, fits: boolean, wanted: string) => {
    if (!fits) throw new Error(`${file}: ${field} must be ${wanted}, got ${JSON.stringify(value)}`);
  };
  checkKeys(file, "", manifest, KEYS);
  check("name", manifest["name"], manifest["name"] === name, `that of its folder, "${name}"`);
  for (const field of ["entry", "handler"]) {
    const value = manifest[field];
    check(field, value, typeof value === "string" && value !== "", "a text");
  }
  for (const [field, [minimum, maximum]] of Object.entries(RANGES)) {
    const value = manifest[field];
    const fits = Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
    check(field, value, fits, `a whole number from ${minimum} to ${maximum}`);
  }
  const lazyFiles = manifest["lazyFiles"] ?? [];
  check("lazyFiles", lazyFiles, isNames(lazyFiles), "a list of names");
  const contracts = manifest["contracts"] ?? [];
  check("contracts", contracts, isNames(contracts), "a list of names");
  check("environment", manifest["environment"], isObject(manifest["environment"]), "an object");
  const environment = manifest["environment"] as Record<string, unknown>;
  checkKeys(file, "environment.", environment, ["required", "optional"]);
  const { required = [], optional = [] } = environment;
  check("environment.required", required, isNames(required), "a list of names");
  check("environment.optional", optional, isNames(optional), "a list of names");
  return { ...manifest, environment: { required, optional } } as FunctionManifest;
}

const KEYS = [
  "name",
  "entry",
  "handler",
  "timeoutSeconds",
  "memoryMegabytes",
  "bundleBudgetKilobytes",
  "lazyFiles",
  "contracts",
  "environment",
] as const satisfies readonly (keyof FunctionManifest)[];

function checkKeys(file: string, path: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new Error(`${file}: ${path}${unknown} is not known; known are ${known.join(", ")}`);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; a bundle holds at most 250 MB. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  timeoutSeconds: [1, 900],
  memoryMegabytes: [128, 10_240],
  bundleBudgetKilobytes: [1, 256_000],
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

function parse(file: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: not valid JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new Error(`${file}: must hold an object, got ${JSON.stringify(value)}`);
  return value;
}
