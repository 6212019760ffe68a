/**
 * Builds the package: one file for `import`, one for `require`, and the types. With the compilers of the repository.
 *
 *   node build.mjs <folder>
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, "dist"));
const common = {
  entryPoints: [join(here, "src/index.ts")],
  bundle: true,
  platform: "neutral",
  target: "es2022",
};
await build({ ...common, format: "esm", outfile: join(folder, "index.mjs") });
await build({ ...common, format: "cjs", outfile: join(folder, "index.cjs") });
const compiler = fileURLToPath(new URL("../../node_modules/typescript-native/bin/tsc", import.meta.url));
const args = [compiler, "-p", join(here, "tsconfig.json"), "--outDir", join(folder, "types")];
process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
