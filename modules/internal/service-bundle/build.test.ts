import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolders, write } from "../bundling";
import { buildServices, imageTag } from ".";
import { hashes, PROJECT, sampleProjects } from "./fixture";

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
    const artifacts = buildServices(second);
    jest.useRealTimers();
    expect(hashes(second)).toEqual(expected);
    for (const { name, sha256, folder } of Object.values(artifacts)) {
      const other = join(first, ".build", "services", name, imageTag({ sha256 }), "index.mjs");
      expect(readFileSync(join(folder, "index.mjs")).equals(readFileSync(other))).toBe(true);
    }
  });

  test("below a symbolic link", () => {
    const link = join(newFolder(), "link");
    symlinkSync(first, link);
    expect(hashes(link)).toEqual(expected);
  });
});

test("the folder is named by the tag of the image and holds the bundle alone", () => {
  const { hello } = buildServices(project());
  expect(hello?.folder).toMatch(new RegExp(`/\\.build/services/hello/${hello?.sha256.slice(0, 16)}$`));
  expect(readdirSync(hello?.folder ?? "")).toEqual(["index.mjs"]);
  expect(readFileSync(join(hello?.folder ?? "", "index.mjs"))).toHaveLength(hello?.bundleBytes ?? 0);
});

test("an artifact carries what its manifest says, defaults filled in", () => {
  const { hello } = buildServices(project());
  expect(hello).toMatchObject({
    name: "hello",
    description: "Says hello.",
    port: 8080,
    cpu: 256,
    memoryMegabytes: 512,
    environment: { GREETING: { required: true, description: "What it says." } },
    secrets: {},
    commands: {},
    contracts: [],
    events: [],
    gracefulStopSeconds: 25,
  });
});

test("the bundle runs where nothing else is, packages in CommonJS included, and is told its command", () => {
  const { hello, bye } = buildServices(project());
  const run = (folder = "", ...args: string[]) =>
    execFileSync(process.execPath, ["index.mjs", ...args], { cwd: folder, encoding: "utf8" });
  expect(run(hello?.folder)).toBe("hello \ndep\n");
  expect(run(bye?.folder, "migrate")).toBe("bye migrate\n");
});

test("source maps are kept apart, and neither bundle nor map holds a path of this machine", () => {
  const root = project();
  const { hello } = buildServices(root);
  const map = readFileSync(
    join(root, ".build", "sourcemaps", "services", `hello-${hello?.sha256.slice(0, 16)}.mjs.map`),
    "utf8",
  );
  expect(JSON.parse(map).sources).toContain("../../../services/internal/greet.ts");
  expect(map).not.toContain(root);
  const code = readFileSync(join(hello?.folder ?? "", "index.mjs"), "utf8");
  expect(code).not.toContain("A comment");
  expect(code).not.toContain("sourceMappingURL");
  expect(code).not.toContain(root);
});

test("changing one service changes exactly its artifact", () => {
  const root = project();
  const before = hashes(root);
  write(root, "services/bye/index.ts", 'console.log("goodbye");\n');
  const after = hashes(root);
  expect(after["hello"]).toBe(before["hello"]);
  expect(after["bye"]).not.toBe(before["bye"]);
});

test("another Dockerfile makes another image of every service", () => {
  const root = project();
  const before = hashes(root);
  write(root, "services/Dockerfile", "FROM other\n");
  const after = hashes(root);
  for (const name of ["hello", "bye"]) expect(after[name]).not.toBe(before[name]);
});

test("a project without services builds none", () => {
  expect(buildServices(newFolder())).toEqual({});
});

describe("a build that fails", () => {
  test("names file, line and column of every error, and writes nothing", () => {
    const root = project({
      "services/bye/index.ts": "console.log(;\n",
      "services/hello/index.ts": 'import { absent } from "./absent";\nabsent();\n',
    });
    expect(() => buildServices(root)).toThrow(
      new Error(
        "services: the build failed, nothing was written:\n" +
          '  services/bye/index.ts:1:13: Unexpected ";"\n' +
          '  services/hello/index.ts:1:24: Could not resolve "./absent"',
      ),
    );
    expect(readdirSync(root)).not.toContain(".build");
  });

  test("names the Dockerfile that is missing", () => {
    const root = newFolder();
    for (const [path, content] of Object.entries(PROJECT)) {
      if (path !== "services/Dockerfile") write(root, path, content);
    }
    expect(() => buildServices(root)).toThrow(new Error("services/Dockerfile: no such file"));
  });
});
