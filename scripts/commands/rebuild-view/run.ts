import { setTimeout as sleep } from "node:timers/promises";
import { GENERATIONS_MILLISECONDS } from "../../../runtime";
import { checkEndpoint, isEmulated } from "../../internal/emulated-account";
import { runSteps } from "../../internal/steps";
import { synthesiseStacks } from "../../internal/synthesised-stack";
import { openView } from "./dynamodb-view";
import { openQueues } from "./queues";
import { Rebuild } from "./rebuild";
import { openReplays } from "./replays";
import type { Patience, RebuildPlan, RebuildRequest, RebuildResult } from "./request";
import { type HistoryTargets, historyTargets, type StackWithHistory } from "./targets";

/** What the user asks for. */
export interface RebuildOptions extends Pick<RebuildRequest, "lacking" | "keepDays"> {
  readonly abort: boolean;
  readonly dryRun: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/**
 * Rebuilds the view of an environment.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 */
export async function run(
  root: string,
  environment: string,
  options: RebuildOptions,
): Promise<RebuildPlan | RebuildResult> {
  const [stack = {}] = synthesiseStacks<StackWithHistory>(root, [environment]);
  const targets = historyTargets(environment, stack);
  checkEndpoint(environment, targets.accountId);
  return await rebuildAt(environment, targets, options, {
    ...patienceOf(targets.accountId),
    deadline: Date.now() + options.timeout * 1000,
  });
}

/** The same, where it is known what the environment has. @param quiet shows no steps. @default false */
export async function rebuildAt(
  environment: string,
  targets: HistoryTargets,
  { abort, dryRun, lacking, keepDays }: Omit<RebuildOptions, "timeout">,
  patience: Patience,
  quiet = false,
): Promise<RebuildPlan | RebuildResult> {
  const [view, replays, queues] = await Promise.all([
    openView(targets),
    openReplays(targets),
    openQueues(targets),
  ]);
  try {
    const request = { environment, archiveName: targets.archiveName, lacking, keepDays };
    const rebuild = new Rebuild(request, { view, replays, queues }, patience);
    if (dryRun) return await rebuild.plan();
    await runSteps(abort ? await rebuild.abortion() : await rebuild.steps(), quiet);
    return rebuild.result();
  } finally {
    for (const service of [view, replays, queues]) service.close();
  }
}

/** A second more than processes go by what they know. */
const KNOWN_MILLISECONDS = GENERATIONS_MILLISECONDS + 1000;

/** What the projector has begun by what it knew, it may still write until its time is over: `timeoutSeconds` of functions/order-history. */
const PROJECTOR_MILLISECONDS = 20_000;

/** How long things take in an account, but for the deadline. */
export function patienceOf(accountId: string): Omit<Patience, "deadline"> {
  const common = { now: Date.now, sleep };
  if (isEmulated(accountId)) {
    return {
      // The table is in the same machine: no write waits there for seconds.
      ...{ ...common, settleMilliseconds: KNOWN_MILLISECONDS, forgetMilliseconds: KNOWN_MILLISECONDS },
      ...{ quietMilliseconds: 3000, pollMilliseconds: 500 },
    };
  }
  return {
    ...{ ...common, forgetMilliseconds: KNOWN_MILLISECONDS + PROJECTOR_MILLISECONDS },
    // "We recommend you delay replaying archived events for 10 minutes":
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
    settleMilliseconds: 10 * 60 * 1000,
    // Counts are right "at least 1 minute" after the last message was sent:
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
    quietMilliseconds: 90 * 1000,
    pollMilliseconds: 5000,
  };
}
