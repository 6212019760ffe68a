import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";
import { checkEnvironmentName } from "../../internal/synthesised-stack";
import type { EnvironmentDrift } from "../drift/drift";
import type { DriftReport } from "../drift/show";

/** What `scripts/drift --out` calls its report. */
const NAME = "drift.json";

/**
 * What was found in environments.
 *
 * @param paths folders that `scripts/drift --out` has made, or that hold such, and files with what `scripts/drift --json` printed
 * @throws CommandError naming a path that is missing or holds no report
 */
export function readReports(paths: readonly string[]): EnvironmentDrift[] {
  const found = paths.flatMap(filesOf).flatMap(parse);
  const names = found.map(({ environment }) => environment);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return found;
  throw new CommandError(twice, "has two reports", "give one", EXIT.usage);
}

function filesOf(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile()) return [path];
  const files = stat ? (readdirSync(path, { recursive: true }) as string[]) : [];
  const reports = files.filter((file) => basename(file) === NAME).sort();
  if (reports.length > 0) return reports.map((file) => join(path, file));
  throw new CommandError(
    path,
    stat ? `holds no ${NAME}` : "does not exist",
    "make it with scripts/drift <environment> --out <folder>",
    EXIT.usage,
  );
}

const STATUSES: readonly unknown[] = ["no-drift", "drift", "error"];

function parse(file: string): readonly EnvironmentDrift[] {
  const environments = environmentsIn(readFileSync(file, "utf8"));
  if (environments === undefined) {
    throw new CommandError(file, "is no report of scripts/drift", "make it again", EXIT.usage);
  }
  for (const { environment } of environments) checkEnvironmentName(environment);
  return environments;
}

function environmentsIn(text: string): readonly EnvironmentDrift[] | undefined {
  try {
    const { version, environments } = JSON.parse(text) as DriftReport;
    const right = environments.every(
      (each) => typeof each.environment === "string" && STATUSES.includes(each.status),
    );
    return version === 1 && right ? environments : undefined;
  } catch {
    return undefined;
  }
}
