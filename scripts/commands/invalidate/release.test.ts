import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readRelease } from "./release";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "release-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function read(release: string, root?: string) {
  const { paths, reference } = readRelease(release, root, folder);
  return { paths: paths.map(({ path, place }) => `${place} ${path}`), reference };
}

describe("a manifest", () => {
  test.each([
    [
      "one path a line",
      "# v1.2.3\n/a\n\n  /b/*\r\n/c",
      ["manifest:2 /a", "manifest:4 /b/*", "manifest:5 /c"],
      undefined,
    ],
    ["a JSON list", '["/a", "b"]', ["manifest: path 1 /a", "manifest: path 2 b"], undefined],
    ["a JSON object without a release", '{"paths": ["/a"]}', ["manifest: path 1 /a"], undefined],
    [
      "a JSON object with its release",
      '\uFEFF{"release": "v1.2.3", "paths": ["/a"]}',
      ["manifest: path 1 /a"],
      "release v1.2.3",
    ],
    ["nothing", "", [], undefined],
  ])("may hold %s", (_case, text, paths, reference) => {
    write("manifest", text);
    expect(read("manifest")).toEqual({ paths, reference });
  });

  test.each([
    ["JSON that is cut off", '["/a"', /^manifest: is no JSON: .*; correct it, or write one path a line$/],
    [
      "something else than texts",
      '["/a", 1]',
      'manifest: holds no list of paths; write ["/a", "/b"] or {"release": "v1", "paths": ["/a"]}',
    ],
    [
      "an object without paths",
      '{"release": "v1"}',
      'manifest: holds no list of paths; write ["/a", "/b"] or {"release": "v1", "paths": ["/a"]}',
    ],
    [
      "a release without a name",
      '{"release": "", "paths": []}',
      'manifest: has the release ""; name it by a text, or leave it out',
    ],
  ])("is refused with %s", (_case, text, message) => {
    write("manifest", text);
    expect(() => read("manifest")).toThrow(message);
  });

  test("is not read below a root", () => {
    write("manifest", "/a");
    expect(() => read("manifest", "public")).toThrow(
      "--root: is for a git range; leave it out with manifest",
    );
  });

  test("may have the name of a range", () => {
    write("v1..v2", "/a");
    expect(read("v1..v2").paths).toEqual(["v1..v2:1 /a"]);
  });
});

describe("a git range", () => {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, encoding: "utf8" }).trim();
  const commit = (tag: string) => {
    git("add", "--all");
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", tag);
    git("tag", tag);
    return git("rev-parse", "HEAD");
  };
  let v1: string;
  let v2: string;

  beforeEach(() => {
    git("init", "-q");
    write("public/updates/latest.json", "1");
    write("public/updates/old.zip", "1");
    write("public/updates/kept.zip", "1");
    write("src/main.c", "1");
    v1 = commit("v1");
    write("public/updates/latest.json", "2");
    write("public/updates/v2 beta~é.zip", "2");
    write("src/main.c", "2");
    rmSync(join(folder, "public/updates/old.zip"));
    v2 = commit("v2");
  });

  const changed = [
    "updates/latest.json /updates/latest.json",
    "updates/old.zip /updates/old.zip",
    "updates/v2 beta~é.zip /updates/v2%20beta%7E%C3%A9.zip",
  ];

  test("gives each file that was added, changed or removed below the root", () => {
    expect(read("v1..v2", "public")).toEqual({ paths: changed, reference: `git ${v1}..${v2}` });
  });

  test("ends at HEAD when it has no end, and begins there when it has no beginning", () => {
    expect(read("v1..", "public")).toEqual(read("v1..v2", "public"));
    expect(read("..v1", "public")).toEqual(read("v2..v1", "public"));
  });

  test("a file that was moved has two paths", () => {
    git("mv", "public/updates/kept.zip", "public/moved.zip");
    commit("v3");
    expect(read("v2..v3", "public").paths).toEqual([
      "moved.zip /moved.zip",
      "updates/kept.zip /updates/kept.zip",
    ]);
  });

  test("with three dots begins where both parted", () => {
    git("checkout", "-q", "-b", "fix", "v1");
    write("public/fix.zip", "1");
    commit("fixed");
    expect(read("fixed...v2", "public")).toEqual({ paths: changed, reference: `git ${v1}..${v2}` });
  });

  test("without a change below the root gives no path", () => {
    expect(read("v2..v2", "public").paths).toEqual([]);
  });

  test.each([
    [
      "an unknown commit",
      "v1..v9",
      "public",
      '--release: git knows no commit "v9"; fetch it first, with the history that leads to it',
    ],
    [
      "an option in a commit's place",
      "--help..v2",
      "public",
      '--release: git knows no commit "--help"; fetch it first, with the history that leads to it',
    ],
    [
      "no root",
      "v1..v2",
      undefined,
      "--root: is missing; name the folder that is the root of the URLs, e.g. --root public",
    ],
    [
      "a root that is not there",
      "v1..v2",
      "site",
      '--root: "site" is no folder; name the folder that is the root of the URLs',
    ],
    [
      "neither a range nor a file",
      "v2",
      "public",
      '--release: "v2" is no file and no git range; write a range as v1.2.2..v1.2.3',
    ],
    [
      "a file that is not there, in the folder above",
      "../paths.txt",
      "public",
      '--release: "../paths.txt" is no file and no git range; write a range as v1.2.2..v1.2.3',
    ],
    [
      "a file that is not there, in another folder",
      "lists/../paths.txt",
      undefined,
      '--release: "lists/../paths.txt" is no file and no git range; write a range as v1.2.2..v1.2.3',
    ],
  ])("is refused with %s", (_case, range, root, message) => {
    expect(() => read(range, root)).toThrow(message);
  });

  test("is refused with file names that mean something else in a path", () => {
    write("public/a?b.zip", "");
    write("public/c*.zip", "");
    commit("v3");
    expect(() => read("v2..v3", "public")).toThrow(
      "a?b.zip: has a name that no invalidation path can hold; rename it, or give a wildcard by hand\n" +
        "c*.zip: has a name that no invalidation path can hold; rename it, or give a wildcard by hand",
    );
  });
});

test("a range is refused outside of a repository", () => {
  mkdirSync(join(folder, "public"));
  expect(() => read("v1..v2", "public")).toThrow(`--root: ${join(folder, "public")} is in no git repository`);
});
