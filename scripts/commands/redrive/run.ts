import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, EXIT } from "../../internal/cli";
import { counted } from "../../internal/counted";
import { checkEndpoint, isEmulated } from "../../internal/emulated-account";
import { runSteps } from "../../internal/steps";
import { synthesiseStacks } from "../../internal/synthesised-stack";
import { type Failure, failureOf } from "./failure";
import { isMovable, type Movable, type MoveConfig, moveBack } from "./move";
import { type Depth, openServices, type RedriveServices } from "./services";
import { chooseQueues, type FailureQueue, failureQueues, type StackWithQueues } from "./targets";

/** What the user asks for. */
export interface RedriveOptions {
  readonly move: boolean;
  /** Messages of each queue to look at, 0 to 10. */
  readonly samples: number;
  readonly bodies: boolean;
  readonly perSecond: number;
  readonly dryRun: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** A queue of failures, and what was done with it. */
export interface QueueReport extends FailureQueue, Depth {
  /** Some of its messages, as they were before anything was moved. */
  readonly samples: readonly Failure[];
  /** `would-move` with --dry-run; `cannot` where what failed is moved by no command. Absent where there is nothing, or nothing was asked. */
  readonly move?: "moved" | "would-move" | "cannot";
  /** Messages that were moved, about. */
  readonly moved?: number;
  /** Messages that were there after the move, about; those among them that somebody looks at. */
  readonly left?: number;
}

/** What the command prints with `--json`. */
export interface RedriveResult {
  readonly environment: string;
  readonly queues: readonly QueueReport[];
}

/**
 * Shows the queues of failures of an environment, and moves their messages back where that is asked.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 * @param asked what the user calls the queues; all when empty
 */
export async function run(
  root: string,
  environment: string,
  asked: readonly string[],
  options: RedriveOptions,
): Promise<RedriveResult> {
  const [stack = {}] = synthesiseStacks<StackWithQueues>(root, [environment]);
  const found = failureQueues(stack);
  const queues = chooseQueues(environment, found.queues, asked);
  checkEndpoint(environment, found.accountId);
  const services = await openServices(found);
  const config: MoveConfig = {
    perSecond: options.perSecond,
    deadline: Date.now() + options.timeout * 1000,
    hasMoveTasks: !isEmulated(found.accountId),
    now: Date.now,
    sleep,
  };
  try {
    return await redrive({ environment, queues, named: asked.length > 0, ...options }, services, config);
  } finally {
    services.close();
  }
}

/** What is to be done with which queues. */
export interface RedriveRequest extends Pick<RedriveOptions, "move" | "samples" | "bodies" | "dryRun"> {
  readonly environment: string;
  readonly queues: readonly FailureQueue[];
  /** Whether the user named them: what of them cannot be moved is then an error. */
  readonly named: boolean;
}

/** The same, where it is known what the environment has. */
export async function redrive(
  { environment, queues, named, move, samples, bodies, dryRun }: RedriveRequest,
  services: RedriveServices,
  config: MoveConfig,
): Promise<RedriveResult> {
  if (move && named) checkMovable(queues);
  const reports: QueueReport[] = [];
  for (const queue of queues) {
    const depth = await services.depth(queue.queueName);
    const looked = depth.waiting === 0 ? [] : await sample(queue, samples, services);
    reports.push({ ...queue, ...depth, samples: looked.map((message) => failureOf(message, bodies)) });
  }
  if (!move && !dryRun) return { environment, queues: reports };
  const outcomes = new Map<string, Pick<QueueReport, "move" | "moved" | "left">>();
  const steps = reports
    .filter(({ waiting }) => waiting > 0)
    .flatMap((report) => {
      const { queueName, name, source, waiting } = report;
      const planned = isMovable(source) ? "would-move" : "cannot";
      outcomes.set(queueName, { move: planned });
      if (dryRun || !isMovable(source)) return [];
      return {
        title: `Move about ${counted(waiting, "message")} back to ${describeTarget(source)}`,
        run: async (progress: Parameters<typeof moveBack>[3] & { done(text: string): void }) => {
          const moved = await moveBack({ ...report, source }, services, config, progress);
          const after = await services.depth(queueName);
          outcomes.set(queueName, { move: "moved", moved, left: after.waiting + after.hidden });
          progress.done(`Moved ${counted(moved, "message")} of ${name} back to ${describeTarget(source)}`);
        },
      };
    });
  if (steps.length > 0) await runSteps(steps);
  return {
    environment,
    queues: reports.map((report) => ({ ...report, ...outcomes.get(report.queueName) })),
  };
}

/** Messages are hidden until all are there, so that none is seen twice, and then given free. */
async function sample({ queueName }: FailureQueue, most: number, services: RedriveServices) {
  if (most === 0) return [];
  const messages = await services.receive(queueName, most, 30);
  for (const message of messages) await services.release(queueName, message);
  return messages;
}

function checkMovable(queues: readonly FailureQueue[]): void {
  const stuck = queues.find(({ source }) => !isMovable(source));
  if (stuck === undefined) return;
  throw new CommandError(
    `queue ${stuck.queueName}`,
    `keeps what a ${stuck.source.kind} left behind, which cannot be moved`,
    'docs/events.md, "When a message fails", says what to do',
    EXIT.usage,
  );
}

function describeTarget(source: Movable): string {
  return source.kind === "queue" ? `queue ${source.queueName}` : `function ${source.functionName}`;
}
