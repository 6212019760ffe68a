import type { AttributeChange } from "../../internal/plan";
import { code } from "../../internal/plan-report/code";
import { show } from "../../internal/plan-report/lines";
import type { DriftedResource, EnvironmentDrift } from "./drift";

/** What the command has found: printed as it is with `--format json`. */
export interface DriftReport {
  readonly version: 1;
  readonly environments: readonly EnvironmentDrift[];
}

/** Attributes of one resource, and resources of one environment, that are shown; the JSON has all. */
const SHOWN = { attributes: 20, resources: 200 } as const;

/** For a terminal: `-` is how it was deployed, `+` how it is. */
export function renderText({ environments }: DriftReport): string {
  return environments
    .map((environment) => {
      const lines = cut(environment.drifted, SHOWN.resources, "resources", (resource) => [
        `${resource.path} (${resource.type}): ${words(resource)}`,
        ...attributes(resource).map((line) => `  ${line}`),
      ]);
      const below = [...lines, ...errorOf(environment)].map((line) => `  ${line}`);
      return [title(environment), ...below, ...remark(environment)].join("\n");
    })
    .join("\n\n");
}

/** For an issue on GitHub. */
export function renderMarkdown({ environments }: DriftReport): string {
  return environments
    .map((environment) => {
      const blocks = cut(environment.drifted, SHOWN.resources, "resources", (resource) => [
        `- ${code(resource.path)} (${code(resource.type)}): ${words(resource)}`,
        ...fenced("diff", attributes(resource)).map((line) => (line === "" ? line : `  ${line}`)),
      ]);
      const set = `The next deployment sets back what is changed and makes anew what is gone: ${code(`scripts/diff ${environment.environment}`)} shows it.`;
      return [
        // What Terraform says is no Markdown.
        `### ${title(environment, code)}`,
        blocks.join("\n"),
        fenced("text", errorOf(environment)).join("\n").trim(),
        ...(environment.status === "drift" ? [set] : []),
        ...remark(environment),
      ]
        .filter((part) => part !== "")
        .join("\n\n");
    })
    .join("\n\n");
}

const FENCE = "```";

/** A block of lines, which nothing in them can end. */
function fenced(language: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const text = lines.map((line) => line.replaceAll("`", "'"));
  return ["", `${FENCE}${language}`, ...text, FENCE];
}

function title(
  { environment, status, drifted, error }: EnvironmentDrift,
  quote = (text: string) => text,
): string {
  if (error) return `${environment}: could not be looked at: ${quote(error.summary)}`;
  if (status === "no-drift") return `${environment}: no drift`;
  const gone = drifted.filter(({ kind }) => kind === "gone").length;
  const counts = [
    ...(gone > 0 ? [`${gone} gone`] : []),
    ...(drifted.length > gone ? [`${drifted.length - gone} changed`] : []),
  ];
  return `${environment}: drift, ${counts.join(", ")}`;
}

function words({ kind, stateful }: DriftedResource): string {
  if (kind === "changed") return "changed";
  return stateful ? "gone, and its data with it" : "gone";
}

function attributes({ attributes: changed }: DriftedResource): string[] {
  return cut(changed, SHOWN.attributes, "attributes", ({ path, before, after }: AttributeChange) => [
    ...(before === undefined ? [] : [`- ${path} = ${show(before)}`]),
    ...(after === undefined ? [] : [`+ ${path} = ${show(after)}`]),
  ]);
}

function errorOf({ error }: EnvironmentDrift): string[] {
  return error ? error.detail.split("\n") : [];
}

function remark({ alsoChanged }: EnvironmentDrift): string[] {
  if (alsoChanged.length === 0) return [];
  const things = alsoChanged.length === 1 ? "One resource has" : `${alsoChanged.length} resources have`;
  return [
    `${things} attributes that the stack does not set and that differ from the state; the JSON lists them.`,
  ];
}

function cut<T>(
  all: readonly T[],
  most: number,
  what: string,
  lines: (each: T) => readonly string[],
): string[] {
  const rest = all.length - most;
  return [
    ...all.slice(0, most).flatMap(lines),
    ...(rest > 0 ? [`and ${rest} more ${what}; the JSON has all`] : []),
  ];
}
