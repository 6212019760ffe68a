import { type GitHub, type Issue, type Mark, markOf, withMark } from "../../internal/github";
import type { EnvironmentDrift } from "../drift/drift";
import { renderMarkdown } from "../drift/show";

/** What GitHub takes as an issue's text. Bytes are at least as many as characters. */
const MOST_CHARACTERS = 65_536;

/** By which the issues are found. GitHub makes it with the first. */
const LABEL = "drift";

/** What was done about one environment. */
export interface Told {
  /** `none`: there is no drift, and was none. `kept`: it could not be looked at. */
  readonly action: "opened" | "changed" | "closed" | "none" | "kept";
  /** e.g. `envs/prod`. */
  readonly environment: string;
  /** Of the issue, where there is one. */
  readonly url?: string;
}

/** The issues that this command has opened. */
export interface OpenIssues {
  readonly me: string;
  readonly all: readonly Issue[];
}

/** Those with the label; whose they are is looked at when one is meant. */
export async function openIssues(github: GitHub): Promise<OpenIssues> {
  return { me: await github.me(), all: await github.openIssues(LABEL) };
}

/** Sees to it that one issue is open when there is drift, and none when there is none. */
export async function tell(
  github: GitHub,
  open: OpenIssues,
  drift: EnvironmentDrift,
  whole: string | undefined,
): Promise<Told> {
  const { environment, status } = drift;
  const ours = issuesOf(open, environment);
  const [issue, ...others] = ours;
  if (status === "error") return { action: "kept", environment, ...(issue && { url: issue.url }) };
  if (status === "no-drift") {
    for (const each of ours)
      await github.closeIssue(each, "completed", `${environment} has no drift any more.`);
    return { action: issue ? "closed" : "none", environment, ...(issue && { url: issue.url }) };
  }
  const text = issueText(drift, whole);
  if (issue) {
    await github.changeIssue(issue, text);
    for (const each of others) await closeDouble(github, each, issue);
    return { action: "changed", environment, url: issue.url };
  }
  const made = await github.addIssue(text, LABEL);
  // Of two runs at once the issue that was there first stays.
  const [first = made] = issuesOf(await openIssues(github), environment);
  if (first.number === made.number) return { action: "opened", environment, url: made.url };
  await closeDouble(github, made, first);
  return { action: "changed", environment, url: first.url };
}

function issuesOf({ me, all }: OpenIssues, environment: string): readonly Issue[] {
  return all.filter(({ author, body }) => author === me && body.startsWith(markFor(environment)));
}

function markFor(environment: string): Mark {
  return markOf("drift-issue", environment);
}

async function closeDouble(github: GitHub, issue: Issue, other: Issue): Promise<void> {
  await github.closeIssue(issue, "not_planned", `#${other.number} says the same.`);
}

/** What an issue says of an environment, within what GitHub takes. */
export function issueText(drift: EnvironmentDrift, whole: string | undefined) {
  const { environment, drifted } = drift;
  const place = whole === undefined ? "" : `\n\n<sub>Whole report: [the run's artifacts](${whole}).</sub>`;
  const bodyOf = (shown: number) => {
    const rest = drifted.length - shown;
    const report = renderMarkdown({
      version: 1,
      environments: [{ ...drift, drifted: drifted.slice(0, shown) }],
    });
    const more = rest > 0 ? `\n\n${rest} more resources are left out here for length.` : "";
    return withMark(markFor(environment), `${report}${more}${place}\n`);
  };
  let shown = drifted.length;
  while (shown > 0 && Buffer.byteLength(bodyOf(shown)) > MOST_CHARACTERS) shown = Math.floor(shown / 2);
  return { title: `${environment} has drifted`, body: bodyOf(shown) };
}
