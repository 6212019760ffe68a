import { readdirSync, readFileSync, rmSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { write } from "../bundling";
import { buildFunctions } from ".";
import { built, manifest, PROJECT, sampleProjects } from "./sample-project";

const project = sampleProjects();

describe("a build whose files have not changed", () => {
  /** Marks what is remembered, so that it can be told from a build. */
  function remember(root: string, more: readonly string[] = []): void {
    for (const file of [...Object.keys(PROJECT), ...more]) utimesSync(join(root, file), 1000, 1000);
    buildFunctions(root);
    const memory = join(root, ".build", "functions.json");
    write(
      root,
      ".build/functions.json",
      readFileSync(memory, "utf8").replace(/"bundleBytes":\d+/g, '"bundleBytes":-1'),
    );
  }
  const sizes = (root: string) => Object.values(buildFunctions(root)).map(({ bundleBytes }) => bundleBytes);

  test("is not repeated", () => {
    const root = project();
    remember(root);
    expect(sizes(root)).toEqual([-1, -1]);
  });

  test("is repeated when a file was written while it ran", () => {
    const root = project();
    const later = Date.now() / 1000 + 3600;
    utimesSync(join(root, "functions/internal/greet.ts"), later, later);
    buildFunctions(root);
    expect(readdirSync(join(root, ".build"))).not.toContain("functions.json");
  });

  test("is not repeated in a project with settings, either", () => {
    const settings = { "tsconfig.json": "{}", "package.json": "{}", "package-lock.json": "{}" };
    const root = project(settings);
    remember(root, Object.keys(settings));
    expect(sizes(root)).toEqual([-1, -1]);
  });

  test.each<[name: string, change: (root: string) => void, files?: Record<string, string>]>([
    ["a shared file", (root) => utimesSync(join(root, "functions/internal/greet.ts"), 1, 1)],
    [
      "a package",
      (root) => write(root, "node_modules/dep/index.js", 'module.exports = { name: "other" };\n'),
    ],
    [
      "a manifest",
      (root) =>
        write(root, "functions/bye/function.json", JSON.stringify({ ...manifest("bye"), timeoutSeconds: 9 })),
    ],
    [
      "an artifact that was damaged",
      (root) => truncateSync(join(root, ".build/functions", built(root)[0] as string)),
    ],
    ["an artifact that is gone", (root) => rmSync(join(root, ".build/functions"), { recursive: true })],
    ["new settings of the compiler", (root) => write(root, "tsconfig.json", "{}")],
    [
      "other settings of the compiler",
      (root) => write(root, "tsconfig.json", '{ "compilerOptions": { "target": "ES2022" } }'),
      { "tsconfig.json": "{}" },
    ],
    ["other packages", (root) => write(root, "package-lock.json", "{ }"), { "package-lock.json": "{}" }],
    [
      "another description of the project",
      (root) => write(root, "package.json", '{ "sideEffects": false }'),
      { "package.json": "{}" },
    ],
    ["a memory that was cut short", (root) => truncateSync(join(root, ".build/functions.json"), 100)],
  ])("is repeated for %s", (_name, change, files = {}) => {
    const root = project(files);
    remember(root, Object.keys(files));
    change(root);
    expect(sizes(root)).not.toContain(-1);
  });
});
