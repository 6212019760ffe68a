import { CommandError, EXIT } from "../../internal/cli";
import { counted } from "../../internal/counted";
import type { StepReport } from "../../internal/steps";
import type { ReceivedMessage } from "./failure";
import type { RedriveServices } from "./services";
import type { FailureQueue, FailureSource } from "./targets";

/** Where messages can be moved back to. */
export type Movable = Exclude<FailureSource, { readonly kind: "stream" | "rule" | "schedule" }>;

/** How a move goes about. */
export interface MoveConfig {
  /** Messages in a second, at most. */
  readonly perSecond: number;
  /** Milliseconds since 1970, after which this waits no more. */
  readonly deadline: number;
  /** Whether SQS moves messages by itself, as the emulator does not. */
  readonly hasMoveTasks: boolean;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** Seconds that a message is hidden while it is sent on. */
const HIDDEN_SECONDS = 60;
/** Milliseconds between two looks at a move by SQS. */
const POLL_MILLISECONDS = 2000;

/** What kinds of failures can be moved, by what keeps them. */
export function isMovable(source: FailureSource): source is Movable {
  return source.kind === "queue" || source.kind === "function";
}

/**
 * Moves the messages of a queue of failures back: by SQS's own task where there is one, one by one otherwise.
 *
 * @returns how many were moved, about
 * @throws CommandError when the time is up before the end, or a message cannot be moved: it stays where it is
 */
export async function moveBack(
  { queueName, source }: FailureQueue & { readonly source: Movable },
  services: RedriveServices,
  config: MoveConfig,
  report: Pick<StepReport, "count">,
): Promise<number> {
  if (source.kind === "queue" && config.hasMoveTasks) {
    return await moveByTask(queueName, source.queueName, services, config, report);
  }
  const deliver = (message: ReceivedMessage) =>
    source.kind === "queue"
      ? services.send(source.queueName, message)
      : services.invoke(source.functionName, requestOf(queueName, message));
  return await moveEach(queueName, deliver, services, config, report);
}

async function moveByTask(
  queueName: string,
  toQueueName: string,
  services: RedriveServices,
  { perSecond, deadline, now, sleep }: MoveConfig,
  report: Pick<StepReport, "count">,
): Promise<number> {
  const before = await services.lastMove(queueName);
  const joins = before?.status === "RUNNING";
  if (!joins) await services.startMove(queueName, toQueueName, perSecond);
  for (;;) {
    const task = await services.lastMove(queueName);
    // Until SQS lists the new one, the last is still that before it.
    if (task !== undefined && (joins || task.startedAt !== before?.startedAt)) {
      report.count(task.moved, task.toMove, queueName);
      if (task.status === "COMPLETED") return task.moved;
      if (task.status !== "RUNNING") {
        throw new CommandError(
          `queue ${queueName}`,
          `the move has ended as ${task.status} after ${counted(task.moved, "message")}${task.failure === undefined ? "" : `: ${task.failure}`}`,
          "mend the cause and run the same command again",
        );
      }
    }
    if (now() >= deadline)
      throw unfinished(queueName, "SQS goes on with the move; the same command joins it");
    await sleep(POLL_MILLISECONDS);
  }
}

/** No more than there are at the beginning: what fails again meanwhile is not moved in circles. */
async function moveEach(
  queueName: string,
  deliver: (message: ReceivedMessage) => Promise<void>,
  services: RedriveServices,
  { perSecond, deadline, now, sleep }: MoveConfig,
  report: Pick<StepReport, "count">,
): Promise<number> {
  const { waiting } = await services.depth(queueName);
  let moved = 0;
  report.count(moved, waiting, queueName);
  while (moved < waiting) {
    if (now() >= deadline)
      throw unfinished(queueName, `${counted(moved, "message")} moved so far; the same command goes on`);
    const begun = now();
    const messages = await services.receive(
      queueName,
      Math.min(10, perSecond, waiting - moved),
      HIDDEN_SECONDS,
    );
    if (messages.length === 0) break;
    for (const [index, message] of messages.entries()) {
      try {
        await deliver(message);
        await services.remove(queueName, message);
      } catch (error) {
        // Those that were not tried are not kept from whoever looks next.
        for (const rest of messages.slice(index)) await services.release(queueName, rest);
        throw error;
      }
      moved += 1;
      report.count(moved, waiting, queueName);
    }
    const left = (1000 * messages.length) / perSecond - (now() - begun);
    if (left > 0 && moved < waiting) await sleep(left);
  }
  return moved;
}

/** What Lambda keeps of an invocation that failed for good has the event as `requestPayload`. */
function requestOf(queueName: string, { messageId, body }: ReceivedMessage): string {
  try {
    const { requestPayload } = JSON.parse(body) as { readonly requestPayload?: unknown };
    if (requestPayload !== undefined) return JSON.stringify(requestPayload);
  } catch {
    // It is told below, without the content.
  }
  throw new CommandError(
    `queue ${queueName}`,
    `message ${messageId} is no record of a failed invocation`,
    "look at it with --bodies, and remove it if it is nobody's",
  );
}

function unfinished(queueName: string, mend: string): CommandError {
  return new CommandError(`queue ${queueName}`, "not all was moved by --timeout", mend, EXIT.unfinished);
}
