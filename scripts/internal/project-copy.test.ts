import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyProject } from "./project-copy";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "original-"));
  mkdirSync(join(root, "envs"));
  mkdirSync(join(root, "node_modules"));
  writeFileSync(join(root, ".gitignore"), "node_modules\n.build\n");
  for (const file of ["main.ts", "gone.ts", "envs/dev.ts", ".build"]) writeFileSync(join(root, file), file);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root });
  git("init", "-q");
  git("add", "main.ts", "gone.ts");
  rmSync(join(root, "gone.ts"));
});

afterEach(() => rmSync(root, { recursive: true }));

test("a copy has what the repository has and what is new, nothing that is ignored or gone, and what is installed", () => {
  const folder = join(root, ".build-copy");
  mkdirSync(folder);
  writeFileSync(join(folder, "left"), "");
  symlinkSync("nowhere", join(folder, "node_modules"));
  copyProject(root, folder);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  expect(files.filter((file) => !file.startsWith("node_modules/")).sort()).toEqual(
    [".gitignore", "envs", "envs/dev.ts", "main.ts", "node_modules"].sort(),
  );
  expect(existsSync(join(folder, "node_modules"))).toBe(true);
});
