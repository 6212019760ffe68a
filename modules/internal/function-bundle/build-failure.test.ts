import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { write } from "../bundling";
import { buildFunctions } from ".";
import { built, manifest, sampleProjects } from "./sample-project";

const project = sampleProjects();

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
