import { type GitHub, openGitHub } from "../../internal/github";
import { issueText, openIssues, type Told, tell } from "./issue";
import { readReports } from "./reports";

/** What the command is told. */
export interface RunOptions {
  /** Folders and files. */
  readonly report: readonly string[];
  /** `owner/name`. */
  readonly repository: string;
  /** URL of the whole reports. */
  readonly whole?: string;
  readonly dryRun: boolean;
}

/** What the command has done: printed as it is with `--json`. */
export interface IssuesResult {
  readonly dryRun: boolean;
  /** Nothing after `--dry-run`. */
  readonly issues: readonly Told[];
  /** What issues there should be, after `--dry-run`. */
  readonly wanted?: readonly { readonly title: string; readonly body: string }[];
}

/**
 * Opens, changes and closes issues as reports say.
 *
 * @throws CommandError when there is no report, or GitHub refuses
 */
export async function run(
  { report, repository, whole, dryRun }: RunOptions,
  open: (repository: string) => GitHub = openGitHub,
): Promise<IssuesResult> {
  const drifts = readReports(report);
  if (dryRun) {
    const drifted = drifts.filter(({ status }) => status === "drift");
    return { dryRun, issues: [], wanted: drifted.map((each) => issueText(each, whole)) };
  }
  const github = open(repository);
  const known = await openIssues(github);
  const issues: Told[] = [];
  for (const drift of drifts) issues.push(await tell(github, known, drift, whole));
  return { dryRun, issues };
}

const WORDS: Readonly<Record<Told["action"], string>> = {
  opened: "opened",
  changed: "changed",
  closed: "no drift any more, closed",
  none: "no drift",
  kept: "could not be looked at",
};

/** The result for a reader. */
export function describe({ dryRun, issues, wanted = [] }: IssuesResult): string {
  if (!dryRun) {
    return issues
      .map(({ environment, action, url }) =>
        [`${environment}: ${WORDS[action]}`, ...(url ? [url] : [])].join(": "),
      )
      .join("\n");
  }
  if (wanted.length === 0) return "No issue should be open.";
  return wanted.map(({ title, body }) => `# ${title}\n\n${body.trimEnd()}`).join("\n\n");
}
