import { CommandError, EXIT } from "../../internal/cli";
import { type ReportKind, readReport, reportFiles } from "../../internal/report-files";
import type { EnvironmentDrift } from "../drift/drift";

const DRIFT: ReportKind = {
  command: "scripts/drift",
  fileName: "drift.json",
  statuses: ["no-drift", "drift", "error"],
};

/**
 * What was found in environments.
 *
 * @param paths folders that `scripts/drift --out` has made, or that hold such, and files with what `scripts/drift --json` printed
 * @throws CommandError naming a path that is missing or holds no report
 */
export function readReports(paths: readonly string[]): EnvironmentDrift[] {
  const found = paths
    .flatMap((path) => reportFiles(DRIFT, path))
    .flatMap((file) => readReport<EnvironmentDrift>(DRIFT, file));
  const names = found.map(({ environment }) => environment);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return found;
  throw new CommandError(twice, "has two reports", "give one", EXIT.usage);
}
