import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";
import { unzipSync } from "fflate";
import { buildFunctions } from "../../../modules/internal/function-bundle";

/** A function to start. */
export interface Variant {
  readonly name: string;
  /** File with the handler. */
  readonly file: string;
  /** Bytes loaded at start. */
  readonly bytes: number;
}

/** esbuild's, as the functions are built; the part that differs between variants is left out. */
const LEAN: BuildOptions = {
  mainFields: ["module", "main"],
  minify: true,
  legalComments: "none",
  charset: "utf8",
  target: "node20",
};
const REQUIRE_IN_ESM =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/**
 * Builds what is compared: first the empty function, which is the measure of the others.
 *
 * @param root folder of the project
 * @param folder receives the bundles
 */
export function buildVariants(root: string, folder: string): [Variant, ...Variant[]] {
  const entry = (name: string) => join(__dirname, "variants", name);
  const todos = join(root, "functions", "todos", "index.ts");
  const alias = {
    "@aws-sdk/credential-provider-node": join(root, "functions", "internal", "lambda-credentials.ts"),
    "@smithy/core/event-streams": join(root, "functions", "internal", "no-event-streams.ts"),
  };
  const lazy = { external: ["./dax-client.js"], supported: { "dynamic-import": false } };
  const esm: BuildOptions = { ...LEAN, format: "esm", banner: { js: REQUIRE_IN_ESM } };
  const bundle = (name: string, source: string, options: BuildOptions): Variant => {
    const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.${options.format === "esm" ? "mjs" : "js"}`);
    buildSync({
      bundle: true,
      platform: "node",
      format: "cjs",
      logLevel: "error",
      ...options,
      entryPoints: [source],
      outfile: file,
    });
    return { name, file, bytes: readFileSync(file).byteLength };
  };
  return [
    bundle("empty function", entry("empty.ts"), LEAN),
    deployedTodos(root, folder),
    bundle("AWS client alone", entry("aws-client-alone.ts"), { ...LEAN, ...lazy, alias }),
    bundle("todos, DAX client in the bundle", todos, { ...LEAN, alias }),
    bundle("todos, AWS client whole", todos, { ...LEAN, ...lazy }),
    bundle("todos, with Powertools' tracer", entry("todos-with-tracer.ts"), { ...LEAN, ...lazy, alias }),
    bundle("todos, as an ES module", todos, { ...esm, external: ["./dax-client.js"], alias }),
    bundle("empty function, as an ES module", entry("empty.ts"), esm),
    bundle("typical form, esbuild's defaults", entry("typical.mts"), {}),
  ];
}

/** The very bytes that are deployed. */
function deployedTodos(root: string, folder: string): Variant {
  const artifact = buildFunctions(root)["todos"];
  if (!artifact) throw new Error("functions/todos is missing");
  const deployed = join(folder, "todos");
  mkdirSync(deployed, { recursive: true });
  for (const [name, content] of Object.entries(unzipSync(readFileSync(artifact.zipPath)))) {
    writeFileSync(join(deployed, name), content);
  }
  return {
    name: "functions/todos, as deployed",
    file: join(deployed, "index.js"),
    bytes: artifact.bundleBytes,
  };
}
