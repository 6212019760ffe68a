import { type Cost, costOf } from "./batches";
import type { MadeInvalidation } from "./invalidate";
import type { Plan } from "./plan";

/** What the command has done, or would do: printed as it is with `--json`. */
export interface Result {
  /** As given, e.g. `envs/prod`. */
  readonly environment: string;
  /** Absent when nothing was looked up: in a dry run, or when there is nothing to invalidate. */
  readonly distributionId?: string;
  readonly dryRun: boolean;
  /** How many paths were given, with duplicates. */
  readonly given: number;
  /** What is sent: sorted, each once, none of them covered by another. */
  readonly paths: readonly string[];
  readonly covered: Plan["covered"];
  /** What names the run. Absent when nothing does. */
  readonly reference?: string;
  /** Of the paths that are sent, should all of them be sent anew. */
  readonly cost: Cost;
  readonly invalidations: readonly MadeInvalidation[];
}

/** Puts together what was planned and done. */
export function resultOf(
  { given, paths, covered, reference }: Plan,
  done: Pick<Result, "environment" | "dryRun" | "invalidations"> & { readonly distributionId?: string },
): Result {
  return {
    ...done,
    given,
    paths,
    covered,
    ...(reference !== undefined && { reference }),
    cost: costOf(paths.length),
  };
}

/** Paths that are listed one by one. */
const SHOWN_PATHS = 20;

/** The result for a reader. */
export function describeResult(result: Result): string {
  const { environment, distributionId, dryRun, paths, covered, given, cost, invalidations } = result;
  if (paths.length === 0) return `${environment}: nothing to invalidate.`;
  const duplicates = given - paths.length - covered.length;
  const left = [
    ...(duplicates > 0 ? [`${duplicates} given more than once`] : []),
    ...(covered.length > 0 ? [`${covered.length} covered by a wildcard`] : []),
  ];
  const rest = paths.length - SHOWN_PATHS;
  const head = `${[environment, ...(distributionId ? [distributionId] : [])].join(" ")}: ${count(paths.length)}`;
  return [
    `${head}${left.length > 0 ? ` (and ${left.join(", ")})` : ""}`,
    ...(dryRun ? paths.slice(0, SHOWN_PATHS).map((path) => `  ${path}`) : []),
    ...(dryRun && rest > 0 ? [`  and ${rest} more; --json lists all`] : []),
    ...invalidations.map(describeInvalidation),
    ...(invalidations.some(({ repeated }) => repeated)
      ? ["What was made before is not paid again. To invalidate anew, give another --reference."]
      : []),
    describeCost(cost),
  ].join("\n");
}

/** Warns of a run that has sent nothing anew. @returns nothing when it has */
export function warningOf({ invalidations, reference }: Result): string | undefined {
  if (invalidations.length === 0 || !invalidations.every(({ repeated }) => repeated)) return undefined;
  const last = invalidations
    .map(({ createdAt }) => createdAt)
    .sort()
    .at(-1);
  const mend = reference === undefined ? "run the command again" : "give another --reference";
  return `warning: nothing was sent anew: all was invalidated before, last at ${last}; to invalidate anew, ${mend}`;
}

function describeInvalidation({ id, status, paths, createdAt, repeated }: MadeInvalidation): string {
  const words = status === "Completed" ? "completed" : "in progress";
  return `  ${id} ${words}: ${count(paths)}${repeated ? `, made before, at ${createdAt}` : ""}`;
}

function describeCost({ least, most, currency, freePathsPerMonth, priceDate }: Cost): string {
  return (
    `Cost: ${least} to ${most} ${currency}, by how many of the account's ${freePathsPerMonth} free paths ` +
    `of the month are left (price of ${priceDate}).`
  );
}

function count(paths: number): string {
  return `${paths} ${paths === 1 ? "path" : "paths"}`;
}
