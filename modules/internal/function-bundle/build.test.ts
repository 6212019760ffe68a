import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { buildFunctions } from ".";

const manifest = (name: string) => ({
  name,
  entry: "index.ts",
  handler: "index.handler",
  timeoutSeconds: 10,
  memoryMegabytes: 256,
  bundleBudgetKilobytes: 10,
  environment: { required: ["TABLE"], optional: [] },
});

/** Two functions that share a file and a package, as those of a project do. */
const PROJECT: Readonly<Record<string, string>> = {
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

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function project(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), "function-bundle-"));
  folders.push(root);
  for (const [path, content] of Object.entries({ ...PROJECT, ...files })) write(root, path, content);
  return root;
}

function write(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const built = (root: string, folder = "functions") => readdirSync(join(root, ".build", folder)).sort();
const hashes = (root: string) =>
  Object.fromEntries(Object.values(buildFunctions(root)).map(({ name, sha256 }) => [name, sha256]));

describe("the same source gives the same bytes", () => {
  const first = project();
  const expected = hashes(first);

  test("in another folder, with other file times, at another time", () => {
    const second = project();
    for (const [index, path] of Object.keys(PROJECT).entries()) {
      utimesSync(join(second, path), new Date(2001, 1, 1), new Date(2001, 1, 1 + index));
    }
    jest.useFakeTimers({ now: new Date(2040, 5, 5), doNotFake: ["nextTick", "setImmediate"] });
    const artifacts = buildFunctions(second);
    jest.useRealTimers();
    expect(hashes(second)).toEqual(expected);
    for (const { name, sha256, zipPath } of Object.values(artifacts)) {
      const other = join(first, ".build", "functions", `${name}-${sha256.slice(0, 16)}.zip`);
      expect(readFileSync(zipPath).equals(readFileSync(other))).toBe(true);
    }
    expect(built(second)).toEqual(built(first));
    expect(built(second, "sourcemaps")).toEqual(built(first, "sourcemaps"));
  });

  test("below a symbolic link", () => {
    const link = join(mkdtempSync(join(tmpdir(), "function-bundle-")), "link");
    folders.push(dirname(link));
    symlinkSync(first, link);
    expect(hashes(link)).toEqual(expected);
  });

  test("beside another function", () => {
    const more = project({
      "functions/again/function.json": JSON.stringify(manifest("again")),
      "functions/again/index.ts": 'export { handler } from "../hello";\n',
    });
    expect(hashes(more)).toMatchObject(expected);
  });

  test("in other time zones, in two builds at once in one folder", async () => {
    const root = project();
    const code = `
      const { buildFunctions } = require(${JSON.stringify(join(__dirname, "build.ts"))});
      for (let round = 0; round < 5; round++) buildFunctions(process.argv[1]);
      console.log(JSON.stringify(Object.values(buildFunctions(process.argv[1])).map((f) => [f.name, f.sha256])));
    `;
    const answers = await Promise.all(
      ["Pacific/Kiritimati", "America/Los_Angeles"].map((TZ) =>
        promisify(execFile)(process.execPath, ["--require", "tsx/cjs", "--eval", code, root], {
          cwd: __dirname,
          env: { ...process.env, TZ },
        }),
      ),
    );
    for (const { stdout } of answers) expect(Object.fromEntries(JSON.parse(stdout))).toEqual(expected);
    expect(built(root)).toEqual(built(first));
  }, 30_000);
});

test("the hash is that of the zip, and names it", () => {
  const { hello } = buildFunctions(project());
  const zip = readFileSync(hello?.zipPath ?? "");
  expect(hello?.sha256).toBe(createHash("sha256").update(zip).digest("hex"));
  expect(hello?.zipPath).toContain(`hello-${hello?.sha256.slice(0, 16)}.zip`);
});

test("a zip holds the minified bundle alone, and the bundle runs", () => {
  const { hello } = buildFunctions(project());
  const files = unzipSync(readFileSync(hello?.zipPath ?? ""));
  expect(Object.keys(files)).toEqual(["index.js"]);
  const code = Buffer.from(files["index.js"] ?? []).toString();
  expect(code).toHaveLength(hello?.bundleBytes ?? 0);
  expect(code).not.toContain("A comment");
  const loaded: { exports: { handler?: () => Promise<string> } } = { exports: {} };
  new Function("module", "exports", "require", code)(loaded, loaded.exports, require);
  return expect(loaded.exports.handler?.()).resolves.toBe("hello \ndep");
});

test("source maps are kept apart, and neither zip nor map holds a path of this machine", () => {
  const root = project();
  const { hello } = buildFunctions(root);
  const map = readFileSync(
    join(root, ".build", "sourcemaps", `hello-${hello?.sha256.slice(0, 16)}.js.map`),
    "utf8",
  );
  expect(JSON.parse(map).sources).toContain("../../../functions/internal/greet.ts");
  expect(map).not.toContain(root);
  const code = Buffer.from(unzipSync(readFileSync(hello?.zipPath ?? ""))["index.js"] ?? []).toString();
  expect(code).not.toContain("sourceMappingURL");
  expect(code).not.toContain(root);
});

describe("changing one function", () => {
  test("changes exactly its artifact", () => {
    const root = project();
    const before = hashes(root);
    write(root, "functions/bye/index.ts", "export const handler = async (): Promise<string> => 'goodbye';\n");
    const after = hashes(root);
    expect(after["hello"]).toBe(before["hello"]);
    expect(after["bye"]).not.toBe(before["bye"]);
    expect(built(root)).toHaveLength(3);
  });

  test("in its comments alone changes no artifact, but its source map", () => {
    const root = project();
    const before = hashes(root);
    const maps = () =>
      built(root, "sourcemaps").map((name) => readFileSync(join(root, ".build/sourcemaps", name), "utf8"));
    const mapsBefore = maps();
    write(root, "functions/bye/index.ts", `// Said last.\n${PROJECT["functions/bye/index.ts"]}`);
    expect(hashes(root)).toEqual(before);
    const changed = maps().map((map, index) => map !== mapsBefore[index]);
    expect(changed).toEqual([true, false]);
  });
});

test("an artifact that is not as it was written is written anew", () => {
  const root = project();
  const { hello } = buildFunctions(root);
  truncateSync(hello?.zipPath ?? "", 10);
  const again = buildFunctions(root)["hello"];
  expect(
    createHash("sha256")
      .update(readFileSync(again?.zipPath ?? ""))
      .digest("hex"),
  ).toBe(hello?.sha256);
});

describe("a build whose files have not changed", () => {
  /** Marks what is remembered, so that it can be told from a build. */
  function remember(root: string): void {
    for (const file of Object.keys(PROJECT)) utimesSync(join(root, file), 1000, 1000);
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

  test.each<[name: string, change: (root: string) => void]>([
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
    ["a memory that was cut short", (root) => truncateSync(join(root, ".build/functions.json"), 100)],
  ])("is repeated for %s", (_name, change) => {
    const root = project();
    remember(root);
    change(root);
    expect(sizes(root)).not.toContain(-1);
  });
});

describe("a build that fails", () => {
  const broken = "export const handler = async () => {\n  return missing(;\n};\n";

  test("names file, line and column of every error", () => {
    const root = project({
      "functions/bye/index.ts": broken,
      "functions/hello/index.ts":
        'import { absent } from "./absent";\nexport const handler = () => absent;\n',
    });
    expect(() => buildFunctions(root)).toThrow(
      new Error(
        "functions: the build failed, nothing was written:\n" +
          '  functions/bye/index.ts:2:18: Unexpected ";"\n' +
          '  functions/hello/index.ts:1:24: Could not resolve "./absent"',
      ),
    );
  });

  test("names an entry that is not there", () => {
    const root = project({
      "functions/bye/function.json": JSON.stringify({ ...manifest("bye"), entry: "main.ts" }),
    });
    expect(() => buildFunctions(root)).toThrow(
      new Error(
        "functions: the build failed, nothing was written:\n" +
          '  Could not resolve "./functions/bye/main.ts"',
      ),
    );
  });

  test("writes nothing, not even the functions that are well", () => {
    const root = project({ "functions/bye/index.ts": broken });
    expect(() => buildFunctions(root)).toThrow();
    expect(readdirSync(root).sort()).toEqual(["functions", "node_modules"]);
  });

  test("leaves the artifacts of the last build as they are", () => {
    const root = project();
    const before = buildFunctions(root);
    const bytes = (zipPath: string) => readFileSync(zipPath).toString("base64");
    const zips = Object.values(before).map(({ zipPath }) => bytes(zipPath));
    write(root, "functions/bye/index.ts", broken);
    expect(() => buildFunctions(root)).toThrow();
    expect(Object.values(before).map(({ zipPath }) => bytes(zipPath))).toEqual(zips);
    expect(built(root)).toHaveLength(2);
  });

  test("in writing leaves no half of a file", () => {
    const root = project();
    const target = buildFunctions(root)["bye"]?.zipPath ?? "";
    rmSync(target);
    // A folder in the file's place: the rename fails, whoever runs the test.
    mkdirSync(join(target, "in-the-way"), { recursive: true });
    expect(() => buildFunctions(root)).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(built(root).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });
});

test("a project without functions builds none", () => {
  const root = mkdtempSync(join(tmpdir(), "function-bundle-"));
  folders.push(root);
  expect(buildFunctions(root)).toEqual({});
});
