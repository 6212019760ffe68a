import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectsWith } from "../bundling";
import { buildFunctions } from ".";

/** For tests: the manifest of a function. */
export const manifest = (name: string) => ({
  name,
  entry: "index.ts",
  handler: "index.handler",
  timeoutSeconds: 10,
  memoryMegabytes: 256,
  bundleBudgetKilobytes: 10,
  environment: { required: ["TABLE"], optional: [] },
});

/** For tests: two functions that share a file and a package, as those of a project do. */
export const PROJECT: Readonly<Record<string, string>> = {
  "functions/hello/function.json": JSON.stringify(manifest("hello")),
  "functions/hello/index.ts":
    'import { greet } from "../internal/greet";\nimport dep from "dep";\nexport const handler = async (): Promise<string> => greet(dep.name);\n',
  "functions/bye/function.json": JSON.stringify(manifest("bye")),
  "functions/bye/index.ts":
    "export const handler = async (): Promise<string> => `bye ${__filename.length}`;\n",
  "functions/internal/greet.ts":
    "// A comment that no bundle holds.\nexport const greet = (name: string): string => `hello ${name}`;\n",
  "node_modules/dep/package.json": '{ "name": "dep", "version": "1.0.0", "main": "index.js" }',
  "node_modules/dep/index.js": 'module.exports = { name: require("node:os").EOL + "dep" };\n',
};

/** For tests: makes folders that hold {@link PROJECT} and more files. Call at the top of a test file. */
export function sampleProjects(): (files?: Readonly<Record<string, string>>) => string {
  return projectsWith(PROJECT);
}

/** For tests: names of what was built. @param folder below `.build` */
export function built(root: string, folder = "functions"): string[] {
  return readdirSync(join(root, ".build", folder)).sort();
}

/** For tests: builds, and gives each function's hash. */
export function hashes(root: string): Record<string, string> {
  const artifacts = Object.values(buildFunctions(root));
  return Object.fromEntries(artifacts.map(({ name, sha256 }) => [name, sha256]));
}
