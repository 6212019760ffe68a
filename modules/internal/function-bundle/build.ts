import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { BuildOptions } from "esbuild";
import { type Zippable, zipSync } from "fflate";
import {
  type Bundled,
  bundle,
  COMMON_OPTIONS,
  failureOf,
  rememberBuild,
  rememberedBuild,
  writeWhole,
} from "../bundling";
import { type FunctionArtifact, type FunctionManifest, readManifests } from "./manifest";
import { strayImports } from "./stray-imports";

/** File times within the zip: the first that the format can hold, so that bytes never depend on a clock. */
const ZIP_EPOCH = new Date(1980, 0, 1);

/**
 * Bundles and zips every function under `functions/`.
 *
 * Writes `<root>/.build/functions/<name>-<hash>.zip` and, kept apart from what is deployed, the source map
 * `<root>/.build/sourcemaps/<name>-<hash>.js.map`. Nothing is written unless all functions build; each file appears whole.
 * While no file that went into the last build has changed, its artifacts are given again.
 *
 * @param root folder of the project
 * @returns artifacts by function name
 * @throws Error listing every build error as `file:line:column: message`
 */
export function buildFunctions(root: string): Record<string, FunctionArtifact> {
  const manifests = Object.values(readManifests(root));
  if (manifests.length === 0) return {};
  const began = Date.now();
  // A function's source stands for what it does: a change of the packing, or of fflate, asks for a new build.
  const packing = `${ZIP_EPOCH} ${pack} ${zipSync}`;
  const recipe = JSON.stringify({ manifests, options: buildOptions(root, manifests), packing });
  const remembered = rememberedBuild<FunctionArtifact>(root, "functions", recipe, isWhole);
  if (remembered) return remembered;
  const { outputs, inputs } = bundleFunctions(root, manifests);
  const built = manifests.map((manifest) => pack(manifest, outputs));
  const artifacts = Object.fromEntries(built.map((output) => [output.manifest.name, store(root, output)]));
  rememberBuild(root, "functions", { began, recipe, inputs, artifacts });
  return artifacts;
}

/** A file of the bundle: what is deployed and, kept apart, its map. */
interface BundledFile {
  /** Without its ending, e.g. `index`. */
  readonly name: string;
  readonly code: Uint8Array;
  readonly sourceMap: Uint8Array;
}

interface PackedFunction {
  readonly manifest: FunctionManifest;
  /** `index` first. */
  readonly files: readonly [BundledFile, ...BundledFile[]];
  readonly zip: Uint8Array;
}

/** Name of a source file without its ending. */
function moduleName(file: string): string {
  return file.replace(/\.ts$/, "");
}

function bundleFunctions(root: string, manifests: readonly FunctionManifest[]): Bundled {
  const bundled = bundle("functions", buildOptions(root, manifests));
  const strays = strayImports(manifests, bundled.metafile);
  if (strays.length > 0) throw new Error(failureOf("functions", strays));
  return bundled;
}

function buildOptions(root: string, manifests: readonly FunctionManifest[]) {
  return {
    ...COMMON_OPTIONS,
    absWorkingDir: resolve(root),
    entryPoints: manifests.flatMap(({ name, entry, lazyFiles = [] }) => [
      { in: `./functions/${name}/${entry}`, out: `${name}/index` },
      ...lazyFiles.map((file) => ({ in: `./functions/${name}/${file}`, out: `${name}/${moduleName(file)}` })),
    ]),
    // Left as they are written, in every function: the files lie beside the bundle that loads them. See strayImports.
    external: manifests.flatMap(({ lazyFiles = [] }) => lazyFiles.map((file) => `./${moduleName(file)}.js`)),
    // `import()` becomes a require, which starts without the loader of ES modules.
    supported: { "dynamic-import": false },
    // What the AWS clients bring and no function uses; together two fifths of the start.
    alias: {
      "@aws-sdk/credential-provider-node": resolve(root, "functions/internal/lambda-credentials.ts"),
      "@smithy/core/event-streams": resolve(root, "functions/internal/no-event-streams.ts"),
    },
    outdir: resolve(root, ".build", "bundle"),
    // CommonJS starts faster and is no larger than ESM here: see docs/decisions/0006-function-bundles.md.
    format: "cjs",
  } satisfies BuildOptions;
}

function pack(manifest: FunctionManifest, outputs: Bundled["outputs"]): PackedFunction {
  const read = (name: string): BundledFile => {
    const code = outputs.get(join(manifest.name, `${name}.js`));
    const sourceMap = outputs.get(join(manifest.name, `${name}.js.map`));
    if (!code || !sourceMap) throw new Error(`functions/${manifest.name}: the bundler gave no ${name}.js`);
    return { name, code, sourceMap };
  };
  const lazy = (manifest.lazyFiles ?? []).map((file) => read(moduleName(file)));
  const files = [read("index"), ...lazy] as const;
  // os and attrs are part of a zip's bytes: fixed to Unix and rw-r--r--, which Lambda needs to read the file.
  const attributes = { mtime: ZIP_EPOCH, level: 9 as const, os: 3, attrs: 0o644 << 16 };
  const content: Zippable = Object.fromEntries(
    files.map(({ name, code }) => [`${name}.js`, [code, attributes] satisfies Zippable[string]]),
  );
  return { manifest, files, zip: zipSync(content) };
}

function store(root: string, { manifest, files, zip }: PackedFunction): FunctionArtifact {
  const sha256 = hashOf(zip);
  const artifact = `${manifest.name}-${sha256.slice(0, 16)}`;
  const zipPath = resolve(root, ".build", "functions", `${artifact}.zip`);
  writeWhole(zipPath, zip);
  for (const { name, sourceMap } of files) {
    const file = name === "index" ? `${artifact}.js.map` : `${artifact}.${name}.js.map`;
    writeWhole(resolve(root, ".build", "sourcemaps", file), sourceMap);
  }
  return { ...manifest, zipPath, sha256, bundleBytes: files[0].code.byteLength };
}

function isWhole({ zipPath, sha256 }: FunctionArtifact): boolean {
  return hashOf(readFileSync(zipPath)) === sha256;
}

function hashOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
