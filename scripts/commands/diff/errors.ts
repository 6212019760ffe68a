import { stripVTControlCharacters } from "node:util";
import { withoutSecrets } from "../../internal/plan";
import type { PlanError } from "../../internal/plan-report";

/** Lines of an error's detail that are kept. */
const MOST_LINES = 200;

/**
 * Why cdktf could not plan: Terraform's errors, each a box of lines in what is printed, or else the last that was said. Terraform tells
 * them nowhere else.
 *
 * @param output all that cdktf printed
 * @param environment name of the stack, which cdktf writes before a line
 */
export function planError(output: string, environment: string): PlanError {
  const lines = stripVTControlCharacters(output)
    .split("\n")
    .map((line) => line.trimEnd());
  // cdktf prints errors twice: as they come, and then below the stack's name, with paths beside addresses.
  const [below, asTheyCome] = [boxesOf(belowName(lines, environment)), boxesOf(lines)];
  const boxes = below.length > 0 ? below : asTheyCome;
  const found = boxes.length > 0 ? boxes : [unboxed(lines.map((line) => withoutName(line, environment)))];
  const different = found.filter(
    (box, index) => found.findIndex((other) => other.join() === box.join()) === index,
  );
  const [summary = "cdktf ended without a word", ...rest] = different[0] ?? [];
  const more = different.length > 1 ? ` (and ${different.length - 1} more)` : "";
  const detail = [rest, ...different.slice(1)].map((box) => trimmed(box).join("\n")).join("\n\n");
  const shown = detail.split("\n").slice(0, MOST_LINES).join("\n");
  return {
    summary: withoutSecrets(`${summary.replace(/^Error: |:$/g, "")}${more}`),
    detail: withoutSecrets(shown.trim()),
  };
}

/** Of `envs/prod  text`, and of the lines below, which begin with as many spaces, the text. */
function withoutName(line: string, environment: string): string {
  const width = environment.length + 2;
  const prefix = line.slice(0, width);
  return prefix === `${environment}  ` || prefix === " ".repeat(width) ? line.slice(width) : line;
}

/** The lines that have a name or its spaces, without it. */
function belowName(lines: readonly string[], environment: string): string[] {
  return lines.flatMap((line) => {
    const text = withoutName(line, environment);
    return text === line ? [] : [text];
  });
}

/** What is in the boxes that begin with `Error:`; warnings are left out. */
function boxesOf(lines: readonly string[]): string[][] {
  const boxes: string[][] = [];
  let box: string[] | undefined;
  for (const line of lines) {
    const inside = /^\s*│ ?(.*)$/.exec(line)?.[1];
    if (/^\s*╷/.test(line)) box = [];
    else if (/^\s*╵/.test(line)) {
      if (box?.[0]?.startsWith("Error: ")) boxes.push(box);
      box = undefined;
    } else if (inside !== undefined) box?.push(inside);
  }
  return boxes;
}

/** What the project says of itself, from its first word of an error on; the last lines where there is none. */
function unboxed(lines: readonly string[]): string[] {
  const said = lines
    .map((line) => line.replace(/^\[[^\]]*\]\s*\[ERROR\]\s*\S+\s*-\s*/, ""))
    // What cdktf shows while it works.
    .filter((line) => !/^\s*[\u2800-\u28ff]/.test(line));
  const start = said.findIndex((line) =>
    /^(?:\w*Error: |The (?:environments|project) (?:are|is) not right)/.test(line),
  );
  if (start === -1) return said.filter((line) => line !== "").slice(-10);
  // Then cdktf says all of it again.
  const end = said.findIndex(
    (line, index) => index > start && line.startsWith("ERROR: cdktf encountered an error"),
  );
  return trimmed(said.slice(start, end === -1 ? undefined : end));
}

function trimmed(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line !== "");
  const last = lines.findLastIndex((line) => line !== "");
  return first === -1 ? [] : lines.slice(first, last + 1);
}
