/**
 * Invalidation paths by CloudFront's rules: which are valid, which are covered by others, and how a file is named by one.
 *
 * A path starts with a slash, has up to 4000 characters, and may end in `*`, which stands for any characters or none. What RFC
 * 1738 calls unsafe, and all that is not ASCII, is percent-encoded, and nothing else is: CloudFront compares paths as they are
 * written, and does not find the file otherwise.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
 */

/** A path with where it was found, for errors. */
export interface GivenPath {
  /** The path as it was given. */
  readonly path: string;
  /** Its place, e.g. `path 2` or `release.txt:3`. */
  readonly place: string;
}

/** What is left of a set of paths when nothing is named twice. */
export interface ReducedPaths {
  /** Sorted, each once, none of them covered by another. */
  readonly paths: readonly string[];
  /** Each path that another covers, with the wildcard that does. Duplicates are not among them. */
  readonly covered: readonly { readonly path: string; readonly by: string }[];
}

const LONGEST = 4000;
/** RFC 1738, section 2.2: what is "unsafe", with what has no printable form. */
const UNSAFE = /[\p{Cc} <>"#%{}|\\^~[\]`]/u;

/** True when the path stands for all that starts like it. */
export function isWildcard(path: string): boolean {
  return path.endsWith("*");
}

/**
 * What is wrong with a path, and how it is put right.
 *
 * @returns undefined when CloudFront takes it
 */
export function pathProblem(path: string): { readonly what: string; readonly mend: string } | undefined {
  const url = /^https?:\/\/[^/]*(\/.*)?$/i.exec(path);
  if (url) return { what: "is a URL", mend: `give its path alone, ${JSON.stringify(url[1] ?? "/")}` };
  if (!path.startsWith("/")) {
    return { what: "does not start with a slash", mend: `write ${JSON.stringify(`/${path}`)}` };
  }
  const star = path.indexOf("*");
  if (star !== -1 && star < path.length - 1) {
    const shorter = JSON.stringify(path.slice(0, star + 1));
    return {
      what: "has a wildcard before its end",
      mend: `name each file, or all that ${shorter} stands for`,
    };
  }
  const encoding = encodingProblem(path);
  if (encoding) return encoding;
  if (path.length > LONGEST) {
    return {
      what: `has ${path.length} characters, ${LONGEST} are allowed`,
      mend: "shorten it and end it in a wildcard",
    };
  }
  return undefined;
}

/**
 * The path that names a file.
 *
 * @param file from the folder that is the site's root, as the file system has it, e.g. `updates/v1 beta.zip`
 * @returns e.g. `/updates/v1%20beta.zip`
 */
export function pathOfFile(file: string): string {
  return `/${Array.from(file, encodeWhereNeeded).join("")}`;
}

/**
 * Removes duplicates, and what a wildcard covers. What is left stands for the same files, no more and no fewer.
 *
 * @param paths valid ones
 */
export function reducePaths(paths: readonly string[]): ReducedPaths {
  // A wildcard comes right before all that it covers, as these start with it, itself without the star first.
  const sorted = [...new Set(paths)].map((path) => ({ path, start: startOf(path) })).sort(byStart);
  const kept: string[] = [];
  const covered: { path: string; by: string }[] = [];
  let last: { readonly path: string; readonly start: string } | undefined;
  for (const { path, start } of sorted) {
    if (last && start.startsWith(last.start)) {
      covered.push({ path, by: last.path });
      continue;
    }
    kept.push(path);
    if (isWildcard(path)) last = { path, start };
  }
  return { paths: kept.sort(), covered };
}

function startOf(path: string): string {
  return isWildcard(path) ? path.slice(0, -1) : path;
}

function byStart(a: { path: string; start: string }, b: { path: string; start: string }): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1;
  return Number(isWildcard(b.path)) - Number(isWildcard(a.path));
}

function encodingProblem(path: string): { readonly what: string; readonly mend: string } | undefined {
  for (const [character] of path.matchAll(/%[0-9a-f]{2}|./gisu)) {
    if (character.length === 3 && character.startsWith("%")) {
      const decoded = String.fromCharCode(Number.parseInt(character.slice(1), 16));
      if (!needsEncoding(decoded)) {
        return {
          what: `encodes ${JSON.stringify(decoded)} as ${character}, which CloudFront would not find`,
          mend: `write ${JSON.stringify(decoded)}, or end the path before it in a wildcard`,
        };
      }
    } else if (needsEncoding(character)) {
      return {
        what: `holds ${JSON.stringify(character)}, which must be encoded`,
        mend: `write ${encodeWhereNeeded(character)} for it`,
      };
    }
  }
  return undefined;
}

function needsEncoding(character: string): boolean {
  return UNSAFE.test(character) || (character.codePointAt(0) ?? 0) > 0x7e;
}

function encodeWhereNeeded(character: string): string {
  if (!needsEncoding(character)) return character;
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}
