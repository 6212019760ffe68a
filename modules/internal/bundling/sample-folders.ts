import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** For tests: makes empty folders that are gone after the file's tests. Call at the top of a test file. */
export function temporaryFolders(): () => string {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), "bundle-"));
    folders.push(folder);
    return folder;
  };
}

/** For tests: makes folders that hold some files, and those asked for besides. Call at the top of a test file. */
export function projectsWith(
  base: Readonly<Record<string, string>>,
): (files?: Readonly<Record<string, string>>) => string {
  const newFolder = temporaryFolders();
  return (files = {}) => {
    const root = newFolder();
    for (const [path, content] of Object.entries({ ...base, ...files })) write(root, path, content);
    return root;
  };
}

/** For tests: writes a file below a folder. */
export function write(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
