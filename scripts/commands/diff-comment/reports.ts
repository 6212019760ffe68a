import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";
import { type DiffReport, type EnvironmentReport, failedReport } from "../../internal/plan-report";
import { checkEnvironmentName } from "../../internal/synthesised-stack";

/** What `scripts/diff --out` calls the report in an environment's folder. */
const NAME = "plan.json";

/**
 * The reports of environments, in alphabetical order.
 *
 * @param paths folders that `scripts/diff --out` has made, and files with what `scripts/diff --json` printed
 * @param environments those that there should be. One without report counts as failed. @default those that have one
 * @throws CommandError naming a path that is missing or holds no report
 */
export function readReports(paths: readonly string[], environments: readonly string[]): DiffReport {
  const found = new Map<string, EnvironmentReport>();
  for (const file of paths.flatMap((path) => filesOf(path, environments.length > 0))) {
    for (const report of parse(file)) {
      if (found.has(report.environment)) {
        throw new CommandError(file, `is a second report of ${report.environment}`, "give one", EXIT.usage);
      }
      found.set(report.environment, report);
    }
  }
  const strange = [...found.keys()].find((name) => environments.length > 0 && !environments.includes(name));
  if (strange !== undefined) {
    throw new CommandError(strange, "has a report and is not among the environments", "name it", EXIT.usage);
  }
  const names = [...new Set([...environments, ...found.keys()])].sort();
  return { version: 1, environments: names.map((name) => found.get(name) ?? missing(name)) };
}

function missing(environment: string): EnvironmentReport {
  return failedReport(environment, {
    summary: "no plan was made",
    detail: "The job ended before scripts/diff did. Its log says why.",
  });
}

function filesOf(path: string, mayBeEmpty: boolean): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile()) return [path];
  const files = stat ? (readdirSync(path, { recursive: true }) as string[]) : [];
  const reports = files.filter((file) => basename(file) === NAME).sort();
  if (reports.length > 0 || mayBeEmpty) return reports.map((file) => join(path, file));
  throw new CommandError(
    path,
    stat ? `holds no ${NAME}` : "does not exist",
    "make it with scripts/diff <environment> --out <folder>",
    EXIT.usage,
  );
}

function parse(file: string): readonly EnvironmentReport[] {
  const reports = reportsIn(readFileSync(file, "utf8"));
  if (reports === undefined) {
    throw new CommandError(file, "is no report of scripts/diff", "make it again", EXIT.usage);
  }
  for (const { environment } of reports) checkEnvironmentName(environment);
  return reports;
}

const STATUSES: readonly unknown[] = ["no-change", "changes", "error"];

/** All reports of a file, of which a folder's holds one; undefined when it is something else. */
function reportsIn(text: string): readonly EnvironmentReport[] | undefined {
  try {
    const content = JSON.parse(text) as DiffReport | EnvironmentReport;
    const reports = "environments" in content ? content.environments : [content];
    const right = reports.every(
      (each) => typeof each.environment === "string" && STATUSES.includes(each.status),
    );
    return right && ("version" in content ? content.version === 1 : true) ? reports : undefined;
  } catch {
    return undefined;
  }
}
