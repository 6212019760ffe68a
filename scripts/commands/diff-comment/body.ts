import { type Mark, withMark } from "../../internal/github";
import { type DiffReport, renderMarkdown } from "../../internal/plan-report";

/** What GitHub takes: https://github.com/orgs/community/discussions/27190. Bytes are at least as many as characters. */
const MOST_CHARACTERS = 65_536;

/** Room for the mark of many environments, and for what is below. */
const RESERVE = 2000;

/** What a comment says beside the plans. */
export interface BodyOptions {
  /** SHA of the commit that was planned. */
  readonly commit?: string;
  /** URL of the whole reports. */
  readonly whole?: string;
}

/** The text of the comment, within what GitHub takes. */
export function bodyOf(mark: Mark, report: DiffReport, { commit, whole }: BodyOptions): string {
  const place = whole === undefined ? undefined : `[the run's artifacts](${whole})`;
  const plans = renderMarkdown(report, {
    maxBytes: MOST_CHARACTERS - RESERVE - Buffer.byteLength(mark),
    ...(place !== undefined && { whole: place }),
  });
  const remarks = [
    ...(commit === undefined ? [] : [`Commit ${commit}.`]),
    ...(place === undefined ? [] : [`Whole plans: ${place}.`]),
    "Sensitive values are masked.",
  ];
  return withMark(mark, `${plans.trimEnd()}\n\n<sub>${remarks.join(" ")}</sub>\n`);
}

/** What takes the place of a comment that another goes on from. */
export function foldedBody(mark: Mark, old: string, url: string): string {
  const text = old.slice(mark.length).trim();
  const head = "<!-- scripts/diff-comment -->\n<details>\n<summary>An older plan; the newest is in ";
  const begin = `${head}<a href="${url}">another comment</a></summary>\n\n`;
  const end = "\n\n</details>\n";
  // Cut, a block of it might not end: then it is left out.
  return begin.length + text.length + end.length <= MOST_CHARACTERS
    ? `${begin}${text}${end}`
    : `${begin}${end}`;
}
