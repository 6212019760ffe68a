import { readFileSync } from "node:fs";
import { CommandError } from "../../internal/cli";
import { checkEndpoint, isEmulated } from "../../internal/emulated-account";
import { checkEnvironmentName, synthesiseStacks } from "../../internal/synthesised-stack";
import { openFilter } from "./filter";
import { follow, type Window } from "./follow";
import type { TraceId } from "./id";
import { openInsights } from "./insights";
import { readLine, type Step } from "./line";
import { readSegments } from "./segments";
import { hasRelay, logTargets, type StackWithLogs } from "./targets";
import { type UnpublishedEvent, unpublishedEvents } from "./unpublished";

/** What the command is told besides id and environment. */
export interface TraceOptions {
  readonly hours: number;
  /** A synthesised stack. @default the environments are synthesised */
  readonly stack?: string;
}

/** The path of a request. */
export interface RequestPath {
  readonly id: string;
  readonly environment: string;
  /** Traces that belong to it, in X-Ray's form. */
  readonly traceIds: readonly string[];
  /** The time that was searched, as ISO times. */
  readonly searched: { readonly from: string; readonly to: string };
  /** In the order in which they began. One or more. */
  readonly steps: readonly Step[];
  /** Events that the steps have written, and of which no line says that they were published. */
  readonly unpublished: readonly UnpublishedEvent[];
}

/** Milliseconds by which clocks may differ. */
const SKEW = 60_000;

/**
 * Finds the path of a request.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 * @throws CommandError when nothing is found
 */
export async function run(
  root: string,
  id: TraceId,
  environment: string,
  options: TraceOptions,
): Promise<RequestPath> {
  const targets = logTargets(readStack(root, environment, options.stack));
  checkEndpoint(environment, targets.accountId);
  const now = Date.now();
  const from = id.began === undefined ? now - options.hours * 3_600_000 : id.began - SKEW;
  const window: Window = { from, to: now + SKEW };
  const local = isEmulated(targets.accountId);
  const source = local ? await openFilter(targets) : await openInsights(targets);
  try {
    const { lines, traceIds } = await follow(source, id, window);
    const segments = local ? [] : await readSegments(targets.region, traceIds);
    const steps = [...lines.map((line) => readLine(line, targets.prefix)), ...segments].sort(byBegin);
    const searched = { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() };
    if (steps.length === 0) throw nothingFound(id, environment, searched, targets.logGroups.length);
    const unpublished = hasRelay(targets) ? unpublishedEvents(steps) : [];
    return { id: id.id, environment, traceIds, searched, steps, unpublished };
  } finally {
    source.close();
  }
}

function readStack(root: string, environment: string, file: string | undefined): StackWithLogs {
  checkEnvironmentName(environment);
  if (file === undefined) return synthesiseStacks<StackWithLogs>(root, [environment])[0] ?? {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as StackWithLogs;
  } catch (error) {
    throw new CommandError(file, `is no synthesised stack: ${(error as Error).message}`);
  }
}

function nothingFound(
  { id, began }: TraceId,
  environment: string,
  { from, to }: RequestPath["searched"],
  groups: number,
): CommandError {
  const mend =
    began === undefined
      ? "search further back: --hours; newest lines take some seconds"
      : "newest lines take some seconds";
  return new CommandError(
    environment,
    `nothing of ${id} in ${groups} log groups from ${from} to ${to}`,
    mend,
  );
}

/** What began first; of what began at once, what took longer is around the other. */
function byBegin(left: Step, right: Step): number {
  if (left.at !== right.at) return left.at < right.at ? -1 : 1;
  return (right.milliseconds ?? 0) - (left.milliseconds ?? 0);
}
