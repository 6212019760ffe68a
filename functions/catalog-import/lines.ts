/** Longest line that is kept. A row may have several, as many characters together, with the ends of lines between them. */
export const MOST_CHARACTERS = 16_384;

/** One line of a text. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its end. Nothing where it is longer than is kept. */
  readonly text?: string;
}

/**
 * Splits UTF-8 into lines, however long they are, in bounded memory. They end with LF or CRLF. A byte order mark is dropped; what is no
 * UTF-8 becomes U+FFFD.
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder("utf-8");
  let number = 1;
  let pending = "";
  let tooLong = false;
  const line = (end: string): Line => {
    const text = (pending + end).replace(/\r$/, "");
    const whole = !tooLong && text.length <= MOST_CHARACTERS;
    pending = "";
    tooLong = false;
    return { number: number++, ...(whole && { text }) };
  };
  for await (const chunk of bytes) {
    const parts = decoder.decode(chunk, { stream: true }).split("\n");
    const last = parts.pop() ?? "";
    for (const part of parts) yield line(part);
    if (pending.length + last.length > MOST_CHARACTERS + 1) {
      pending = "";
      tooLong = true;
    } else {
      pending += last;
    }
  }
  const rest = decoder.decode();
  if (tooLong || pending + rest !== "") yield line(rest);
}
