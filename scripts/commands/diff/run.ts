import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandError } from "../../internal/cli";
import { writeJson } from "../../internal/json-file";
import { withLock } from "../../internal/lock";
import { outputFolder } from "../../internal/output-folder";
import {
  type DiffReport,
  describeTitle,
  type EnvironmentReport,
  environmentReport,
  failedReport,
  renderMarkdown,
  renderText,
} from "../../internal/plan-report";
import { runSteps } from "../../internal/steps";
import { type MadePlan, makePlan } from "./cdktf";

/** Exit codes that say what was found. */
const FOUND = { nothing: 0, error: 1, changes: 2 } as const;

/** Milliseconds to wait for another diff of the same folder. */
const PATIENCE_MILLISECONDS = 600_000;

/** Nobody else's business: plans hold values in the clear. */
const PRIVATE = 0o600;

/** What the command is told besides environments. */
export interface RunOptions {
  readonly format: "text" | "markdown" | "json";
  /** Folder for plans and reports. */
  readonly out?: string;
  /** Bytes of the Markdown. */
  readonly maxBytes: number;
  /** File for the whole Markdown. */
  readonly full?: string;
  /** Shows no progress. @default false */
  readonly quiet?: boolean;
}

/** What is printed, and the exit code. */
export interface Result {
  readonly text: string;
  readonly exitCode: number;
}

/**
 * Plans environments, one after the other: cdktf synthesises all of them for each.
 *
 * @param root folder of the project
 * @param environments names of stacks, e.g. `envs/prod`
 * @throws CommandError when a tool is missing, a file cannot be written, or it is interrupted. What cannot be planned is in the result.
 */
export async function run(
  root: string,
  environments: readonly string[],
  options: RunOptions,
): Promise<Result> {
  const { format, out, full, maxBytes } = options;
  const reports: EnvironmentReport[] = [];
  const lock = {
    path: join(outputFolder(root), ".diff-lock"),
    place: "scripts/diff",
    waitMilliseconds: PATIENCE_MILLISECONDS,
    onWait: ({ pid }: { readonly pid: number }) =>
      console.error(`waiting for process ${pid}, which plans in the same folder …`),
  };
  await withLock(lock, () =>
    runSteps(
      [...new Set(environments)].map((environment) => ({
        title: `Plan ${environment}`,
        run: async (step) => {
          const report = await reportOn(root, environment, out);
          reports.push(report);
          step.done(`${environment}: ${describeTitle(report)}`);
        },
      })),
      options.quiet,
    ),
  );
  const report: DiffReport = { version: 1, environments: reports };
  const whole = wholeIn(options);
  if (full !== undefined) writePrivate(full, renderMarkdown(report));
  const texts = {
    json: () => JSON.stringify(report, null, 2),
    text: () => renderText(report),
    markdown: () => renderMarkdown(report, { maxBytes, ...(whole !== undefined && { whole }) }).trimEnd(),
  };
  return { text: texts[format](), exitCode: exitCodeOf(report) };
}

async function reportOn(
  root: string,
  environment: string,
  out: string | undefined,
): Promise<EnvironmentReport> {
  const folder = out === undefined ? undefined : join(out, environment);
  // What an earlier run has left is not this one's.
  if (folder !== undefined) for (const name of FILES) rmSync(join(folder, name), { force: true });
  const made = await makePlan(root, environment);
  const failed = "summary" in made;
  const report = failed
    ? failedReport(environment, made)
    : environmentReport({ environment, plan: made.shown, stack: made.stack, folder: made.folder });
  if (folder !== undefined) keep(folder, report, failed ? undefined : made);
  return report;
}

/** Files in the folder of an environment. */
const FILES = ["plan.tfplan", "plan.json", "stack.json", "report.md"] as const;

function keep(folder: string, report: EnvironmentReport, made: MadePlan | undefined): void {
  const [plan, json, stack, markdown] = FILES.map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  writeJson(json, report, PRIVATE);
  writePrivate(markdown, renderMarkdown({ version: 1, environments: [report] }));
  if (made === undefined) return;
  copyFileSync(made.file, plan);
  copyFileSync(join(made.folder, "cdk.tf.json"), stack);
  for (const file of [plan, stack]) chmodSync(file, PRIVATE);
}

function writePrivate(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: PRIVATE });
    chmodSync(file, PRIVATE); // It may have been there.
  } catch (error) {
    throw new CommandError(file, `cannot be written: ${(error as Error).message}`);
  }
}

/** Where a reader finds what the Markdown leaves out. */
function wholeIn({ out, full }: RunOptions): string | undefined {
  if (full !== undefined) return `\`${full}\``;
  return out === undefined ? undefined : `\`${join(out, "envs", "…", "report.md")}\``;
}

function exitCodeOf({ environments }: DiffReport): number {
  if (environments.some(({ status }) => status === "error")) return FOUND.error;
  return environments.some(({ status }) => status === "changes") ? FOUND.changes : FOUND.nothing;
}
