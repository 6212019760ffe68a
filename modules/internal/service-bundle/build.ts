import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { BuildOptions } from "esbuild";
import {
  type Bundled,
  bundle,
  COMMON_OPTIONS,
  rememberBuild,
  rememberedBuild,
  writeWhole,
} from "../bundling";
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
  const { outputs, inputs } = bundle("services", buildOptions(root, manifests));
  const dockerfile = readFileSync(join(root, DOCKERFILE));
  const artifacts = Object.fromEntries(
    manifests.map((manifest) => [manifest.name, store(root, manifest, outputs, dockerfile)]),
  );
  rememberBuild(root, "services", { began, recipe, inputs: [...inputs, DOCKERFILE], artifacts });
  return artifacts;
}

function buildOptions(root: string, manifests: readonly ServiceManifest[]) {
  return {
    ...COMMON_OPTIONS,
    absWorkingDir: resolve(root),
    entryPoints: manifests.map(({ name }) => ({ in: `./services/${name}/index.ts`, out: `${name}/index` })),
    outdir: resolve(root, ".build", "bundle"),
    outExtension: { ".js": ".mjs" },
    // A service starts once and runs for days: what CommonJS saves in loading, as functions do, does not count here.
    format: "esm",
    // Packages in CommonJS ask for Node.js's own modules by `require`, which an ES module does not have.
    banner: {
      js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);',
    },
  } satisfies BuildOptions;
}

function store(
  root: string,
  manifest: ServiceManifest,
  outputs: Bundled["outputs"],
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
