import { randomBytes } from "node:crypto";

/** A trace that a request belongs to. */
export interface Trace {
  /** As X-Ray writes it, e.g. `1-5759e988-bd862e3fe1be46a994272793`. */
  readonly id: string;
  /** Whether the caller records the trace; absent when it has not said so. */
  readonly sampled?: boolean;
}

/** Version, trace id, parent id, flags: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;
const XRAY_ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})\s*(?:;|$)/i;
const XRAY_SAMPLED = /(?:^|;)\s*Sampled=([01])\s*(?:;|$)/i;

/**
 * Reads the trace that a caller names: by `traceparent`, or by `X-Amzn-Trace-Id`, which load balancers add. What is neither
 * begins a trace of its own.
 *
 * @param header gives a header's value by its name in lower case
 * @param now milliseconds since 1970
 */
export function readTrace(header: (name: string) => string | undefined, now: number): Trace {
  const [, traceId, parentId, flags] = TRACEPARENT.exec(header("traceparent") ?? "") ?? [];
  if (traceId && parentId && flags && !/^0+$/.test(traceId) && !/^0+$/.test(parentId)) {
    return { id: xrayForm(traceId), sampled: (Number.parseInt(flags, 16) & 1) === 1 };
  }
  const xray = header("x-amzn-trace-id") ?? "";
  const root = XRAY_ROOT.exec(xray)?.[1]?.toLowerCase();
  if (root === undefined) return newTrace(now);
  const sampled = XRAY_SAMPLED.exec(xray)?.[1];
  return { id: root, ...(sampled !== undefined && { sampled: sampled === "1" }) };
}

/** A new trace: its id begins with the time in seconds, as X-Ray asks. */
export function newTrace(now: number): Trace {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, "0");
  return { id: `1-${seconds}-${randomBytes(12).toString("hex")}` };
}

/** Headers that carry a trace to the next service: both forms, as load balancers know the one and libraries the other. */
export function traceHeaders({
  id,
  sampled,
}: Trace): Readonly<Record<string, string>> & { readonly traceparent: string } {
  const parent = randomBytes(8).toString("hex");
  // Unknown is 00: nothing was recorded here.
  const flags = sampled === true ? "01" : "00";
  return {
    traceparent: `00-${id.slice(2).replace("-", "")}-${parent}-${flags}`,
    "x-amzn-trace-id": `Root=${id};Parent=${parent}${sampled === undefined ? "" : `;Sampled=${sampled ? 1 : 0}`}`,
  };
}

function xrayForm(traceId: string): string {
  return `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
}
