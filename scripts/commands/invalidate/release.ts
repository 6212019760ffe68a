import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { CommandError, CommandErrors, EXIT } from "../../internal/cli";
import { type GivenPath, pathOfFile } from "./paths";

/** What a release changes on the distribution. */
export interface Release {
  /** Paths to invalidate, not yet checked. */
  readonly paths: readonly GivenPath[];
  /**
   * Names the release, the same in every run for it. Undefined when nothing does: a plain list may be the same for every
   * release.
   */
  readonly reference?: string;
}

/**
 * Works out the paths of a release.
 *
 * @param release a manifest file or a git range; a file of that name comes first
 * @param root folder that is the root of the distribution's URLs, for a git range. Git runs in its repository
 * @param cwd folder that the others are seen from
 * @throws CommandError, with EXIT.usage, saying what is wrong with the file or the range
 */
export function readRelease(release: string, root: string | undefined, cwd: string): Release {
  const file = resolve(cwd, release);
  if (existsSync(file)) {
    if (root !== undefined) throw usage("--root", "is for a git range", `leave it out with ${release}`);
    return readManifest(file, relative(cwd, file) || release);
  }
  const range = /^(.*?)(\.{2,3})(.*)$/.exec(release);
  // No name of git's begins or ends with a slash: it is a file's path, like ../paths.txt.
  const isPath = range?.some((part) => part.startsWith("/") || part.endsWith("/"));
  if (!range || isPath) {
    throw usage("--release", `"${release}" is no file and no git range`, "write a range as v1.2.2..v1.2.3");
  }
  if (root === undefined) {
    throw usage("--root", "is missing", "name the folder that is the root of the URLs, e.g. --root public");
  }
  const [, from = "", dots, to = ""] = range;
  return readRange({ from: from || "HEAD", to: to || "HEAD", fromMergeBase: dots === "..." }, root, cwd);
}

/** One path a line, `#` starts a comment; or JSON, a list of paths or an object with `paths` and perhaps `release`. */
function readManifest(file: string, shown: string): Release {
  if (!statSync(file).isFile()) throw usage(shown, "is no file", "name a manifest, or a git range");
  const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  if (!/^\s*[[{]/.test(text)) {
    const paths = text.split("\n").flatMap((line, index) => {
      const path = line.trim();
      return path === "" || path.startsWith("#") ? [] : [{ path, place: `${shown}:${index + 1}` }];
    });
    return { paths };
  }
  const content = parseJson(text, shown);
  const { paths, release } = Array.isArray(content)
    ? { paths: content }
    : (content as { paths?: unknown; release?: unknown });
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === "string")) {
    throw usage(shown, "holds no list of paths", 'write ["/a", "/b"] or {"release": "v1", "paths": ["/a"]}');
  }
  if (release !== undefined && (typeof release !== "string" || release === "")) {
    throw usage(shown, `has the release ${JSON.stringify(release)}`, "name it by a text, or leave it out");
  }
  return {
    paths: paths.map((path, index) => ({ path, place: `${shown}: path ${index + 1}` })),
    ...(release !== undefined && { reference: `release ${release}` }),
  };
}

function parseJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usage(shown, `is no JSON: ${(error as Error).message}`, "correct it, or write one path a line");
  }
}

interface Range {
  readonly from: string;
  readonly to: string;
  /** Changes since both parted, as git's three dots mean. */
  readonly fromMergeBase: boolean;
}

/** Added, changed and removed files: a file that was missing may be cached as missing. */
function readRange({ from, to, fromMergeBase }: Range, root: string, cwd: string): Release {
  const folder = resolve(cwd, root);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw usage("--root", `"${root}" is no folder`, "name the folder that is the root of the URLs");
  }
  const end = commitOf(to, folder);
  const start = fromMergeBase
    ? git(["merge-base", commitOf(from, folder), end], folder)
    : commitOf(from, folder);
  // By commit and not by name: "--relative" keeps to the folder, and gives names as seen from there.
  const changed = git(["diff", "--name-only", "--no-renames", "-z", "--relative", start, end, "--"], folder)
    .split("\0")
    .filter((file) => file !== "");
  const unnameable = changed.filter((file) => /[*?]/.test(file));
  if (unnameable.length > 0) {
    throw new CommandErrors(
      unnameable.map((file) =>
        usage(file, "has a name that no invalidation path can hold", "rename it, or give a wildcard by hand"),
      ),
    );
  }
  return {
    paths: changed.map((file) => ({ path: pathOfFile(file), place: file })),
    reference: `git ${start}..${end}`,
  };
}

function commitOf(name: string, folder: string): string {
  return git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`], folder, () =>
    usage("--release", `git knows no commit "${name}"`, "fetch it first, with the history that leads to it"),
  );
}

function git(args: readonly string[], folder: string, failure?: () => CommandError): string {
  const { status, stdout, stderr, error } = spawnSync("git", args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOENT"
      ? new CommandError("git", "was not found on PATH", "install git", EXIT.missingTool)
      : error;
  }
  if (status === 0) return stdout.trimEnd();
  if (/not a git repository/.test(stderr)) throw usage("--root", `${folder} is in no git repository`);
  throw failure?.() ?? new CommandError(`git ${args[0]}`, stderr.trim() || `ended with code ${status}`);
}

function usage(place: string, what: string, mend?: string): CommandError {
  return new CommandError(place, what, mend, EXIT.usage);
}
