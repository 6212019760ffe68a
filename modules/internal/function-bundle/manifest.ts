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
  /** Environment variables that the function reads. */
  readonly environment: { readonly required: readonly string[]; readonly optional: readonly string[] };
}

/** A function built and zipped, ready to upload. */
export interface FunctionArtifact extends FunctionManifest {
  /** Absolute path of the zip. */
  readonly zipPath: string;
  /** SHA-256 of the zip, hexadecimal. */
  readonly sha256: string;
  /** Size of the minified bundle in bytes, before zipping. */
  readonly bundleBytes: number;
}

/**
 * Reads the manifest of every function package under `functions/`.
 *
 * @param root folder of the project
 * @returns manifests by function name, in alphabetical order
 * @throws Error naming the file, the field and its value for the first field that is missing or of the wrong type
 */
export function readManifests(root: string): Record<string, FunctionManifest> {
  const folder = join(root, "functions");
  const names = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "function.json")))
    .sort();
  return Object.fromEntries(names.map((name) => [name, readManifest(root, name)]));
}

function readManifest(root: string, name: string): FunctionManifest {
  const file = `functions/${name}/function.json`;
  const manifest = parse(file, readFileSync(join(root, file), "utf8"));
  const fields: Record<string, "string" | "number" | "object"> = {
    name: "string",
    entry: "string",
    handler: "string",
    timeoutSeconds: "number",
    memoryMegabytes: "number",
    bundleBudgetKilobytes: "number",
    environment: "object",
  };
  for (const [field, type] of Object.entries(fields)) {
    if (typeof manifest[field] !== type) {
      throw new Error(`${file}: ${field} must be a ${type}, got ${JSON.stringify(manifest[field])}`);
    }
  }
  if (manifest["name"] !== name) {
    throw new Error(
      `${file}: name must be that of its folder, "${name}", got ${JSON.stringify(manifest["name"])}`,
    );
  }
  const { required = [], optional = [] } = manifest["environment"] as Partial<
    FunctionManifest["environment"]
  >;
  return { ...(manifest as unknown as FunctionManifest), environment: { required, optional } };
}

function parse(file: string, text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${file}: not valid JSON: ${(error as Error).message}`);
  }
}
