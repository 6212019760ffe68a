import { type GitHub, markOf, openGitHub } from "../../internal/github";
import { describeTitle } from "../../internal/plan-report";
import { bodyOf } from "./body";
import { type Commented, putComment } from "./comment";
import { readReports } from "./reports";

/** What the command is told besides environments. */
export interface RunOptions {
  /** Folders and files. */
  readonly report: readonly string[];
  /** `owner/name`. */
  readonly repository: string;
  readonly pullRequest: number;
  /** SHA of what was planned. */
  readonly commit?: string;
  /** URL of the whole reports. */
  readonly whole?: string;
  readonly dryRun: boolean;
}

/** What the command has done: printed as it is with `--json`. */
export interface CommentResult {
  /** `outdated`: nothing, as the pull request has a newer commit. `would-comment`: after `--dry-run`. */
  readonly action: Commented["action"] | "outdated" | "would-comment";
  /** What was planned, and what came of it, e.g. `{ "envs/prod": "1 changed" }`. */
  readonly environments: Readonly<Record<string, string>>;
  readonly url?: string;
  /** Other comments of the same environments that were folded. */
  readonly folded?: number;
  /** The text, after `--dry-run`. */
  readonly body?: string;
}

/**
 * Shows reports in a comment.
 *
 * @param environments those that there should be. @default those that have a report
 * @throws CommandError when there is no report, or GitHub refuses
 */
export async function run(
  environments: readonly string[],
  options: RunOptions,
  open: (repository: string) => GitHub = openGitHub,
): Promise<CommentResult> {
  const { repository, pullRequest, commit, dryRun } = options;
  const report = readReports(options.report, environments);
  const mark = markOf("diff-comment", report.environments.map(({ environment }) => environment).join(","));
  const body = bodyOf(mark, report, options);
  const result = {
    environments: Object.fromEntries(
      report.environments.map((each) => [each.environment, describeTitle(each)]),
    ),
  };
  if (dryRun) return { action: "would-comment", ...result, body };
  const github = open(repository);
  const { head } = await github.pullRequest(pullRequest);
  // Of two runs the later commit's says what is so, whichever ends first.
  if (commit !== undefined && head !== commit) return { action: "outdated", ...result };
  return { ...result, ...(await putComment(github, pullRequest, mark, body)) };
}

const WORDS = {
  created: "Commented",
  changed: "Changed the comment",
  unchanged: "The comment says so already",
} as const;

/** The result for a reader. */
export function describe({ action, url, folded = 0, body = "" }: CommentResult): string {
  if (action === "would-comment") return body.trimEnd();
  if (action === "outdated") return "The pull request has a newer commit: its run comments.";
  const rest = folded === 0 ? "" : ` Folded ${folded} older.`;
  return `${WORDS[action]}: ${url}.${rest}`;
}
