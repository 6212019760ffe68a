import { readTrace } from "../../../runtime";

/** An id that a user asks about. */
export interface TraceId {
  /** As logs write it. */
  readonly id: string;
  /** What lines that have it may have of it: the forms of X-Ray and of W3C. */
  readonly texts: readonly string[];
  /** When it began, in milliseconds since 1970, if it says so. */
  readonly began?: number;
}

const XRAY = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/;
const W3C = /^([0-9a-f]{8})([0-9a-f]{24})$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Reads the id of a trace, in X-Ray's form, that of W3C, or as `traceparent` or `X-Amzn-Trace-Id` have it; or a UUID.
 *
 * @param now milliseconds since 1970. @default the system's clock
 * @returns undefined when it is none
 */
export function readId(text: string, now = Date.now()): TraceId | undefined {
  const plain = text.trim();
  const lower = plain.toLowerCase();
  if (XRAY.test(lower)) return traceOf(lower, now);
  if (W3C.test(lower)) return traceOf(lower.replace(W3C, "1-$1-$2"), now);
  const version = UUID.exec(lower)?.[1];
  if (version !== undefined) {
    // https://www.rfc-editor.org/rfc/rfc9562#section-5.7: version 7 begins with the milliseconds.
    const began =
      version === "7" ? believable(Number.parseInt(lower.replace("-", "").slice(0, 12), 16), now) : undefined;
    return { id: lower, texts: [lower], ...(began !== undefined && { began }) };
  }
  if (!/^[0-9a-f]{2}-|Root=/i.test(plain)) return undefined;
  const header = (name: string) => (name.startsWith("x-") === /Root=/i.test(plain) ? plain : undefined);
  const { id } = readTrace(header, 0);
  // What names no trace begins a new one, which begins with the time: 0 here.
  return id.startsWith("1-00000000-") ? undefined : traceOf(id, now);
}

function traceOf(id: string, now: number): TraceId {
  const [, seconds = "", rest = ""] = XRAY.exec(id) ?? [];
  const began = believable(Number.parseInt(seconds, 16) * 1000, now);
  return { id, texts: [id, `${seconds}${rest}`], ...(began !== undefined && { began }) };
}

/** Traces of other makers do not begin with the time. X-Ray takes none that is older than 30 days. */
function believable(milliseconds: number, now: number): number | undefined {
  const age = now - milliseconds;
  return age > -60_000 && age < 30 * 24 * 3_600_000 ? milliseconds : undefined;
}
