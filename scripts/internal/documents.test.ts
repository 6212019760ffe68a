import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..");
/** Files of the repository, and those that will be. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));

/** Links of a Markdown text to files, without their anchors. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link]) => link as string);
}

test.each(files.filter((file) => file.endsWith(".md")))("the links of %s lead somewhere", (file) => {
  const links = linksOf(readFileSync(join(root, file), "utf8"));
  expect(links.filter((link) => !existsSync(join(root, dirname(file), link)))).toEqual([]);
});

test("documents that the source names are there", () => {
  const named = files
    .filter(
      (file) => /\.(ts|js|mjs|cjs|py|ya?ml|md)$/.test(file) && file !== "scripts/internal/documents.test.ts",
    )
    .flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      return [...text.matchAll(/\bdocs\/[\w/.-]+\.md\b/g)].map(([path]) => ({ file, path }));
    });
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
});

test("git keeps no plan file, which holds values in the clear, and nothing of the folder that the documents give it", () => {
  const deploying = readFileSync(join(root, "docs/deploying.md"), "utf8");
  const folders = [...new Set([...deploying.matchAll(/--out (\S+)/g)].map(([, folder]) => folder as string))];
  expect(folders).toEqual([".plans"]);
  const kept = [
    ...folders.map((folder) => `${folder}/envs/prod/stack.json`),
    "elsewhere/envs/prod/plan.tfplan",
  ];
  const ignored = execFileSync("git", ["check-ignore", ...kept], { cwd: root, encoding: "utf8" });
  expect(ignored.trim().split("\n")).toEqual(kept);
});

test("scripts of the README are there and can be run", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const scripts = new Set(
    [...readme.matchAll(/scripts\/[a-z-]+(?:\/[a-z-]+)?(?![\w/.-])/g)].map(([path]) => path),
  );
  const missing = [...scripts].filter((path) => !files.includes(path));
  expect(missing).toEqual([]);
});
