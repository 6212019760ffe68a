import { readFileSync, writeFileSync } from "node:fs";
import { CommandError } from "../../internal/cli";

/** End of the list in `envs/moves.ts`, empty or not. */
const END = /(?:\n)?\];\s*$/;

/** Letters that a line may have: biome.json. */
const LINE_WIDTH = 110;

/** @returns the text of `envs/moves.ts` with moves added at the end of its list; undefined where it has no such list */
export function withMoves(
  text: string,
  moves: readonly { readonly from: string; readonly to: string }[],
): string | undefined {
  if (!/readonly Move\[\] = \[/.test(text) || !END.test(text)) return undefined;
  const lines = moves.map(({ from, to }) => {
    const [quotedFrom, quotedTo] = [JSON.stringify(from), JSON.stringify(to)];
    const line = `  { from: ${quotedFrom}, to: ${quotedTo} },`;
    return line.length <= LINE_WIDTH ? line : `  {\n    from: ${quotedFrom},\n    to: ${quotedTo},\n  },`;
  });
  return text.replace(END, `\n${lines.join("\n")}\n];\n`);
}

/** Adds moves to `envs/moves.ts`. @throws CommandError where the file is not as expected */
export function addMoves(
  file: string,
  moves: readonly { readonly from: string; readonly to: string }[],
): void {
  const text = withMoves(readFileSync(file, "utf8"), moves);
  if (text === undefined) {
    throw new CommandError(
      "envs/moves.ts",
      "its list of moves was not found",
      "it must end with `export const moves: readonly Move[] = [ … ];`",
    );
  }
  writeFileSync(file, text);
}
