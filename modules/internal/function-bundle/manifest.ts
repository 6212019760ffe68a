import { isObject, type ManifestReader, readManifestFiles } from "../bundling";

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
  /** Events that it makes or takes, e.g. `order-placed/v1` for `api/events/order-placed/v1.json`. @default none */
  readonly events?: readonly string[];
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
  return readManifestFiles(root, "functions", "function.json", readManifest);
}

function readManifest(name: string, manifest: ManifestReader): FunctionManifest {
  const { fields } = manifest;
  manifest.checkKeys("", fields, KEYS);
  manifest.check("name", fields["name"], fields["name"] === name, `that of its folder, "${name}"`);
  for (const field of ["entry", "handler"]) manifest.checkText(field);
  for (const [field, [minimum, maximum]] of Object.entries(RANGES)) {
    manifest.checkRange(field, minimum, maximum);
  }
  manifest.checkNames("lazyFiles", fields["lazyFiles"] ?? []);
  manifest.checkNames("contracts", fields["contracts"] ?? []);
  manifest.checkNames("events", fields["events"] ?? []);
  const environment = fields["environment"];
  manifest.check("environment", environment, isObject(environment), "an object");
  const { required = [], optional = [] } = environment as Record<string, unknown>;
  manifest.checkKeys("environment.", environment as object, ["required", "optional"]);
  manifest.checkNames("environment.required", required);
  manifest.checkNames("environment.optional", optional);
  return { ...fields, environment: { required, optional } } as unknown as FunctionManifest;
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
  "events",
  "environment",
] as const satisfies readonly (keyof FunctionManifest)[];

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; a bundle holds at most 250 MB. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  timeoutSeconds: [1, 900],
  memoryMegabytes: [128, 10_240],
  bundleBudgetKilobytes: [1, 256_000],
};
