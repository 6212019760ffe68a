/**
 * Text for a POSIX shell, and for what reads words as one does.
 *
 * @module
 */

/** In single quotes, in which a shell reads nothing but the quote itself. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
