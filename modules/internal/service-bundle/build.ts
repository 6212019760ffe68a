import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type BuildFailure, type BuildOptions, type BuildResult, buildSync } from "esbuild";
import { describeFailure, rememberBuild, rememberedBuild, writeWhole } from "../bundling";
import { imageTag, type ServiceArtifact, type ServiceManifest } from "./artifact";
import { readServiceManifests } from "./manifest";

/** File of the folder that the container runs. */
const BUNDLE = "index.mjs";
const DOCKERFILE = "services/Dockerfile";

/**
 * Bundles every service under `services/`.
 *
 * Writes `<root>/.build/services/<name>/<hash>/index.mjs` and, kept apart from what is deployed, the source map
 * `<root>/.build/sourcemaps/services/<name>-<hash>.mjs.map`. Nothing is written unless all services build; each file appears
 * whole. While no file that went into the last build has changed, its artifacts are given again.
 *
 * @param root folder of the project
 * @returns artifacts by service name
 * @throws Error listing every build error as `file:line:column: message`, or naming the file that is missing
 */
export function buildServices(root: string): Record<string, ServiceArtifact> {
  const manifests = Object.values(readServiceManifests(root));
  if (manifests.length === 0) return {};
  if (!existsSync(join(root, DOCKERFILE))) throw new Error(`${DOCKERFILE}: no such file`);
  const began = Date.now();
  // The artifact is made from its source and by this code: a change of what is hashed asks for a new build.
  const recipe = JSON.stringify({ manifests, options: buildOptions(root, manifests), hashing: `${hashOf}` });
  const remembered = rememberedBuild(root, "services", recipe, isWhole(root));
  if (remembered) return remembered;
  const { outputs, inputs } = bundle(root, manifests);
  const dockerfile = readFileSync(join(root, DOCKERFILE));
  const artifacts = Object.fromEntries(
    manifests.map((manifest) => [manifest.name, store(root, manifest, outputs, dockerfile)]),
  );
  rememberBuild(root, "services", { began, recipe, inputs: [...inputs, DOCKERFILE], artifacts });
  return artifacts;
}

interface Bundled {
  /** Content by path within the output. */
  readonly outputs: ReadonlyMap<string, Uint8Array>;
  /** Files that it was made from, from the project's folder. */
  readonly inputs: readonly string[];
}

function bundle(root: string, manifests: readonly ServiceManifest[]): Bundled {
  const options = buildOptions(root, manifests);
  let result: BuildResult<{ write: false; metafile: true }>;
  try {
    result = buildSync({ ...options, write: false, metafile: true });
  } catch (error) {
    throw new Error(describeFailure("services", error as BuildFailure));
  }
  return {
    outputs: new Map(
      result.outputFiles.map((file) => [relative(options.outdir, file.path), file.contents] as const),
    ),
    inputs: Object.keys(result.metafile.inputs),
  };
}

function buildOptions(root: string, manifests: readonly ServiceManifest[]) {
  return {
    absWorkingDir: resolve(root),
    entryPoints: manifests.map(({ name }) => ({ in: `./services/${name}/index.ts`, out: `${name}/index` })),
    outdir: resolve(root, ".build", "bundle"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    // A service starts once and runs for days: what CommonJS saves in loading, as functions do, does not count here.
    format: "esm",
    // Packages in CommonJS ask for Node.js's own modules by `require`, which an ES module does not have.
    banner: {
      js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);',
    },
    mainFields: ["module", "main"],
    minify: true,
    keepNames: false,
    legalComments: "none",
    charset: "utf8",
    // Apart from what is deployed: no reference to it in the bundle, so the bundle's bytes stay free of paths.
    sourcemap: "external",
    sourcesContent: false,
    logLevel: "silent",
  } satisfies BuildOptions;
}

function store(
  root: string,
  manifest: ServiceManifest,
  outputs: ReadonlyMap<string, Uint8Array>,
  dockerfile: Uint8Array,
): ServiceArtifact {
  const { name } = manifest;
  const code = outputs.get(join(name, BUNDLE));
  const sourceMap = outputs.get(join(name, `${BUNDLE}.map`));
  if (!code || !sourceMap) throw new Error(`services/${name}: the bundler gave no ${BUNDLE}`);
  const sha256 = hashOf(dockerfile, code);
  const tag = imageTag({ sha256 });
  const folder = resolve(root, ".build", "services", name, tag);
  writeWhole(join(folder, BUNDLE), code);
  writeWhole(resolve(root, ".build", "sourcemaps", "services", `${name}-${tag}.mjs.map`), sourceMap);
  return { ...manifest, sha256, folder, bundleBytes: code.byteLength };
}

function isWhole(root: string): (artifact: ServiceArtifact) => boolean {
  const dockerfile = readFileSync(join(root, DOCKERFILE));
  return ({ folder, sha256 }) => hashOf(dockerfile, readFileSync(join(folder, BUNDLE))) === sha256;
}

/** Of all that an image is made from: another Dockerfile makes another image, which needs another tag. */
function hashOf(dockerfile: Uint8Array, code: Uint8Array): string {
  return createHash("sha256")
    .update(`${dockerfile.byteLength}\n`)
    .update(dockerfile)
    .update(code)
    .digest("hex");
}
