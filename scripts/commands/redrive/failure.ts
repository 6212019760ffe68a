import { readTrace } from "../../../runtime";
import { counted } from "../../internal/counted";

/** A message as SQS gives it out. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** System attributes, e.g. `SentTimestamp`. */
  readonly system: Readonly<Record<string, string>>;
  /** Attributes that its sender gave it, those of text alone. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Why a message is among the failures, without its content. */
export interface Failure {
  readonly messageId: string;
  /** When it was first sent, as an ISO time. */
  readonly sentAt?: string;
  /** What the service says that could not deliver it, or what is wrong with it where it is no event. */
  readonly reason?: string;
  /** Of an event. */
  readonly eventId?: string;
  /** E.g. `shop.order.placed.v1`. */
  readonly type?: string;
  /** As X-Ray and the logs write it. */
  readonly traceId?: string;
  /** As it is; only when it is asked for. */
  readonly body?: string;
}

/** Attributes in which EventBridge and its scheduler, and SNS, say why. */
const REASONS = [
  ["ERROR_CODE", "ERROR_MESSAGE"],
  ["ErrorCode", "ErrorMessage"],
] as const;

/** Read from a message what it is and why it failed. Its content is not told, but with `bodies`. */
export function failureOf(message: ReceivedMessage, bodies: boolean): Failure {
  const content = parsed(message.body);
  const event = eventIn(content ?? {});
  const sent = Number(message.system["SentTimestamp"]);
  const reason = reasonOf(message, content);
  const { id, type, traceparent } = event;
  const traceId =
    traceparent === undefined
      ? undefined
      : readTrace((name) => (name === "traceparent" ? traceparent : undefined), sent || 0).id;
  return {
    messageId: message.messageId,
    ...(sent > 0 && { sentAt: new Date(sent).toISOString() }),
    ...(reason !== undefined && { reason }),
    ...(id !== undefined && { eventId: id }),
    ...(type !== undefined && { type }),
    ...(traceId !== undefined && { traceId }),
    ...(bodies && { body: message.body }),
  };
}

function reasonOf({ attributes }: ReceivedMessage, content: Content | undefined): string | undefined {
  for (const [code, text] of REASONS) {
    const said = [attributes[code], attributes[text]].filter((part) => part !== undefined);
    if (said.length > 0) return said.join(": ");
  }
  if (content === undefined) return "its body is no JSON object";
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  const { condition, approximateInvokeCount } = record(content["requestContext"]);
  if (typeof condition !== "string") return refusalOf(content) ?? strangeness(content);
  const error = record(content["responseContext"])["functionError"];
  const records = record(content["KinesisBatchInfo"])["batchSize"];
  return [
    `${condition} after ${counted(Number(approximateInvokeCount), "invocation")}`,
    ...(typeof error === "string" ? [`function error ${error}`] : []),
    ...(typeof records === "number" ? [`${counted(records, "record")} of a stream`] : []),
  ].join(", ");
}

/** Why a stream's function kept a record itself, by `functions/internal/failures-queue.ts`: it says nothing of the content. */
function refusalOf({ streamArn, reason }: Content): string | undefined {
  return typeof streamArn === "string" && typeof reason === "string" ? reason : undefined;
}

/** What a message is that is no event. Of an event nothing is said: who could not handle it has logged why. */
function strangeness(content: Content): string | undefined {
  if (isEvent(eventOrDetail(content))) return undefined;
  const [first] = Array.isArray(content["Records"]) ? content["Records"] : [];
  if (record(first)["eventSource"] === "aws:s3")
    return "it tells of a file in S3: its function has logged why it failed";
  return "it is no event: its specversion is not 1.0";
}

type Content = Readonly<Record<string, unknown>>;

function parsed(body: string): Content | undefined {
  try {
    const content: unknown = JSON.parse(body);
    return isRecord(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** The CloudEvent that a message is, or that EventBridge's envelope has. */
function eventIn(content: Content) {
  const event = eventOrDetail(content);
  const text = (name: string) => (typeof event[name] === "string" ? (event[name] as string) : undefined);
  // Whatever else has an id and a type, they may be anything.
  if (!isEvent(event)) return {};
  return { id: text("id"), type: text("type"), traceparent: text("traceparent") };
}

function eventOrDetail(content: Content): Content {
  return typeof content["detail-type"] === "string" ? record(content["detail"]) : content;
}

function isEvent(content: Content): boolean {
  return content["specversion"] === "1.0";
}

function record(value: unknown): Content {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Content {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
