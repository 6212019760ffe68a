import { textTable } from "../../internal/text-table";
import type { Failure } from "./failure";
import type { QueueReport, RedriveResult } from "./run";

/** The result for a reader. */
export function describeRedrive({ environment, queues }: RedriveResult): string {
  if (queues.length === 0) return `${environment}: it has no queue of failures.`;
  const rows = queues.map((queue) => [queue.name, sourceOf(queue), queue.waiting, outcomeOf(queue)]);
  const table = textTable(["queue", "failures of", "waiting", ""], rows);
  const isEmpty = queues.every(({ waiting, hidden }) => waiting + hidden === 0);
  return [
    table,
    ...(isEmpty ? ["", "Nothing waits."] : []),
    ...queues.flatMap((queue) => samplesOf(queue, environment)),
  ].join("\n");
}

function sourceOf({ source }: QueueReport): string {
  if (source.kind === "queue") return `queue ${source.queueName}`;
  return source.kind === "function" ? `function ${source.functionName}` : `a ${source.kind}`;
}

function outcomeOf({ move, moved, left, hidden, waiting }: QueueReport): string {
  if (move === "moved") {
    return `about ${waiting} ${waiting === 1 ? "was" : "were"} waiting, ${moved} moved back, ${left} left`;
  }
  if (move === "would-move") return "would be moved back";
  if (move === "cannot") return "cannot be moved: docs/events.md";
  return hidden > 0 ? `${hidden} more are being looked at` : "";
}

function samplesOf({ name, samples, waiting, move }: QueueReport, environment: string): string[] {
  if (samples.length === 0) return [];
  const before = move === "moved" ? ", before they were moved" : "";
  const known = samples.find(({ eventId }) => eventId !== undefined);
  return [
    "",
    `${name}: ${samples.length} of about ${waiting}${before}`,
    ...samples.flatMap(linesOf),
    ...(known ? [`  why: scripts/trace ${environment} ${known.eventId}`] : []),
  ];
}

function linesOf({ messageId, sentAt, reason, eventId, type, traceId, body }: Failure): string[] {
  const facts = [
    sentAt && `sent ${sentAt}`,
    type,
    eventId && `event ${eventId}`,
    traceId && `trace ${traceId}`,
    reason,
  ].filter(Boolean);
  return [
    `  message ${messageId}: ${facts.join(", ") || "it says nothing of itself"}`,
    ...(body === undefined ? [] : [`    ${body}`]),
  ];
}
