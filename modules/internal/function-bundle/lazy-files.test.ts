import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { write } from "../bundling";
import { buildFunctions, readManifests } from ".";
import { manifest } from "./sample-project";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lazy-files-"));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Writes a function whose `lazy.ts` is loaded by a call of the handler alone. */
function writeFunction(lazyFiles: unknown): void {
  write(root, "functions/greeter/function.json", JSON.stringify({ ...manifest("greeter"), lazyFiles }));
  write(
    root,
    "functions/greeter/index.ts",
    'export const handler = async () => (await import("./lazy.js")).greet();',
  );
  write(root, "functions/greeter/lazy.ts", 'export function greet() { return "hello from afar"; }');
}

/** Writes a function beside it that takes in `importer`, which has the code and, if named, a file beside it. */
function writeOther(importer: string, code: string, file?: string): void {
  write(root, "functions/other/function.json", JSON.stringify(manifest("other")));
  write(root, "functions/other/index.ts", 'export { handler } from "../internal/shared";');
  write(root, "functions/internal/shared.ts", 'export { handler } from "dep";');
  write(root, importer, code);
  if (file !== undefined) write(root, file, "export function handler() {}");
}

test("a lazy file is beside the bundle in the zip, not in it, and is found from it", async () => {
  writeFunction(["lazy.ts"]);
  const { zipPath, bundleBytes } = buildFunctions(root)["greeter"] ?? {};
  const files = unzipSync(readFileSync(zipPath as string));
  expect(Object.keys(files)).toEqual(["index.js", "lazy.js"]);
  expect(Buffer.from(files["index.js"] as Uint8Array).toString()).not.toContain("hello from afar");
  expect(bundleBytes).toBe(files["index.js"]?.byteLength);

  const deployed = join(root, "deployed");
  mkdirSync(deployed);
  for (const [name, code] of Object.entries(files)) writeFileSync(join(deployed, name), code);
  await expect(require(join(deployed, "index.js")).handler()).resolves.toBe("hello from afar");
});

test("a lazy file is found in a folder of its own, and below a symbolic link", () => {
  writeFunction(["far/lazy.ts"]);
  write(root, "functions/greeter/index.ts", 'export const handler = () => import("./far/lazy.js");');
  write(root, "functions/greeter/far/lazy.ts", "export const far = true;");
  const { sha256, zipPath } = buildFunctions(root)["greeter"] ?? {};
  expect(Object.keys(unzipSync(readFileSync(zipPath as string)))).toEqual(["index.js", "far/lazy.js"]);
  const link = join(root, "link");
  symlinkSync(root, link);
  rmSync(join(root, ".build"), { recursive: true });
  expect(buildFunctions(link)["greeter"]?.sha256).toBe(sha256);
});

test("its source map is kept apart too", () => {
  writeFunction(["lazy.ts"]);
  const { sha256 } = buildFunctions(root)["greeter"] ?? {};
  const map = join(root, ".build", "sourcemaps", `greeter-${sha256?.slice(0, 16)}.lazy.js.map`);
  expect(JSON.parse(readFileSync(map, "utf8")).sources).toEqual(["../../../functions/greeter/lazy.ts"]);
});

test("lazyFiles must be a list of names", () => {
  writeFunction("lazy.ts");
  expect(() => readManifests(root)).toThrow(
    new Error('functions/greeter/function.json: lazyFiles must be a list of names, got "lazy.ts"'),
  );
});

describe("a file of another function that is named as a lazy file", () => {
  const stray = (file: string) =>
    new Error(
      "functions: the build failed, nothing was written:\n" +
        `  ${file}: "./lazy.js" is left out of the bundle and is no lazy file of functions/other: rename it`,
    );

  test.each([
    [
      "its own",
      "functions/other/index.ts",
      'export { handler } from "./lazy.js";',
      "functions/other/lazy.ts",
    ],
    [
      "that of shared code",
      "functions/internal/shared.ts",
      'export { handler } from "./lazy.js";',
      "functions/internal/lazy.ts",
    ],
    [
      "that of a package",
      "node_modules/dep/index.js",
      'exports.handler = require("./lazy.js");',
      "node_modules/dep/lazy.js",
    ],
  ])("is refused: %s", (_case, importer, code, file) => {
    writeFunction(["lazy.ts"]);
    writeOther(importer, code, file);
    expect(() => buildFunctions(root)).toThrow(stray(importer));
    expect(readdirSync(root).sort()).not.toContain(".build");
  });

  test("is refused where a function takes in one that has lazy files: its zip lacks them", () => {
    writeFunction(["lazy.ts"]);
    writeOther("functions/other/index.ts", 'export { handler } from "../greeter";');
    expect(() => buildFunctions(root)).toThrow(stray("functions/greeter/index.ts"));
  });
});
