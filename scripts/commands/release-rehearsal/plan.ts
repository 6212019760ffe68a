import type * as z from "zod";
import type { Distribution } from "../../internal/cdn-model";
import { CommandError, CommandErrors, EXIT } from "../../internal/cli";
import { servedFrom } from "./geographies";
import { megabitsPerSecondOf } from "./instances";
import { type Plan, type PlannedFile, planSchema } from "./plan-schema";

export type { Plan, PlannedFile } from "./plan-schema";

/** Requests of one rehearsal at most: they take some 20 bytes of memory each. */
export const MAXIMUM_REQUESTS = 50_000_000;

/** Takes a field of the plan, what it must be, and what it is. */
type Report = (field: string, message: string, got: unknown) => void;

/**
 * Reads a plan.
 *
 * @param text JSON
 * @param place what errors name, e.g. `plan.json`
 * @throws CommandErrors with one error for each field that is wrong
 */
export function parsePlan(text: string, place: string): Plan {
  const input = parseJson(text, place);
  const read = planSchema.safeParse(input);
  if (!read.success) {
    throw new CommandErrors(read.error.issues.flatMap((issue) => describe(place, issue, input)));
  }
  const { origin } = read.data;
  const instanceMegabitsPerSecond =
    origin.instanceMegabitsPerSecond ?? megabitsPerSecondOf(origin.instanceType) ?? Number.NaN;
  const plan: Plan = { ...read.data, origin: { ...origin, instanceMegabitsPerSecond } };
  failAll(place, (report) => {
    checkInstances(plan, report);
    checkShares(plan, report);
    checkTimes(plan, report);
    checkRequests(plan, report);
  });
  return plan;
}

/**
 * Checks that the distribution serves the plan's clients from where the plan says.
 *
 * @throws CommandErrors naming each group that it does not
 */
export function checkGeographies(plan: Plan, distribution: Distribution, place: string): void {
  const served = servedFrom(distribution);
  failAll(place, (report) => {
    for (const [index, { geography }] of plan.viewers.entries()) {
      if (served.includes(geography)) continue;
      const message = `must have edge locations of ${distribution.priceClass}, which are in ${served.join(", ")}: name where those are that serve these clients`;
      report(`viewers[${index}].geography`, message, geography);
    }
  });
}

/** Requests that the plan is expected to make: what is drawn differs a little. */
export function expectedRequests(plan: Plan): number {
  return plan.files.reduce((all, file) => {
    const { times = 1 } = file.repeat ?? {};
    const { share } = file.interruptions ?? plan.interruptions;
    return all + plan.clients * file.share * times * chunksOf(file) * (1 + share);
  }, 0);
}

/** Requests of one whole download. */
export function chunksOf({ bytes, chunks }: PlannedFile): number {
  return chunks === undefined ? 1 : Math.max(1, Math.ceil(bytes / chunks.bytes));
}

function checkInstances({ origin }: Plan, report: Report): void {
  if (!Number.isNaN(origin.instanceMegabitsPerSecond)) return;
  const message = `must be set, as the bandwidth of ${origin.instanceType} is not known here`;
  report("origin.instanceMegabitsPerSecond", message, undefined);
}

function checkShares({ viewers, files }: Plan, report: Report): void {
  const sumOf = (all: readonly { readonly share: number }[]) =>
    all.reduce((sum, { share }) => sum + share, 0);
  const isOne = (sum: number) => Math.abs(sum - 1) < 1e-9;
  const sum = sumOf(viewers);
  if (!isOne(sum)) report("viewers", "must have shares that add up to 1", rounded(sum));
  for (const [index, { variants, distinct }] of files.map((file, at) => [at, distinctOf(file)] as const)) {
    if (variants !== undefined && !isOne(sumOf(variants))) {
      report(`files[${index}].variants`, "must have shares that add up to 1", rounded(sumOf(variants)));
    }
    if (distinct > 10_000)
      report(`files[${index}].variants`, "must be at most 10000 different ones", distinct);
  }
}

function distinctOf({ variants }: PlannedFile) {
  return { variants, distinct: (variants ?? []).reduce((all, { distinct }) => all + distinct, 0) };
}

function checkTimes(
  { arrivals, durationHours, releasesPerMonth, invalidations }: Plan,
  report: Report,
): void {
  if (durationHours * releasesPerMonth > 744) {
    report(
      "releasesPerMonth",
      `must be at most ${rounded(744 / durationHours)}, as each takes ${durationHours} hours`,
      releasesPerMonth,
    );
  }
  for (const [index, { atHours }] of invalidations.entries()) {
    if (atHours > durationHours) {
      report(`invalidations[${index}].atHours`, `must be within durationHours (${durationHours})`, atHours);
    }
  }
  if (arrivals.kind !== "points") return;
  let before = -1;
  for (const [index, { hour }] of arrivals.points.entries()) {
    const field = `arrivals.points[${index}].hour`;
    if (hour <= before) report(field, "must be after that of the point before", hour);
    if (hour > durationHours) report(field, `must be within durationHours (${durationHours})`, hour);
    before = hour;
  }
  if (arrivals.points.every(({ weight }) => weight === 0))
    report("arrivals.points", "must have a weight above 0", 0);
}

function checkRequests(plan: Plan, report: Report): void {
  const lastSeconds = Math.max(
    ...plan.files.map(
      ({ afterSeconds, repeat }) => afterSeconds + (repeat ? (repeat.times - 1) * repeat.everySeconds : 0),
    ),
  );
  if (plan.durationHours * 3600 + lastSeconds > 45 * 86_400) {
    report(
      "files",
      "must be asked for within 45 days",
      `${rounded(plan.durationHours / 24 + lastSeconds / 86_400)} days`,
    );
  }
  for (const [index, file] of plan.files.entries()) {
    if (chunksOf(file) > 1000)
      report(`files[${index}].chunks.bytes`, "must make at most 1000 chunks", chunksOf(file));
  }
  const expected = expectedRequests(plan);
  if (expected > MAXIMUM_REQUESTS) {
    report(
      "clients",
      `must make at most ${MAXIMUM_REQUESTS} requests; for more, raise releasesPerMonth`,
      `about ${Math.round(expected)}`,
    );
  }
}

function failAll(place: string, check: (report: Report) => void): void {
  const errors: CommandError[] = [];
  check((field, message, got) => errors.push(errorOf(place, field, message, got)));
  if (errors.length > 0) throw new CommandErrors(errors);
}

function errorOf(place: string, field: string, message: string, got: unknown): CommandError {
  const text =
    got === undefined
      ? "nothing"
      : typeof got === "string" && /^about|days$/.test(got)
        ? got
        : JSON.stringify(got);
  return new CommandError(place, `${field} ${message}, got ${text}`, undefined, EXIT.usage);
}

function describe(place: string, issue: z.core.$ZodIssue, input: unknown): CommandError[] {
  const field = fieldOf(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const name = field === "" ? key : `${field}.${key}`;
      const mend = "remove it or correct its name (plan-schema.ts lists all)";
      return new CommandError(place, `${name} is no field`, mend, EXIT.usage);
    });
  }
  const value = issue.path.reduce<unknown>(
    (all, key) => (all as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  return [errorOf(place, field === "" ? "the plan" : field, requirement(issue), value)];
}

function requirement(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith("must")) return issue.message;
  if (issue.code === "invalid_union") return 'must be one of "decay", "flat", "points"';
  return issue.code === "invalid_type" ? `must be ${withArticle(issue.expected)}` : issue.message;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, key) => {
    if (typeof key === "number") return `${field}[${key}]`;
    return field === "" ? String(key) : `${field}.${String(key)}`;
  }, "");
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(
      place,
      `is no JSON: ${(error as Error).message}`,
      "--example prints a plan",
      EXIT.usage,
    );
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(6));
}
