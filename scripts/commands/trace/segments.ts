import { explainAwsFailure } from "../../internal/aws-errors";
import type { Step } from "./line";

/** A segment or subsegment as X-Ray has it: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html */
interface SegmentDocument {
  readonly name?: string;
  readonly trace_id?: string;
  /** Seconds since 1970. */
  readonly start_time?: number;
  /** Absent while it is under way. */
  readonly end_time?: number;
  readonly origin?: string;
  readonly fault?: boolean;
  readonly error?: boolean;
  readonly throttle?: boolean;
  readonly http?: { readonly response?: { readonly status?: number } };
  readonly subsegments?: readonly SegmentDocument[];
}

/** Traces of one call: https://docs.aws.amazon.com/xray/latest/api/API_BatchGetTraces.html */
const TRACES_OF_CALL = 5;

/** Asks X-Ray for the segments of traces. It has those that were sampled, for 30 days. */
export async function readSegments(region: string, traceIds: readonly string[]): Promise<Step[]> {
  if (traceIds.length === 0) return [];
  const sdk = await import("@aws-sdk/client-xray");
  const client = new sdk.XRayClient({ region });
  try {
    const steps: Step[] = [];
    for (let start = 0; start < traceIds.length; start += TRACES_OF_CALL) {
      const TraceIds = traceIds.slice(start, start + TRACES_OF_CALL);
      for await (const { Traces = [] } of sdk.paginateBatchGetTraces({ client }, { TraceIds })) {
        for (const { Id, Segments = [] } of Traces) {
          steps.push(...Segments.flatMap(({ Document = "{}" }) => stepsOfSegment(JSON.parse(Document), Id)));
        }
      }
    }
    return steps;
  } catch (error) {
    throw explainAwsFailure(error, { service: "X-Ray", place: "X-Ray", rights: "xray:BatchGetTraces" });
  } finally {
    client.destroy();
  }
}

/** A segment and all below it, each as a step of the service that sent the segment. */
export function stepsOfSegment(
  segment: SegmentDocument,
  traceId?: string,
  service = segment.name ?? "?",
): Step[] {
  const { name = "?", start_time: start = 0, end_time: end, origin } = segment;
  const { fault = false, error = false, throttle = false } = segment;
  const status = segment.http?.response?.status;
  const refused = error || throttle;
  const step: Step = {
    source: "x-ray",
    at: new Date(start * 1000).toISOString(),
    service,
    level: fault ? "ERROR" : refused ? "WARN" : "INFO",
    message: name === service ? "segment" : name,
    ...(end !== undefined && { milliseconds: Math.round((end - start) * 10_000) / 10 }),
    ...((fault || refused) && { trouble: fault ? ("error" as const) : ("warning" as const) }),
    ...(traceId !== undefined && { traceId }),
    fields: {
      ...(origin !== undefined && { origin }),
      ...(status !== undefined && { status }),
      ...(end === undefined && { unfinished: true }),
      ...(throttle && { throttle }),
    },
  };
  return [step, ...(segment.subsegments ?? []).flatMap((below) => stepsOfSegment(below, traceId, service))];
}
