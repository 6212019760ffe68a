import { nameOfGroup } from "./targets";

/** A line as it was found. */
export interface FoundLine {
  readonly logGroup: string;
  /** When it was written, in milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

/** One step of a request's path. */
export interface Step {
  /** Where it comes from. */
  readonly source: "log" | "x-ray";
  /** When it began, as an ISO time: when it was written, less how long it took. */
  readonly at: string;
  /** The function or service, without the environment's name. */
  readonly service: string;
  readonly level: string;
  readonly message: string;
  /** How long it took. Absent where the line does not say. */
  readonly milliseconds?: number;
  /** `error` where somebody must look, `warning` where it went on without something, was refused or came to nothing. */
  readonly trouble?: "error" | "warning";
  readonly requestId?: string;
  readonly traceId?: string;
  /** All else that it says. */
  readonly fields: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** What every line of Powertools has, and says nothing of the one request. */
const STANDING = new Set([
  ...[
    "sampling_rate",
    "function_name",
    "function_memory_size",
    "function_arn",
    "cold_start",
    "xray_trace_id",
  ],
]);

/** Reads a line. @param prefix what names of the environment begin with */
export function readLine({ logGroup, time, text }: FoundLine, prefix: string): Step {
  const group = nameOfGroup(logGroup, prefix);
  const given = parse(text);
  if (!given) return plainStep(group, time, text);
  const fields = logGroup.startsWith("/aws/apigateway/") ? accessFields(given) : given;
  if ("_aws" in fields && fields["message"] === undefined) {
    return stepOf(fields, { time, group, message: "metrics", level: "INFO" });
  }
  const type = fields["type"];
  const message = String(fields["message"] ?? (typeof type === "string" ? type : "line"));
  return stepOf(fields, { time, group, message, level: String(fields["level"] ?? "INFO") });
}

function stepOf(
  line: Fields,
  { time, group, message, level }: { time: number; group: string; message: string; level: string },
): Step {
  const { level: _, message: __, service, timestamp, requestId, traceId, milliseconds, ...others } = line;
  const written = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  const took = typeof milliseconds === "number" ? milliseconds : undefined;
  const fields = Object.fromEntries(Object.entries(others).filter(([name]) => !STANDING.has(name)));
  const trouble = troubleOf(level, fields);
  return {
    source: "log",
    at: new Date((Number.isNaN(written) ? time : written) - (took ?? 0)).toISOString(),
    // An API's access log names the function that it belongs to.
    service: group.endsWith("(API)") || typeof service !== "string" ? group : service,
    level,
    message,
    ...(took !== undefined && { milliseconds: took }),
    ...(trouble && { trouble }),
    ...(typeof requestId === "string" && { requestId }),
    ...(typeof traceId === "string" && { traceId }),
    fields,
  };
}

/** What the runtime writes around an invocation, and Node.js's own words. */
function plainStep(group: string, time: number, text: string): Step {
  const level = /\bERROR\b|Task timed out/.test(text) ? "ERROR" : "INFO";
  const message = text.trim().split("\n", 1)[0] ?? "";
  return stepOf({}, { time, group, message, level });
}

function troubleOf(level: string, { status, outcome }: Fields): Step["trouble"] {
  const code = Number(status);
  if (["ERROR", "CRITICAL", "FATAL"].includes(level) || code >= 500) return "error";
  // At INFO an outcome is one of those that are expected: an order that is not fulfilled, a file that is no catalogue.
  const refused = code >= 400 || outcome === "refused" || outcome === "failed";
  return level === "WARN" || refused ? "warning" : undefined;
}

/** The access log of an API in the terms of all lines. The gateway writes `-` where there is nothing, and every number as text. */
function accessFields(line: Fields): Fields {
  const { method, route, status, responseMilliseconds, ...others } = line;
  const known = Object.entries(others).filter(([, value]) => value !== "-" && value !== "");
  return {
    ...Object.fromEntries(known),
    message: "access",
    route: `${method} ${route}`,
    status: Number(status),
    milliseconds: Number(responseMilliseconds) || 0,
  };
}

function parse(text: string): Fields | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}
