import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { CommandError } from "../../internal/cli";
import { withSynthesised } from "../../internal/synthesised-stack";

/** Something to look through. */
export interface Text {
  /** Where it is, e.g. `envs/prod.ts`, `synthesised: envs/prod/cdk.tf.json`. */
  readonly place: string;
  readonly content: string;
}

/**
 * Files that git tracks, or would add: what is ignored is nobody else's to see.
 *
 * @param paths files and folders; none means all
 * @throws CommandError when git does not list them
 */
export function committedTexts(root: string, paths: readonly string[]): Text[] {
  const { status, stdout, stderr } = spawnSync(
    "git",
    [
      "ls-files",
      "-z",
      "--cached",
      "--others",
      "--exclude-standard",
      // A path with a slip in it would pass as one without secrets.
      ...(paths.length > 0 ? ["--error-unmatch"] : []),
      "--",
      ...paths,
    ],
    { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 },
  );
  if (status !== 0) {
    throw new CommandError(
      "git ls-files",
      "failed",
      (stderr ?? "").trim() || "run this in a clone of the repository",
    );
  }
  const files = [...new Set(stdout.split("\0").filter((file) => file !== ""))];
  // Deleted files are listed until that is committed.
  return files.flatMap((file) => textOf(file, join(root, file)));
}

/** All that the environments synthesise to, the code of functions unpacked. */
export function synthesisedTexts(root: string): Text[] {
  return withSynthesised(root, (folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) =>
      textOf(`synthesised: ${name.split(sep).join("/")}`, join(folder, name)),
    ),
  );
}

function textOf(place: string, file: string): Text[] {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return [];
  const bytes = readFileSync(file);
  if (file.endsWith(".zip")) {
    return Object.entries(unzipSync(bytes)).map(([entry, content]) => ({
      place: `${place}/${relative(".", entry)}`,
      content: strFromU8(content),
    }));
  }
  // A picture or a font holds no line that somebody could have pasted.
  return bytes.includes(0) ? [] : [{ place, content: bytes.toString("utf8") }];
}
