import { CommandError } from "../../internal/cli";
import type { Comment, GitHub, Mark } from "../../internal/github";
import { foldedBody } from "./body";

/** What was done with the comment. */
export interface Commented {
  readonly action: "created" | "changed" | "unchanged";
  readonly url: string;
  /** Others of the same set, which were folded. */
  readonly folded: number;
}

/**
 * Sees to it that one comment with a mark is there and says this. Runs at once agree without knowing of each other: of those that they
 * make the oldest stays.
 */
export async function putComment(
  github: GitHub,
  pullRequest: number,
  mark: Mark,
  body: string,
): Promise<Commented> {
  const me = await github.me();
  const ours = async () =>
    (await github.comments(pullRequest)).filter(
      // Anybody can write a mark; what others wrote is theirs.
      (comment) => comment.author === me && comment.body.startsWith(`${mark}\n`),
    );
  const [oldest, ...others] = await ours();
  if (oldest) return await keep(github, { comment: oldest, others, mark, body });
  const made = await github.addComment(pullRequest, body);
  const [first = made] = await ours();
  if (first.id === made.id) return { action: "created", url: made.url, folded: 0 };
  await github.deleteComment(made);
  return await keep(github, { comment: first, others: [], mark, body });
}

interface Kept {
  readonly comment: Comment;
  /** What else has the mark, as after a run that was cut off between making and deleting. */
  readonly others: readonly Comment[];
  readonly mark: Mark;
  readonly body: string;
}

async function keep(github: GitHub, { comment, others, mark, body }: Kept): Promise<Commented> {
  const same = sameText(comment.body, body);
  if (!same) await github.changeComment(comment, body);
  for (const other of others) await fold(github, other, foldedBody(mark, other.body, comment.url));
  return { action: same ? "unchanged" : "changed", url: comment.url, folded: others.length };
}

/** GitHub may give line breaks back as CRLF, and without white space at the end. */
function sameText(one: string, other: string): boolean {
  const plain = (text: string) => text.replaceAll("\r\n", "\n").trimEnd();
  return plain(one) === plain(other);
}

async function fold(github: GitHub, comment: Comment, body: string): Promise<void> {
  await github.changeComment(comment, body);
  try {
    await github.minimizeComment(comment);
  } catch (error) {
    // It is folded by its own text; a server without the mutation, or another run that has deleted it, is no failure.
    if (!(error instanceof CommandError)) throw error;
  }
}
