import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { CommandError, EXIT } from "./cli";
import { checkEnvironmentName } from "./synthesised-stack";

/** What a report says of one environment, as far as all do. */
export interface ReportOfEnvironment {
  /** e.g. `envs/prod`. */
  readonly environment: string;
  readonly status: string;
}

/** Reports of one command. */
export interface ReportKind {
  /** Command that makes them, e.g. `scripts/diff`. */
  readonly command: string;
  /** What it calls a report in the folder of `--out`, e.g. `plan.json`. */
  readonly fileName: string;
  readonly statuses: readonly string[];
}

/**
 * Finds files of reports.
 *
 * @param path a folder that `--out` has made, or that holds such; or a file with what `--json` printed
 * @param mayBeEmpty whether there may be none. @default false
 * @throws CommandError naming a path that is missing or holds no report
 */
export function reportFiles({ command, fileName }: ReportKind, path: string, mayBeEmpty = false): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile()) return [path];
  const files = stat ? (readdirSync(path, { recursive: true }) as string[]) : [];
  const reports = files.filter((file) => basename(file) === fileName).sort();
  if (reports.length > 0 || mayBeEmpty) return reports.map((file) => join(path, file));
  throw new CommandError(
    path,
    stat ? `holds no ${fileName}` : "does not exist",
    `make it with ${command} <environment> --out <folder>`,
    EXIT.usage,
  );
}

/**
 * Reads a report: of several environments, or of one.
 *
 * @throws CommandError when it is something else
 */
export function readReport<Report extends ReportOfEnvironment>(
  { command, statuses }: ReportKind,
  file: string,
): readonly Report[] {
  const reports = reportsIn<Report>(readFileSync(file, "utf8"), statuses);
  if (reports === undefined) {
    throw new CommandError(file, `is no report of ${command}`, "make it again", EXIT.usage);
  }
  for (const { environment } of reports) checkEnvironmentName(environment);
  return reports;
}

function reportsIn<Report extends ReportOfEnvironment>(
  text: string,
  statuses: readonly string[],
): readonly Report[] | undefined {
  try {
    const content = JSON.parse(text) as { version: unknown; environments: readonly Report[] } | Report;
    const reports = "environments" in content ? content.environments : [content];
    const right = reports.every(
      ({ environment, status }) => typeof environment === "string" && statuses.includes(status),
    );
    return right && ("version" in content ? content.version === 1 : true) ? reports : undefined;
  } catch {
    return undefined;
  }
}
