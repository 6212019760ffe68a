import { CommandError, EXIT } from "../../internal/cli";
import { type DiffReport, type EnvironmentReport, failedReport } from "../../internal/plan-report";
import { type ReportKind, readReport, reportFiles } from "../../internal/report-files";

const DIFF: ReportKind = {
  command: "scripts/diff",
  fileName: "plan.json",
  statuses: ["no-change", "changes", "error"],
};

/**
 * The reports of environments, in alphabetical order.
 *
 * @param paths folders that `scripts/diff --out` has made, and files with what `scripts/diff --json` printed
 * @param environments those that there should be. One without report counts as failed. @default those that have one
 * @throws CommandError naming a path that is missing or holds no report
 */
export function readReports(paths: readonly string[], environments: readonly string[]): DiffReport {
  const found = new Map<string, EnvironmentReport>();
  for (const file of paths.flatMap((path) => reportFiles(DIFF, path, environments.length > 0))) {
    for (const report of readReport<EnvironmentReport>(DIFF, file)) {
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
