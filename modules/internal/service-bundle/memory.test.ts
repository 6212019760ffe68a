import { readFileSync, rmSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { write } from "../bundling";
import { buildServices } from ".";
import { MANIFEST, PROJECT, sampleProjects } from "./fixture";

const project = sampleProjects();
const sizes = (root: string) => Object.values(buildServices(root)).map(({ bundleBytes }) => bundleBytes);

/** Builds, and marks what is remembered, so that it can be told from a build. */
function remembered(): string {
  const root = project();
  for (const file of Object.keys(PROJECT)) utimesSync(join(root, file), 1000, 1000);
  buildServices(root);
  const memory = readFileSync(join(root, ".build", "services.json"), "utf8");
  write(root, ".build/services.json", memory.replace(/"bundleBytes":\d+/g, '"bundleBytes":-1'));
  return root;
}

test("a build whose files have not changed is not repeated", () => {
  expect(sizes(remembered())).toEqual([-1, -1]);
});

test.each<[name: string, change: (root: string) => void]>([
  ["a shared file", (root) => utimesSync(join(root, "services/internal/greet.ts"), 1, 1)],
  ["a package", (root) => write(root, "node_modules/dep/index.js", 'module.exports = { name: "other" };\n')],
  ["the Dockerfile", (root) => write(root, "services/Dockerfile", "FROM other\n")],
  [
    "a manifest",
    (root) => write(root, "services/bye/service.json", JSON.stringify({ ...MANIFEST, port: 9090 })),
  ],
  [
    "a bundle that was damaged",
    (root) => truncateSync(join(Object.values(buildServices(root))[0]?.folder ?? "", "index.mjs")),
  ],
  ["bundles that are gone", (root) => rmSync(join(root, ".build/services"), { recursive: true })],
])("it is repeated for %s", (_name, change) => {
  const root = remembered();
  change(root);
  expect(sizes(root)).not.toContain(-1);
});
