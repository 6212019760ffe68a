/** Bytes of a text in UTF-8. */
export function sizeOf(text: string): number {
  return Buffer.byteLength(text);
}

/** As many lines from the first on as fit, each with its line break. */
export function fill(lines: readonly string[], bytes: number): readonly string[] {
  let left = bytes;
  const end = lines.findIndex((line) => {
    left -= sizeOf(line) + 1;
    return left < 0;
  });
  return end === -1 ? lines : lines.slice(0, end);
}
