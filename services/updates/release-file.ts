import { invalidRequest } from "../../runtime";

/** A file as it was asked for. */
export interface ReleaseFile {
  /** Key in the bucket, e.g. `updates/v1.2.3.zip`. */
  readonly key: string;
  /** How long it may be kept by whom. */
  readonly cacheControl: string;
  /** Header that it was chosen by, too. @default none */
  readonly vary?: string;
}

/** What chooses a file. */
export interface FileQuestion {
  /** Path as it was sent, e.g. `/updates/v1.2.3.zip`. */
  readonly path: string;
  /** First value of a query parameter. */
  readonly query: (name: string) => string | undefined;
  readonly header: (name: string) => string | undefined;
}

/** A name with its version never means other bytes. */
const VERSIONED = "public, max-age=31536000, immutable";
/** What is newest changes with each release. */
const LATEST = "public, max-age=300";
const OTHER = "public, max-age=3600";

const CHANNELS = ["stable", "beta"];
const PLATFORMS = ["linux", "mac", "windows"];
const ARCHITECTURES = ["arm64", "x64"];

/** Segments of plain names: nothing encoded, none of them `.` or `..`. */
const PATH = /^\/(?:updates|downloads)(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._+-]+)+$/;

/**
 * Tells which file is meant, as applications that grew do it: most by their path, the installer by query parameters, and the newest
 * update by a header.
 *
 * @returns nothing for a path that can name no file
 * @throws Problem 400 when a parameter or header that chooses is missing or unknown
 */
export function releaseFile({ path, query, header }: FileQuestion): ReleaseFile | undefined {
  if (path === "/downloads/installer") {
    const [platform, architecture] = choose([
      ["platform", query("platform"), PLATFORMS],
      ["arch", query("arch"), ARCHITECTURES],
    ]);
    return { key: `downloads/installer-${platform}-${architecture}`, cacheControl: LATEST };
  }
  if (path === "/updates/latest") {
    const [channel] = choose([["X-Update-Channel", header("x-update-channel") ?? "stable", CHANNELS]]);
    return { key: `updates/latest-${channel}`, cacheControl: LATEST, vary: "X-Update-Channel" };
  }
  if (!PATH.test(path)) return undefined;
  return { key: path.slice(1), cacheControl: cacheControlOf(path) };
}

function cacheControlOf(path: string): string {
  if (/latest/i.test(path)) return LATEST;
  return /\d+\.\d+/.test(path) ? VERSIONED : OTHER;
}

type Choice = readonly [name: string, value: string | undefined, known: readonly string[]];

function choose(choices: readonly Choice[]): readonly string[] {
  const wrong = choices.filter(([, value, known]) => value === undefined || !known.includes(value));
  if (wrong.length > 0) {
    throw invalidRequest(
      wrong.map(([parameter, , known]) => ({ parameter, detail: `must be one of ${known.join(", ")}` })),
    );
  }
  return choices.map(([, value]) => value ?? "");
}
