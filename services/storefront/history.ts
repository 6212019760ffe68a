import { GENERATIONS_MILLISECONDS, KnownGenerations } from "../../runtime";
import { type HistoryOrder, type HistoryPage, keptHistoryOrder, keptHistoryPage } from "./history-order";
import type { HistoryReading, HistoryStore } from "./history-store";
import { type Cache, type Found, ReadThrough } from "./read-through";

/** What the history is read from. */
export interface HistoryConfig {
  readonly store: HistoryStore;
  readonly cache: Cache;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** For whom and how the history is asked. */
export interface HistoryAsking {
  /** Subject of the user's token. */
  readonly principal: string;
  /** As the view is now, past every cache. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

/** What is kept is as old as what is known of the generations can be: a new one shows up within twice that. */
const KEEP_MILLISECONDS = GENERATIONS_MILLISECONDS;
/** An order that has just been placed shows up by then. */
const ABSENCE_MILLISECONDS = 1000;

/** The users' orders and what became of them, through the cache. What is kept is kept by user: nobody is shown another's. */
export class History {
  private readonly generations: KnownGenerations;
  private readonly single: ReadThrough<HistoryOrder>;
  private readonly pages: ReadThrough<HistoryPage>;

  constructor(private readonly config: HistoryConfig) {
    const { store, cache, now } = config;
    this.generations = new KnownGenerations({ load: () => store.generations(), now });
    const common = {
      cache,
      keepMilliseconds: KEEP_MILLISECONDS,
      keepAbsenceMilliseconds: ABSENCE_MILLISECONDS,
    };
    this.single = new ReadThrough({
      ...{ ...common, prefix: "storefront:1:history:", parse: keptHistoryOrder, isOwn },
    });
    this.pages = new ReadThrough({
      ...{ ...common, prefix: "storefront:1:history-page:", parse: keptHistoryPage, isOwn },
    });
  }

  /** One of the user's orders; its value is absent when there is none. @throws the store's errors */
  async get(id: string, asking: HistoryAsking): Promise<Found<HistoryOrder>> {
    const reading = await this.reading(asking);
    const load = async () => this.config.store.get(id, reading);
    return find(this.single, nameOf(reading, id), load, asking.fresh);
  }

  /** One page of the user's orders, newest first. @throws the store's errors */
  async page(limit: number, after: string | undefined, asking: HistoryAsking): Promise<Found<HistoryPage>> {
    const reading = await this.reading(asking);
    const load = async () => this.config.store.page(limit, after, reading);
    return find(this.pages, nameOf(reading, limit, after ?? ""), load, asking.fresh);
  }

  private async reading({ principal, fresh, signal }: HistoryAsking): Promise<HistoryReading> {
    const { serving: generation } = await this.generations.get();
    return { generation, principal, consistent: fresh, signal };
  }
}

async function find<Value>(
  kept: ReadThrough<Value>,
  name: string,
  load: () => Promise<Value | undefined>,
  fresh: boolean,
): Promise<Found<Value>> {
  const loadNamed = async () => {
    const value = await load();
    return new Map(value === undefined ? [] : [[name, value]]);
  };
  return (await kept.get([name], loadNamed, fresh)).get(name) ?? { hit: false };
}

/** In JSON: whatever a principal is made of, no two have a name in common. */
function nameOf({ generation, principal }: HistoryReading, ...what: readonly (string | number)[]): string {
  return JSON.stringify([generation, principal, ...what]);
}

/** The request that loaded was given up by its client: says nothing to others. */
function isOwn(error: unknown): boolean {
  return (error as Error).name === "AbortError";
}
