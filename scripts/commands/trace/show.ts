import { counted } from "../../internal/counted";
import { textTable } from "../../internal/text-table";
import type { Step } from "./line";
import type { RequestPath } from "./run";
import type { UnpublishedEvent } from "./unpublished";

const MARKS = { error: "x", warning: "!" } as const;
/** Characters of a step's further fields that are shown; `--json` has all. */
const SHOWN = 160;
/** Fields that come first, without their names, and those that tell nothing of what happened. */
const WORDS = ["route", "type", "status", "outcome"];
const UNSHOWN = new Set([
  ...["requestTime", "extendedRequestId", "function_request_id", "messageId", "eventId"],
]);

/** A path as a table: when each step began after the first, how long it took, and what it was. */
export function describePath({ id, traceIds, steps, unpublished }: RequestPath): string {
  const first = Date.parse(steps[0]?.at ?? "");
  // What is replayed comes days later, and belongs to the rebuild.
  const own = steps.filter(({ fields }) => fields["replayed"] !== true);
  const path = own.length === 0 ? steps : own;
  const last = Math.max(...path.map(({ at, milliseconds = 0 }) => Date.parse(at) + milliseconds));
  const services = new Set(path.map(({ service }) => service));
  const errors = steps.filter(({ trouble }) => trouble === "error").length;
  const replayed = steps.length - path.length;
  const counts = [
    `${counted(path.length, "step")} of ${counted(services.size, "service")}`,
    `${Math.round(last - first)} ms`,
    errors === 0 ? "no errors" : counted(errors, "error"),
    ...(replayed === 0 ? [] : [`${counted(replayed, "step")} of replays besides`]),
  ].join(", ");
  const others = traceIds.filter((trace) => trace !== id);
  const rows = steps.map((step) => [
    step.trouble ? MARKS[step.trouble] : "",
    Math.round(Date.parse(step.at) - first),
    step.milliseconds,
    step.service,
    describeStep(step),
  ]);
  return [
    `${id}: ${counts}, from ${steps[0]?.at}`,
    ...(others.length === 0 ? [] : [`${others.length === 1 ? "trace" : "traces"} ${others.join(", ")}`]),
    "",
    textTable(["", "after ms", "took ms", "service", "what"], rows),
    ...(unpublished.length === 0 ? [] : ["", ...unpublished.map(describeUnpublished)]),
  ].join("\n");
}

function describeUnpublished({ orderId, sequence }: UnpublishedEvent): string {
  return (
    `Event ${sequence} of order ${orderId} waits in the outbox, or was published a moment ago: no line of order-relay has it. ` +
    'docs/events.md, "The outbox", says what to look at.'
  );
}

function describeStep({ source, message, fields }: Step): string {
  const words = WORDS.map((name) => fields[name]).filter((value) => value !== undefined);
  const more = Object.entries(fields)
    .filter(([name, value]) => !WORDS.includes(name) && !UNSHOWN.has(name) && value !== null)
    .map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : value}`);
  const text = [source === "x-ray" ? `[X-Ray] ${message}` : message, ...words, ...more].join(" ");
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
