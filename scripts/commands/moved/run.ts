import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";
import { readJson } from "../../internal/json-file";
import { withSynthesised } from "../../internal/synthesised-stack";
import { type MergedProposal, mergeProposals } from "./merge";
import { type Proposal, proposeMoves } from "./propose";
import { pathsOf, resourcesOnlyIn, type StackJson } from "./resources";
import { addMoves } from "./write";

/** What `scripts/moved --json` prints. */
export interface MovedReport extends MergedProposal {
  readonly version: 1;
  /** Commit whose goldens are compared with what is synthesised now. */
  readonly since: string;
  /** Whether the moves were added to `envs/moves.ts`. */
  readonly written: boolean;
}

const GOLDENS = "envs/testdata";

/**
 * Compares the goldens of a commit with what is synthesised now.
 *
 * @param root folder of the project
 * @param reference Git's name of the commit, e.g. `HEAD` or `origin/main`
 * @throws CommandError when there is no such commit, or it has no goldens, or the project does not synthesise
 */
export function findMoves(root: string, reference: string, write: boolean): MovedReport {
  const since = commitOf(root, reference);
  const before = goldensOf(root, since);
  const proposals = withSynthesised(
    root,
    (folder) => {
      const entries = Object.entries(before).flatMap(([stack, golden]): [string, Proposal][] => {
        const file = join(folder, stack, "cdk.tf.json");
        return existsSync(file) ? [[stack, compare(golden, readJson<StackJson>(file) ?? {})]] : [];
      });
      return Object.fromEntries(entries);
    },
    { refused: true },
  );
  const merged = mergeProposals(proposals);
  const written = write && merged.moves.length > 0;
  if (written) addMoves(join(root, "envs", "moves.ts"), merged.moves);
  return { version: 1, since, ...merged, written };
}

/** What may have been renamed between two states of a stack. */
export function compare(before: StackJson, after: StackJson): Proposal {
  const [from, to] = (["from", "to"] as const).map((side) => new Set(after.moved?.map((it) => it[side])));
  const gone = resourcesOnlyIn(before, after, from ?? new Set());
  const come = resourcesOnlyIn(after, before, to ?? new Set());
  return proposeMoves(gone, come, pathsOf(after));
}

function commitOf(root: string, reference: string): string {
  const { status, stdout } = git(root, "rev-parse", "--verify", "--quiet", `${reference}^{commit}`);
  if (status === 0) return stdout.trim();
  throw new CommandError("--from", `Git knows no commit "${reference}" here`, "name another", EXIT.usage);
}

/** The goldens of a commit by their stack, e.g. `envs/prod`. */
function goldensOf(root: string, commit: string): Record<string, StackJson> {
  const { stdout } = git(root, "ls-tree", "--name-only", "-z", commit, `${GOLDENS}/`);
  const files = stdout.split("\0").filter((path) => path.endsWith(".json"));
  if (files.length === 0) {
    throw new CommandError(
      "--from",
      `${commit} has no goldens in ${GOLDENS}`,
      "name a later commit",
      EXIT.usage,
    );
  }
  return Object.fromEntries(
    files.map((path) => [
      basename(path, ".json").replace("-", "/"),
      JSON.parse(git(root, "show", `${commit}:./${path}`).stdout) as StackJson,
    ]),
  );
}

function git(root: string, ...args: string[]) {
  const result = spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (!result.error) return result;
  throw new CommandError("git", "could not be run", "install Git", EXIT.missingTool);
}
