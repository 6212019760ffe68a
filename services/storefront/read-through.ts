/** Keeps texts for a while, when it can. Neither fails nor keeps anybody waiting. */
export interface Cache {
  /** What is kept under a key; nothing when there is none, or the cache does not say. */
  get(key: string): Promise<string | undefined>;
  /** Keeps a text under a key for so long, or not. */
  set(key: string, value: string, milliseconds: number): Promise<void>;
}

/** What is read through a cache. */
export interface ReadThroughConfig<Value> {
  readonly cache: Cache;
  /** Begins every key: names what is kept and its form, e.g. `storefront:1:product:`. A new form needs a new one. */
  readonly prefix: string;
  /** Reads what was kept. @returns nothing when it is damaged: then it is loaded anew */
  readonly parse: (kept: unknown) => Value | undefined;
  /** Milliseconds that a value is kept; up to a quarter more, at random, so that what was loaded together does not end together. */
  readonly keepMilliseconds: number;
  /** Milliseconds that it is remembered that there is none. Short: a new one shows up by then. */
  readonly keepAbsenceMilliseconds: number;
  /** Whether a load failed on account of the one that it was made for, so that others with the same wish must try for themselves. */
  readonly isOwn: (error: unknown) => boolean;
  /** A number from 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** Loads values that are in no cache. @returns those that exist, by name */
export type Load<Value> = (names: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

/** What was found under a name. */
export interface Found<Value> {
  /** Absent when there is none. */
  readonly value?: Value;
  /** It was in the cache. */
  readonly hit: boolean;
}

/** What is kept: a value, or that there is none. */
type Kept = readonly [value: unknown] | readonly [];

/**
 * Reads values through a cache: from there when they are there, else by one load for all that are missing, and keeps them. Of several in
 * this process that want the same at once, one loads and all get it.
 */
export class ReadThrough<Value> {
  private readonly underWay = new Map<string, Promise<Found<Value>>>();

  constructor(private readonly config: ReadThroughConfig<Value>) {}

  /**
   * Finds values by their names.
   *
   * @param fresh loads them whatever the cache has, and keeps them
   * @throws what `load` throws
   */
  async get(
    names: readonly string[],
    load: Load<Value>,
    fresh = false,
  ): Promise<ReadonlyMap<string, Found<Value>>> {
    const wanted = [...new Set(names)];
    const others = new Map(
      wanted.flatMap((name) => {
        const found = fresh ? undefined : this.underWay.get(name);
        return found ? [[name, found] as const] : [];
      }),
    );
    const own = this.begin(
      wanted.filter((name) => !others.has(name)),
      load,
      fresh,
    );
    const found = await Promise.allSettled(wanted.map((name) => others.get(name) ?? own.get(name)));
    const again: string[] = [];
    const result = new Map<string, Found<Value>>();
    for (const [index, name] of wanted.entries()) {
      const outcome = found[index];
      if (outcome?.status === "fulfilled" && outcome.value) result.set(name, outcome.value);
      else if (outcome?.status === "rejected") {
        if (!others.has(name) || !this.config.isOwn(outcome.reason)) throw outcome.reason;
        again.push(name);
      }
    }
    if (again.length === 0) return result;
    return new Map([...result, ...(await this.get(again, load, fresh))]);
  }

  private begin(
    names: readonly string[],
    load: Load<Value>,
    fresh: boolean,
  ): ReadonlyMap<string, Promise<Found<Value>>> {
    // Whoever takes what the cache has does not wait for one who would not, nor fail with it.
    return fresh ? this.loadEach(names, this.load(names, load)) : this.findEach(names, load);
  }

  private findEach(names: readonly string[], load: Load<Value>): ReadonlyMap<string, Promise<Found<Value>>> {
    const kept = names.map((name) => [name, this.kept(name)] as const);
    const missing = Promise.all(kept.map(async ([name, value]) => ((await value) ? [] : [name])));
    const loaded = missing.then((each) => this.load(each.flat(), load));
    const loads = this.loadEach(names, loaded);
    return new Map(
      kept.map(([name, value]) => {
        const found = value.then((known) => known ?? (loads.get(name) as Promise<Found<Value>>));
        this.underWay.set(name, found);
        const done = () => {
          if (this.underWay.get(name) === found) this.underWay.delete(name);
        };
        found.then(done, done);
        return [name, found];
      }),
    );
  }

  private loadEach(
    names: readonly string[],
    loaded: Promise<ReadonlyMap<string, Found<Value>>>,
  ): ReadonlyMap<string, Promise<Found<Value>>> {
    return new Map(
      names.map((name) => {
        const found = loaded.then((values) => values.get(name) ?? { hit: false });
        // Of a name that was in the cache nobody asks what became of the others.
        found.catch(() => undefined);
        return [name, found];
      }),
    );
  }

  private async load(
    names: readonly string[],
    load: Load<Value>,
  ): Promise<ReadonlyMap<string, Found<Value>>> {
    if (names.length === 0) return new Map();
    const values = await load(names);
    for (const name of names) void this.keep(name, values.get(name));
    return new Map(
      names.map((name) => {
        const value = values.get(name);
        return [name, { hit: false, ...(value !== undefined && { value }) }];
      }),
    );
  }

  private async kept(name: string): Promise<Found<Value> | undefined> {
    const { cache, prefix, parse } = this.config;
    const text = await cache.get(prefix + name);
    const kept = text === undefined ? undefined : parseKept(text);
    if (!kept) return undefined;
    if (kept.length === 0) return { hit: true };
    const value = parse(kept[0]);
    return value === undefined ? undefined : { value, hit: true };
  }

  private async keep(name: string, value: Value | undefined): Promise<void> {
    const { cache, prefix, keepMilliseconds, keepAbsenceMilliseconds, random = Math.random } = this.config;
    const kept: Kept = value === undefined ? [] : [value];
    const milliseconds = value === undefined ? keepAbsenceMilliseconds : keepMilliseconds;
    await cache.set(prefix + name, JSON.stringify(kept), milliseconds * (1 + random() / 4));
  }
}

function parseKept(text: string): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(text);
    return Array.isArray(kept) && kept.length <= 1 ? (kept as unknown as Kept) : undefined;
  } catch {
    return undefined;
  }
}
