/** A hidden line at the beginning of a text, by which a command knows what it has written. */
export type Mark = `<!-- scripts/${string} -->`;

/**
 * The mark of what a command writes about something.
 *
 * @param command e.g. `diff-comment`
 * @param about e.g. `envs/dev,envs/prod`
 */
export function markOf(command: string, about: string): Mark {
  return `<!-- scripts/${command}: ${about} -->`;
}

/** A text below its mark. A mark counts at the beginning alone: what a text tells of cannot pass for one. */
export function withMark(mark: Mark, text: string): string {
  return `${mark}\n${text}`;
}
