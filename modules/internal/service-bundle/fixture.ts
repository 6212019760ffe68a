import { projectsWith } from "../bundling";
import { buildServices } from ".";

/** The manifest of a service. */
export const MANIFEST = {
  description: "Says hello.",
  port: 8080,
  cpu: 256,
  memoryMegabytes: 512,
  environment: { GREETING: { required: true, description: "What it says." } },
  gracefulStopSeconds: 25,
};

/** Two services that share a file and a package in CommonJS, as those of a project do. */
export const PROJECT: Readonly<Record<string, string>> = {
  "services/Dockerfile": "FROM scratch\n",
  "services/hello/service.json": JSON.stringify(MANIFEST),
  "services/hello/index.ts":
    'import { greet } from "../internal/greet";\nimport dep from "dep";\nconst name: string = dep.name;\nconsole.log(greet(name));\n',
  "services/bye/service.json": JSON.stringify({ ...MANIFEST, description: "Says goodbye." }),
  "services/bye/index.ts": 'console.log("bye", process.argv[2]);\n',
  "services/internal/greet.ts":
    "// A comment that no bundle holds.\nexport const greet = (name: string): string => `hello ${name}`;\n",
  "node_modules/dep/package.json": '{ "name": "dep", "version": "1.0.0", "main": "index.js" }',
  "node_modules/dep/index.js": 'module.exports = { name: require("node:os").EOL + "dep" };\n',
};

/** Makes folders that hold {@link PROJECT} and more files. Call at the top of a test file. */
export function sampleProjects(): (files?: Readonly<Record<string, string>>) => string {
  return projectsWith(PROJECT);
}

/** Builds, and gives each service's hash. */
export function hashes(root: string): Record<string, string> {
  const artifacts = Object.values(buildServices(root));
  return Object.fromEntries(artifacts.map(({ name, sha256 }) => [name, sha256]));
}
