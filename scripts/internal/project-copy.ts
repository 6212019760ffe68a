/**
 * Copies of the project, for what may change one and must not change this.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A copy in a temporary folder. */
export interface ProjectCopy {
  /** Its folder, as the file system names it. */
  readonly root: string;
  /** Removes it. */
  remove(): void;
}

/**
 * Copies the files of the repository, and those that will be, as they are now. node_modules is a link to the original's.
 *
 * @param root folder of the project
 * @param folder where the copy goes; what is there is removed
 */
export function copyProject(root: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of repositoryFiles(root)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
}

/** Copies the project into a new temporary folder. */
export function temporaryProject(root: string): ProjectCopy {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "project-copy-")));
  const copy = join(parent, "project");
  copyProject(root, copy);
  return { root: copy, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

function repositoryFiles(root: string): string[] {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
  });
  // Of those that are in the index, some may have been deleted.
  return list.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
}
