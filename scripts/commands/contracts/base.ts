import { spawnSync } from "node:child_process";
import { CommandError, EXIT } from "../../internal/cli";

/** A commit whose published contracts are held to. */
export interface Base {
  /** Its full hash. */
  readonly commit: string;
  /** What it is, e.g. `where HEAD left origin/main`. */
  readonly what: string;
}

/** Where a base is looked for. */
export interface BaseRequest {
  /** Git's name of a commit, from which HEAD goes on. @default that of `environment`, then what Git knows */
  readonly named?: string;
  /** `CONTRACTS_BASE` is as `named`, and `GITHUB_BASE_REF` the branch that a pull request is for, as GitHub sets it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What was found. */
export interface FoundBases {
  /** Each to be held to: what a change begins at, and HEAD, for what is not committed yet. */
  readonly bases: readonly Base[];
  /** Why what a change begins at is not among them. @default it is, or nothing was published before HEAD */
  readonly missing?: string;
}

/** Branches that a change is merged into: of the project that a fork is of, of one's own remote, of this clone. */
const MAIN = ["upstream/main", "origin/main", "main"];

/** What GitHub says was before the first push. */
const NOTHING = /^0*$/;

/**
 * Finds the commits whose published contracts are held to. On a branch that is where it left main; on main, or where there is no other
 * branch, the commit before HEAD.
 *
 * @param root folder of the project
 * @throws CommandError when Git does not know the `named` commit
 */
export function findBases(root: string, { named, environment }: BaseRequest): FoundBases {
  const head = commitOf(root, "HEAD");
  if (head === undefined) {
    return { bases: [], missing: git(root, "rev-parse", "--git-dir").why ?? "there is no commit yet" };
  }
  const uncommitted = { commit: head, what: "HEAD" };
  const found = beginning(root, head, named, environment);
  if (typeof found === "string") return { bases: [uncommitted], missing: found };
  return { bases: [...(found ? [found] : []), uncommitted] };
}

/** @returns what the change of HEAD begins at, why it is not known, or nothing when there is no commit before HEAD */
function beginning(
  root: string,
  head: string,
  named: string | undefined,
  { CONTRACTS_BASE: given = "", GITHUB_BASE_REF: branch = "" }: BaseRequest["environment"],
): Base | string | undefined {
  const asked = named ?? (NOTHING.test(given) ? undefined : given) ?? (branch && `origin/${branch}`);
  const reference = asked || MAIN.find((name) => commitOf(root, name) !== undefined);
  if (reference === undefined) return before(root, head);
  const tip = commitOf(root, reference);
  if (tip === undefined) {
    const unknown = `Git knows no commit "${reference}" here`;
    if (named === undefined) return unknown;
    throw new CommandError("--base", unknown, "name another, or fetch it", EXIT.usage);
  }
  const { text: commit } = git(root, "merge-base", head, tip);
  if (commit === undefined) return `no commit is known that both HEAD and ${reference} come from`;
  // HEAD is main, or was.
  if (commit === head) return before(root, head);
  return { commit, what: commit === tip ? reference : `where HEAD left ${reference}` };
}

function before(root: string, head: string): Base | string | undefined {
  const commit = commitOf(root, `${head}^`);
  if (commit !== undefined) return { commit, what: "the commit before HEAD" };
  const isShallow = git(root, "rev-parse", "--is-shallow-repository").text === "true";
  return isShallow ? "the clone is shallow, and ends at HEAD" : undefined;
}

/**
 * The files below a folder, as a commit has them.
 *
 * @param folder from the project's folder
 * @returns paths from that folder, and what is in them
 * @throws CommandError when Git cannot read them, as in a clone without their content
 */
export function filesAt(root: string, { commit }: Base, folder: string): Map<string, string> {
  const list = read(root, "ls-tree", "-r", "-z", "--name-only", commit, "--", `${folder}/`);
  const files = list.split("\0").filter((file) => file !== "");
  return new Map(
    files.map((file) => [file.slice(folder.length + 1), read(root, "show", `${commit}:./${file}`)]),
  );
}

function read(root: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = run(root, args);
  if (status === 0) return stdout;
  throw new CommandError(`git ${args.join(" ")}`, firstLine(stderr), "fetch the whole history");
}

function commitOf(root: string, name: string): string | undefined {
  return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`).text;
}

/** @returns what Git says, or why it says nothing */
function git(root: string, ...args: readonly string[]): { readonly text?: string; readonly why?: string } {
  const { status, stdout, stderr, error } = run(root, args);
  if (error) return { why: "Git is not installed" };
  return status === 0 ? { text: stdout.trim() } : { why: firstLine(stderr) };
}

function run(root: string, args: readonly string[]) {
  const env = { ...process.env, LC_ALL: "C" };
  return spawnSync("git", args, { cwd: root, env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

/** E.g. `not a git repository`, without what Git proposes. */
function firstLine(text: string): string {
  return text.replace(/^fatal: /, "").split(/[\n.](?:\s|$)/)[0] ?? "";
}
