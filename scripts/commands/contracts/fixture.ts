import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A contract of an API. */
export const API = `
paths:
  /things:
    get:
      operationId: listThings
      responses: { "200": { headers: { ETag: { schema: { type: string } } } } }
`;

/** A project with a history, in a folder of its own. */
export class GitProject {
  /** Its folder. */
  readonly root = mkdtempSync(join(tmpdir(), "contracts-git-"));

  /** @param from another, to be cloned from its address; empty otherwise. @param options of `git clone` */
  constructor(from?: GitProject, ...options: string[]) {
    if (from) this.git("clone", "--quiet", ...options, `file://${from.root}`, ".");
    else this.git("init", "--quiet", "--initial-branch=main");
  }

  /** Runs Git, without anybody's settings. @returns what it prints */
  git(...args: string[]): string {
    const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
    return execFileSync("git", args, { cwd: this.root, encoding: "utf8", env, stdio: "pipe" }).trim();
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  remove(file: string): void {
    rmSync(join(this.root, file));
  }

  /** Commits all that there is. @returns the commit's hash */
  commit(message: string): string {
    this.git("add", "--all");
    const author = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    this.git(...author, "commit", "--quiet", "--allow-empty", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** Removes the folder. */
  end(): void {
    rmSync(this.root, { recursive: true });
  }
}
