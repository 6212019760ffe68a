import {
  attributeLines,
  describeChange,
  describeCost,
  describeCounts,
  describeSize,
  describeTitle,
  describeWarning,
  oneLine,
  shorten,
  show,
} from "./lines";
import type { AccessChange, DiffReport, EnvironmentReport } from "./report";

/** A report for a terminal, whole. */
export function renderText(report: DiffReport): string {
  return report.environments.map(sectionOf).join("\n\n");
}

function sectionOf(report: EnvironmentReport): string {
  const { error, warnings, modules, functions, iam, network, outputs, drift } = report;
  const cost = describeCost(report, same);
  const blocks = [
    `${report.environment}: ${describeTitle(report)}`,
    ...(error
      ? [[oneLine(error.summary), ...indented(error.detail.split("\n").map(oneLine))].join("\n")]
      : []),
    ...block(
      "What cannot be made again",
      warnings.map((warning) => describeWarning(warning, same)),
    ),
    ...modules.map(({ module, counts, changes }) =>
      [
        `${oneLine(module)}: ${describeCounts(counts)}`,
        ...changes.flatMap((change) => [
          `  ${describeChange(change)}`,
          ...indented(indented(attributeLines(change))),
        ]),
      ].join("\n"),
    ),
    ...block(
      "Code of functions",
      functions.map((each) => `${oneLine(each.name)}: ${describeSize(each)}`),
    ),
    ...block("Who may do what", iam.map(accessLine)),
    ...block("What may reach what", network.map(accessLine)),
    ...block("Cost per month", cost === undefined ? [] : [cost]),
    ...block("Outputs", outputs.map(outputLine)),
    ...block(
      "Changed past Terraform since the last deployment",
      drift.map(
        (change) =>
          `${describeChange(change)}: ${change.attributes.map(({ path }) => path).join(", ") || "gone"}`,
      ),
    ),
  ];
  return blocks.join("\n\n");
}

function block(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [[heading, ...indented(lines)].join("\n")];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`.trimEnd());
}

/** The sentence is written with names as code. */
function accessLine({ kind, text, path, everybody }: AccessChange): string {
  const mark = everybody && kind === "widened" ? " EVERYBODY." : "";
  return oneLine(`${kind === "widened" ? "more" : "less"}: ${text.replaceAll("`", "")} (${path}).${mark}`);
}

function outputLine({ name, before, after }: EnvironmentReport["outputs"][number]): string {
  const value = (each: unknown) => shorten(show(each), 200);
  if (before === undefined) return `${name}: ${value(after)}, new`;
  return after === undefined ? `${name}: gone` : `${name}: ${value(before)} → ${value(after)}`;
}

function same(text: string): string {
  return text;
}
