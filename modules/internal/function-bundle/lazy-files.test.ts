import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { buildFunctions, readManifests } from ".";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lazy-files-"));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Writes a function whose `lazy.ts` is loaded by a call of the handler alone. */
function writeFunction(lazyFiles: unknown): void {
  const folder = join(root, "functions", "greeter");
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: "greeter",
    entry: "index.ts",
    handler: "index.handler",
    timeoutSeconds: 3,
    memoryMegabytes: 128,
    bundleBudgetKilobytes: 10,
    lazyFiles,
    environment: {},
  };
  writeFileSync(join(folder, "function.json"), JSON.stringify(manifest));
  writeFileSync(
    join(folder, "index.ts"),
    'export const handler = async () => (await import("./lazy.js")).greet();',
  );
  writeFileSync(join(folder, "lazy.ts"), 'export function greet() { return "hello from afar"; }');
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
