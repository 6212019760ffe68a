import { CommandError, CommandErrors, EXIT } from "../../internal/cli";
import { type GivenPath, pathProblem, type ReducedPaths, reducePaths } from "./paths";
import { readRelease } from "./release";

/** What the command line asks for. */
export interface PlanConfig {
  /** Paths on the command line. */
  readonly paths: readonly string[];
  /** A manifest file or a git range. @default no release */
  readonly release?: string;
  /** Folder that is the root of the URLs, for a git range. @default none, which a git range refuses */
  readonly root?: string;
  /** Names the run. @default what names the release, if anything does */
  readonly reference?: string;
  /** Folder that files are seen from. */
  readonly cwd: string;
}

/** What is to be invalidated. */
export interface Plan extends ReducedPaths {
  /** How many paths were given, with duplicates. */
  readonly given: number;
  /** Names the run: the same reference and paths are paid once. Undefined when nothing does. */
  readonly reference?: string;
}

/**
 * Collects the paths and checks every one of them, before anything is asked of anyone.
 *
 * @throws CommandErrors, with the exit code of wrong arguments, naming each path that is wrong, its place and how to mend it
 */
export function makePlan({ paths, release, root, reference, cwd }: PlanConfig): Plan {
  if (paths.length === 0 && release === undefined) {
    throw usage("path", "is missing", "give paths, e.g. '/updates/*', or --release");
  }
  if (root !== undefined && release === undefined) {
    throw usage("--root", "is for --release with a git range", "leave it out");
  }
  if (reference === "") throw usage("--reference", "is empty", "name what the invalidation is for");
  const read = release === undefined ? undefined : readRelease(release, root, cwd);
  const given: GivenPath[] = [
    ...paths.map((path, index) => ({ path, place: `path ${index + 1}` })),
    ...(read?.paths ?? []),
  ];
  const errors = given.flatMap(({ path, place }) => {
    const problem = pathProblem(path);
    return problem ? [usage(place, `${JSON.stringify(path)} ${problem.what}`, problem.mend)] : [];
  });
  if (errors.length > 0) throw new CommandErrors(errors);
  const name = reference === undefined ? read?.reference : `reference ${reference}`;
  return {
    ...reducePaths(given.map(({ path }) => path)),
    given: given.length,
    ...(name !== undefined && { reference: name }),
  };
}

function usage(place: string, what: string, mend: string): CommandError {
  return new CommandError(place, what, mend, EXIT.usage);
}
