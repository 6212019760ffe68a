import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshal, unmarshal } from "./attributes";

/**
 * Generations of the view of orders. Each is the whole view, built from events: readers take the one, while another is built beside it.
 */
export interface Generations {
  /** The one that is read. */
  readonly serving: number;
  /** The one that is built. Absent when none is. */
  readonly building?: number;
}

/** What a row has of an order's fulfilment: how it ended. */
export interface HistoryFulfilment {
  readonly status: "shipped" | "failed";
  /** When it ended so. */
  readonly at: string;
  /** Of what was shipped. */
  readonly shipmentId?: string;
  /** Why it failed. */
  readonly reason?: string;
}

/** Parts of a row, each of a source of its own. A part is JSON in the attribute of its name; `<part>Sequence` is the last event's. */
export type HistoryPart = "order" | "fulfilment";

/** A key of the view's table. */
export interface HistoryKey {
  readonly pk: string;
  readonly sk: string;
}

/** Key of the row that names the generations. Where it is not, the first one serves. */
export const CONTROL_KEY: HistoryKey = { pk: "control", sk: "control" };

const FIRST_GENERATION = 1;

/** Partition of a user's orders: whoever asks in a user's name reaches that user's alone. */
export function historyPartition(generation: number, principal: string): string {
  return `${generation}#${principal}`;
}

/** Key of an order's row. Ids of orders sort by time, so a partition does. */
export function historyKey(generation: number, principal: string, orderId: string): HistoryKey {
  return { pk: historyPartition(generation, principal), sk: orderId };
}

/** Reads the row that names the generations. @param item nothing when there is none */
export function generationsOf(item: Readonly<Record<string, AttributeValue>> | undefined): Generations {
  const { serving, building } = item ? unmarshal(item) : {};
  return {
    serving: typeof serving === "number" ? serving : FIRST_GENERATION,
    ...(typeof building === "number" && { building }),
  };
}

/** A read of the row that names the generations, in DynamoDB's terms. */
export function controlQuery(tableName: string, ConsistentRead: boolean) {
  return { TableName: tableName, Key: marshal({ ...CONTROL_KEY }), ConsistentRead };
}

/** What {@link KnownGenerations} works with. */
export interface KnownGenerationsConfig {
  readonly load: () => Promise<Generations>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Milliseconds that a process goes by what it has read of the generations. scripts/rebuild-view waits for longer before it counts on a
 * generation being written.
 */
export const GENERATIONS_MILLISECONDS = 5000;

/** The generations, as they were some seconds ago. Of several that ask at once, one reads. */
export class KnownGenerations {
  private known: { readonly until: number; readonly generations: Promise<Generations> } | undefined;

  constructor(private readonly config: KnownGenerationsConfig) {}

  /** @throws what `load` throws; the next one to ask loads again */
  get(): Promise<Generations> {
    const { load, now } = this.config;
    if (this.known && now() < this.known.until) return this.known.generations;
    const known = { until: now() + GENERATIONS_MILLISECONDS, generations: load() };
    this.known = known;
    known.generations.catch(() => {
      if (this.known === known) this.known = undefined;
    });
    return known.generations;
  }
}
