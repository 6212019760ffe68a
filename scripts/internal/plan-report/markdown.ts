import { fill, sizeOf } from "./budget";
import { changesOf, type Left } from "./changes";
import { code } from "./code";
import {
  count,
  describeCost,
  describeSize,
  describeTitle,
  describeWarning,
  group,
  oneLine,
  shorten,
  show,
} from "./lines";
import type { DiffReport, EnvironmentReport } from "./report";

/** How long the text may get, and where the rest is. */
export interface MarkdownOptions {
  /** Bytes of UTF-8, 1 000 or more; GitHub takes 65 536 characters in a comment. @default no limit */
  readonly maxBytes?: number;
  /** Where the whole report is, e.g. `the artifact plan-prod`. Said when something is left out. @default it is not said */
  readonly whole?: string;
}

/** What is kept free for what is said of what is left out. */
const RESERVE = 400;

/**
 * A report as a comment for GitHub. Longer than allowed, it leaves out attributes, then resources, counts what it leaves out, and
 * ends every block that it begins.
 */
export function renderMarkdown(
  report: DiffReport,
  { maxBytes = Number.POSITIVE_INFINITY, whole }: MarkdownOptions = {},
): string {
  const sections = report.environments.map((environment) => ({
    environment,
    text: sectionOf(environment, Number.POSITIVE_INFINITY, whole),
  }));
  const texts = new Map<EnvironmentReport, string>();
  let left = maxBytes - RESERVE;
  // What a short one does not need, the long ones get.
  const byLength = sections.toSorted((one, other) => sizeOf(one.text) - sizeOf(other.text));
  for (const [index, { environment, text }] of byLength.entries()) {
    const share = Math.floor(left / (byLength.length - index));
    const fitting = sizeOf(text) <= share ? text : sectionOf(environment, share, whole);
    if (sizeOf(fitting) > share) continue;
    texts.set(environment, fitting);
    left -= sizeOf(fitting);
  }
  const shown = report.environments.flatMap((environment) => texts.get(environment) ?? []);
  const missing = report.environments.length - shown.length;
  if (missing > 0) shown.push(`${count(missing, "more environment")} left out here${placeOf(whole)}.\n`);
  return shown.join("\n");
}

/** One environment in at most so many bytes, or its title alone. */
function sectionOf(report: EnvironmentReport, maxBytes: number, whole: string | undefined): string {
  const title = `### ${code(report.environment)}: ${describeTitle(report)}`;
  let left = maxBytes - sizeOf(title) - RESERVE;
  const missing: string[] = [];
  /** A block of at most a part of what is left: as many lines as fit, counting the others as `what`. */
  const block = (what: string, part: number, lines: readonly string[], before: string, after = "") => {
    if (lines.length === 0) return [];
    const fitting = fill(lines, Math.floor(left * part) - sizeOf(before) - sizeOf(after) - 4);
    if (fitting.length < lines.length) missing.push(count(lines.length - fitting.length, what));
    if (fitting.length === 0) return [];
    const text = [before, ...fitting, ...(after === "" ? [] : [after])].join("\n");
    left -= sizeOf(text) + 2;
    return [text];
  };

  const error = report.error ? errorBlock(report.error, Math.floor(left * 0.9)) : [];
  left -= error.reduce((sum, text) => sum + sizeOf(text) + 2, 0);
  const grave = report.warnings.some(({ acknowledged }) => !acknowledged);
  const warnings = report.warnings.map((warning) => `> - ${describeWarning(warning, code)}`);
  const first = [...error, ...block("warning", 0.4, warnings, grave ? "> [!CAUTION]" : "> [!WARNING]")];
  const cost = describeCost(report, code);
  const functions = report.functions.map((each) => `- ${code(each.name)}: ${describeSize(each)}`);
  const last = [
    ...block("function", 0.2, functions, "**Code of functions**\n"),
    ...block("permission", 0.3, report.iam.map(accessLine), "**Who may do what**\n"),
    ...block("way through the network", 0.3, report.network.map(accessLine), "**What may reach what**\n"),
    ...block("cost", 0.3, cost === undefined ? [] : [cost], "**Cost per month**\n"),
    ...block("output", 0.2, report.outputs.map(outputLine), "**Outputs**\n"),
    ...block("drifted resource", 0.15, report.drift.map(driftLine), driftHead(report), "\n</details>"),
  ];
  const modules = changesOf(report.modules, left);
  missing.push(...describeLeft(modules.left));
  const blocks = [title, ...first, ...(modules.text === "" ? [] : [modules.text]), ...last];
  if (missing.length > 0) blocks.push(`Left out here for length: ${missing.join(", ")}${placeOf(whole)}.`);
  return left < 0 ? `${title}\n` : `${blocks.join("\n\n")}\n`;
}

function errorBlock({ summary, detail }: NonNullable<EnvironmentReport["error"]>, room: number): string[] {
  const heading = `> [!CAUTION]\n> ${code(shorten(oneLine(summary), 300))}`;
  const lines = detail.split("\n").map(oneLine);
  const fence = "`".repeat(Math.max(3, ...[...detail.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const fitting = fill(lines, room - sizeOf(heading) - 2 * fence.length - 100);
  if (fitting.every((line) => line === "")) return [heading];
  const more =
    fitting.length < lines.length ? [`… ${count(lines.length - fitting.length, "more line")}`] : [];
  return [heading, [`${fence}text`, ...fitting, ...more, fence].join("\n")];
}

function accessLine({ kind, text, everybody, path }: EnvironmentReport["iam"][number]): string {
  const mark = everybody && kind === "widened" ? " **Everybody.**" : "";
  return `- ${kind === "widened" ? "**more**" : "less"}: ${oneLine(text)} (${code(path)}).${mark}`;
}

function outputLine({ name, before, after }: EnvironmentReport["outputs"][number]): string {
  const value = (each: unknown) => code(shorten(show(each), 200));
  if (before === undefined) return `- ${code(name)}: ${value(after)}, new`;
  return after === undefined
    ? `- ${code(name)}: gone`
    : `- ${code(name)}: ${value(before)} → ${value(after)}`;
}

function driftHead({ drift }: EnvironmentReport): string {
  return `<details>\n<summary>Changed past Terraform since the last deployment: ${group(drift.length)}</summary>\n`;
}

function driftLine({ path, type, attributes }: EnvironmentReport["drift"][number]): string {
  const names = attributes.map((each) => code(shorten(each.path, 100)));
  const more = names.length > 5 ? ` and ${group(names.length - 5)} more` : "";
  return `- ${code(path)} (${code(type)}): ${names.slice(0, 5).join(", ") || "gone"}${more}`;
}

function describeLeft({ resources, lines }: Left): string[] {
  return [
    ...(resources > 0 ? [count(resources, "resource")] : []),
    ...(lines > 0 ? [count(lines, "line")] : []),
  ];
}

function placeOf(whole: string | undefined): string {
  return whole === undefined ? "" : `; the whole is in ${whole}`;
}
