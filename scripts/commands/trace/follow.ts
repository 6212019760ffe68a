import { readId, type TraceId } from "./id";
import type { FoundLine } from "./line";

/** When to search, in milliseconds since 1970. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Searches logs. */
export interface LogSource {
  /** Lines that have at least one of the texts, in no order, some perhaps twice. */
  find(texts: readonly string[], window: Window): Promise<FoundLine[]>;
  close(): void;
}

/** What belongs together. */
export interface Followed {
  readonly lines: readonly FoundLine[];
  /** Traces that the lines name, in X-Ray's form. */
  readonly traceIds: readonly string[];
}

/** From a request to its trace, from the trace to all its requests, and to what the gateway calls the trace. */
const ROUNDS = 3;
/** Texts of one search. */
const MOST_TEXTS = 100;

/** Finds all lines of an id, and those of the traces and requests that these name. */
export async function follow(source: LogSource, id: TraceId, window: Window): Promise<Followed> {
  const lines = new Map<string, FoundLine>();
  const traceIds = new Set<string>(id.texts.length > 1 ? [id.id] : []);
  const asked = new Set<string>();
  let texts = [...id.texts];
  for (let round = 1; round <= ROUNDS && texts.length > 0; round++) {
    for (const text of texts) asked.add(text);
    const found = await source.find(texts, window);
    const fresh = new Map(found.map((line) => [keyOf(line), line]));
    for (const key of lines.keys()) fresh.delete(key);
    for (const [key, line] of fresh) lines.set(key, line);
    const named = [...fresh.values()].flatMap(idsOf);
    for (const each of named) if (each.texts.length > 1) traceIds.add(each.id);
    texts = [...new Set(named.flatMap((each) => each.texts))]
      .filter((text) => !asked.has(text))
      .slice(0, MOST_TEXTS);
  }
  return { lines: [...lines.values()], traceIds: [...traceIds] };
}

/** The trace and the request that a line is of. */
function idsOf({ text }: FoundLine): TraceId[] {
  try {
    const { traceId, requestId } = JSON.parse(text) as Record<string, unknown>;
    return [traceId, requestId].flatMap((value) => (typeof value === "string" ? (readId(value) ?? []) : []));
  } catch {
    return [];
  }
}

function keyOf({ logGroup, time, text }: FoundLine): string {
  return `${logGroup} ${time} ${text}`;
}
