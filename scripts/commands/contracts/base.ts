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
  /**
   * `CONTRACTS_BASE` is as `named`, and `GITHUB_BASE_REF` the branch that a pull request is for, as GitHub sets it.
   */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What was found. */
export interface FoundBases {
  /** Each to be held to: where a branch begins; or the commit before HEAD, and HEAD, for what is not committed yet. */
  readonly bases: readonly Base[];
  /** Why what was to be taken before these was not. @default the first was taken */
  readonly unknown?: readonly string[];
  /** Why what a change begins at is not among them. @default it is, or nothing was published before HEAD */
  readonly missing?: string;
}

/** Branches that a change is merged into: of the project that a fork is of, of one's own remote, of this clone. */
const MAIN = ["upstream/main", "origin/main", "main"];

/** What GitHub says was before the first push. */
const NOTHING = /^0*$/;

/**
 * Whether it is an error when what a change begins at is missing: it was named, as a pipeline does that decides on a merge. Others may have
 * no history, as in an unpacked archive.
 */
export function isBaseRequired({ named, environment }: BaseRequest): boolean {
  return named !== undefined || namesIn(environment).length > 0;
}

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
  if (named !== undefined && commitOf(root, named) === undefined) {
    throw new CommandError("--base", unknownCommit(named), "name another, or fetch it", EXIT.usage);
  }
  const main = MAIN.find((name) => commitOf(root, name) !== undefined);
  const names = named === undefined ? [...namesIn(environment), ...(main ? [main] : [])] : [named];
  const unknown: string[] = [];
  for (const name of names) {
    const found = beginning(root, head, name);
    if (typeof found === "string") unknown.push(found);
    // HEAD is main, or was.
    else if (found.commit === head) break;
    else return { bases: [found], ...(unknown.length > 0 && { unknown }) };
  }
  return before(root, head, unknown);
}

/** Names that the environment gives, the first to be taken first. */
function namesIn({ CONTRACTS_BASE: given = "", GITHUB_BASE_REF: branch }: BaseRequest["environment"]) {
  return [...(NOTHING.test(given) ? [] : [given]), ...(branch ? [`origin/${branch}`] : [])];
}

/** @returns the commit that both HEAD and a reference come from, or why it is not known */
function beginning(root: string, head: string, reference: string): Base | string {
  const tip = commitOf(root, reference);
  if (tip === undefined) return unknownCommit(reference);
  const { text: commit } = git(root, "merge-base", head, tip);
  if (commit === undefined) return `no commit is known that both HEAD and ${reference} come from`;
  return { commit, what: commit === tip ? reference : `where HEAD left ${reference}` };
}

const unknownCommit = (name: string): string => `Git knows no commit "${name}" here`;

/** @param unknown why what was to be taken first was not */
function before(root: string, head: string, unknown: readonly string[]): FoundBases {
  const uncommitted = { commit: head, what: "HEAD" };
  const isShallow = git(root, "rev-parse", "--is-shallow-repository").text === "true";
  // The whole history may well have what a shallow clone does not know: nothing less is taken instead.
  const commit = isShallow && unknown.length > 0 ? undefined : commitOf(root, `${head}^`);
  if (commit !== undefined) {
    const bases = [{ commit, what: "the commit before HEAD" }, uncommitted];
    return { bases, ...(unknown.length > 0 && { unknown }) };
  }
  const reasons = [...unknown, ...(isShallow ? ["the clone is shallow"] : [])];
  return { bases: [uncommitted], ...(reasons.length > 0 && { missing: reasons.join(", and ") }) };
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
  return text.replace(/^fatal: /, "").split(/\n|\.(?:\s|$)/)[0] ?? "";
}
