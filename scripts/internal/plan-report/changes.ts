import { fill, sizeOf } from "./budget";
import { attributeLines, count, describeChange, describeCounts, group, oneLine, shorten } from "./lines";
import type { ChangeReport, ModuleReport } from "./report";

/** What did not fit. */
export interface Left {
  readonly resources: number;
  /** Lines of attributes of the resources that are shown. */
  readonly lines: number;
}

/**
 * Bytes that one resource's attributes may take, round by round: all get a little before one gets much.
 */
const ROUNDS = [600, 2_500, Number.POSITIVE_INFINITY];

/** What is kept free for saying that a resource has more lines. */
const MORE = 40;

interface Item {
  readonly head: string;
  readonly lines: readonly string[];
  /** How many resources it is about. */
  readonly resources: number;
  /** How many of its lines are shown; undefined while the resource is left out. */
  shown?: number;
}

/**
 * The changes by module, each module a block that can be folded, in at most so many bytes. Every resource gets a line before any gets
 * its attributes; those that are destroyed and replaced come first in both.
 */
export function changesOf(
  modules: readonly ModuleReport[],
  bytes: number,
): { readonly text: string; readonly left: Left } {
  const blocks = modules.map((module) => ({
    open: opening(module),
    items: itemsOf(module),
  }));
  let left = bytes;
  const take = (size: number) => {
    if (size > left) return false;
    left -= size;
    return true;
  };
  for (const { open, items } of blocks) {
    for (const [index, item] of items.entries()) {
      const size = sizeOf(item.head) + 1 + (index === 0 ? sizeOf(open) + CLOSING.length + 2 : 0);
      // In order: a resource is never shown in place of one that matters more.
      if (!take(size)) left = 0;
      else item.shown = 0;
    }
  }
  const shown = blocks.flatMap(({ items }) => items).filter((item) => item.shown !== undefined);
  for (const round of ROUNDS) {
    for (const item of shown) {
      const before = item.shown ?? 0;
      if (before === item.lines.length) continue;
      const had = item.lines.slice(0, before).reduce((sum, line) => sum + sizeOf(line) + 1, 0);
      const more = fill(item.lines.slice(before), Math.min(round - had, left - MORE));
      if (more.length === 0) continue;
      left -= more.reduce((sum, line) => sum + sizeOf(line) + 1, 0);
      // Said once for each resource that is cut; given back when it is not.
      if (before === 0) left -= MORE;
      item.shown = before + more.length;
      if (item.shown === item.lines.length) left += MORE;
    }
  }
  return { text: blocks.flatMap(textOf).join("\n\n"), left: leftOf(blocks) };
}

/** From so many on, resources that change alike are told of together. */
const ALIKE = 3;

/** A module's resources in order, those that change alike together, as when a tag of all of them changes. */
function itemsOf({ changes }: ModuleReport): Item[] {
  const described = changes.map((change) => ({ change, lines: attributeLines(change) }));
  const alike = new Map<string, ChangeReport[]>();
  const keyOf = ({ change, lines }: (typeof described)[number]) =>
    change.action === "update" ? lines.join("\n") : change.address;
  for (const each of described) alike.set(keyOf(each), [...(alike.get(keyOf(each)) ?? []), each.change]);
  return described.flatMap((each): Item[] => {
    const same = alike.get(keyOf(each)) ?? [];
    if (same.length < ALIKE)
      return [{ head: headOf(describeChange(each.change)), lines: each.lines, resources: 1 }];
    if (same[0] !== each.change) return [];
    const paths = shorten(same.map(({ path }) => path).join(", "), ALIKE_CHARACTERS);
    return [
      {
        head: headOf(oneLine(`changed alike: ${group(same.length)}: ${paths}`)),
        lines: each.lines,
        resources: same.length,
      },
    ];
  });
}

/** Characters of the paths of those that change alike. */
const ALIKE_CHARACTERS = 400;

function resourcesOf(items: readonly Item[]): number {
  return items.reduce((sum, { resources }) => sum + resources, 0);
}

const CLOSING = "\n```\n\n</details>";

function opening({ module, counts, changes }: ModuleReport): string {
  const grave = changes.some(({ action }) => action === "delete" || action === "replace");
  return `<details${grave ? " open" : ""}>\n<summary><b>${html(module)}</b>: ${describeCounts(counts)}</summary>\n\n\`\`\`diff\n`;
}

function textOf({ open, items }: { readonly open: string; readonly items: readonly Item[] }): string[] {
  const lines = items.flatMap(({ head, lines: all, shown }) => {
    if (shown === undefined) return [];
    const hidden = all.length - shown;
    const rest = hidden > 0 && shown > 0 ? [`  … ${count(hidden, "more line")}`] : [];
    return [head, ...all.slice(0, shown), ...rest];
  });
  return lines.length === 0 ? [] : [`${open}${lines.join("\n")}${CLOSING}`];
}

function leftOf(blocks: readonly { readonly items: readonly Item[] }[]): Left {
  const items = blocks.flatMap((block) => block.items);
  const shown = items.filter((item) => item.shown !== undefined);
  return {
    resources: resourcesOf(items) - resourcesOf(shown),
    lines: shown.reduce((sum, item) => sum + item.lines.length - (item.shown ?? 0), 0),
  };
}

/** GitHub colours it as the head of a hunk. */
function headOf(text: string): string {
  return `@@ ${text} @@`;
}

function html(text: string): string {
  return oneLine(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
