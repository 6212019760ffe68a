import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, symlinkSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { temporaryFolders, write } from "../bundling";
import { buildFunctions } from ".";
import { built, hashes, manifest, PROJECT, sampleProjects } from "./sample-project";

const project = sampleProjects();
const newFolder = temporaryFolders();

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
    const link = join(newFolder(), "link");
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

test("a project without functions builds none", () => {
  expect(buildFunctions(newFolder())).toEqual({});
});
