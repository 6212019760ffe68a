import fc from "fast-check";
import { type Cache, ReadThrough } from "./read-through";

/** A cache in memory, with a clock of its own. */
class MemoryCache implements Cache {
  now = 0;
  reads = 0;
  readonly kept = new Map<string, { text: string; until: number }>();

  async get(key: string): Promise<string | undefined> {
    this.reads += 1;
    const kept = this.kept.get(key);
    return kept && kept.until > this.now ? kept.text : undefined;
  }

  async set(key: string, text: string, milliseconds: number): Promise<void> {
    this.kept.set(key, { text, until: this.now + milliseconds });
  }
}

class Own extends Error {}

function readThrough(cache: Cache, random = () => 0) {
  return new ReadThrough<number>({
    ...{ cache, prefix: "p:", keepMilliseconds: 1000, keepAbsenceMilliseconds: 100, random },
    parse: (kept) => (typeof kept === "number" ? kept : undefined),
    isOwn: (error) => error instanceof Own,
  });
}

/** Knows the names a to z by their place, and records what it is asked. */
function source() {
  const asked: string[][] = [];
  const load = async (names: readonly string[]) => {
    asked.push([...names]);
    const known = names.filter((name) => /^[a-z]$/.test(name));
    return new Map(known.map((name) => [name, name.charCodeAt(0) - 97]));
  };
  return { asked, load };
}

test("what is missing is loaded by one load, and is there the next time", async () => {
  const cache = new MemoryCache();
  const { asked, load } = source();
  const target = readThrough(cache);
  expect(await target.get(["a", "b", "a"], load)).toEqual(
    new Map([
      ["a", { value: 0, hit: false }],
      ["b", { value: 1, hit: false }],
    ]),
  );
  expect(await target.get(["c", "a", "b"], load)).toEqual(
    new Map([
      ["c", { value: 2, hit: false }],
      ["a", { value: 0, hit: true }],
      ["b", { value: 1, hit: true }],
    ]),
  );
  expect(asked).toEqual([["a", "b"], ["c"]]);
});

test("a value is loaded anew once its time is over; the time differs by up to a quarter", async () => {
  for (const [random, milliseconds] of [
    [0, 1000],
    [1, 1250],
  ] as const) {
    const cache = new MemoryCache();
    const { asked, load } = source();
    const target = readThrough(cache, () => random);
    await target.get(["a"], load);
    cache.now = milliseconds - 1;
    await target.get(["a"], load);
    expect(asked).toHaveLength(1);
    cache.now = milliseconds;
    await target.get(["a"], load);
    expect(asked).toHaveLength(2);
  }
});

test("that there is none is remembered too, for a shorter time", async () => {
  const cache = new MemoryCache();
  const { asked, load } = source();
  const target = readThrough(cache);
  expect(await target.get(["A"], load)).toEqual(new Map([["A", { hit: false }]]));
  cache.now = 99;
  expect(await target.get(["A"], load)).toEqual(new Map([["A", { hit: true }]]));
  cache.now = 100;
  await target.get(["A"], load);
  expect(asked).toEqual([["A"], ["A"]]);
});

test("of a hundred at once one loads, and one reads the cache", async () => {
  const cache = new MemoryCache();
  const { asked, load } = source();
  const target = readThrough(cache);
  const all = await Promise.all(Array.from({ length: 100 }, () => target.get(["a"], load)));
  expect(all.map((found) => found.get("a")?.value)).toEqual(Array(100).fill(0));
  expect(asked).toEqual([["a"]]);
  expect(cache.reads).toBe(1);
});

test("who wants more than what is under way loads the rest alone", async () => {
  const { asked, load } = source();
  const target = readThrough(new MemoryCache());
  await Promise.all([target.get(["a", "b"], load), target.get(["b", "c"], load)]);
  expect(asked).toEqual([["a", "b"], ["c"]]);
});

test("a fresh read goes past the cache and past what is under way, and is kept", async () => {
  const cache = new MemoryCache();
  const target = readThrough(cache);
  await target.get(["a"], async () => new Map([["a", 1]]));
  const under = target.get(["b"], async () => new Map([["b", 1]]));
  const fresh = await target.get(
    ["a", "b"],
    async () =>
      new Map([
        ["a", 2],
        ["b", 2],
      ]),
    true,
  );
  await under;
  expect(fresh.get("a")).toEqual({ value: 2, hit: false });
  expect(fresh.get("b")).toEqual({ value: 2, hit: false });
  expect((await target.get(["a"], source().load)).get("a")).toEqual({ value: 2, hit: true });
});

test.each([
  ["one who asks past the cache", ["a"], true],
  ["one who wants more than that", ["a", "b"], false],
])("what is in the cache is given at once, whatever comes of %s", async (_case, names, fresh) => {
  const target = readThrough(new MemoryCache());
  const { load } = source();
  await target.get(["a"], load);
  let fail = (_error: Error) => {};
  const hanging = new Promise<never>((_done, failed) => {
    fail = failed;
  });
  const other = target.get(names, () => hanging, fresh);
  expect((await target.get(["a"], load)).get("a")).toEqual({ value: 0, hit: true });
  fail(new Error("away"));
  await expect(other).rejects.toThrow("away");
});

test("a failure reaches all who waited for it, and nobody later", async () => {
  const target = readThrough(new MemoryCache());
  const { load } = source();
  const fails = () => Promise.reject(new Error("away"));
  const outcomes = await Promise.allSettled([target.get(["a"], fails), target.get(["a"], load)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect((await target.get(["a"], load)).get("a")?.value).toBe(0);
});

test("what failed on its own request's account, others try for themselves, once for all of them", async () => {
  const target = readThrough(new MemoryCache());
  const { asked, load } = source();
  const given = target.get(["a", "b"], () => Promise.reject(new Own()));
  const others = [target.get(["a"], load), target.get(["b", "a"], load), target.get(["c"], load)];
  await expect(given).rejects.toBeInstanceOf(Own);
  const [first, second, third] = await Promise.all(others);
  expect(first?.get("a")?.value).toBe(0);
  expect([second?.get("b")?.value, second?.get("a")?.value]).toEqual([1, 0]);
  expect(third?.get("c")?.value).toBe(2);
  expect(asked.flat().sort()).toEqual(["a", "b", "c"]);
});

test.each(["", "{", "null", "[1,2]", '["text"]', "7"])(
  "what is damaged in the cache (%s) is loaded anew",
  async (text) => {
    const cache = new MemoryCache();
    cache.kept.set("p:a", { text, until: 1 });
    const { asked, load } = source();
    expect(await readThrough(cache).get(["a"], load)).toEqual(new Map([["a", { value: 0, hit: false }]]));
    expect(asked).toHaveLength(1);
  },
);

test("control 42: whatever the cache loses, gives and forgets, values are those of the source", async () => {
  const names = fc.array(fc.constantFrom("a", "b", "c", "A", "B"), { minLength: 1, maxLength: 4 });
  const step = fc.record({ names, lost: fc.double({ min: 0, max: 1, noNaN: true }), wait: fc.nat(1500) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const cache = new MemoryCache();
      let lost = 0;
      const target = readThrough({
        get: async (key) => (Math.random() < lost ? undefined : cache.get(key)),
        set: async (key, text, milliseconds) => {
          if (Math.random() >= lost) await cache.set(key, text, milliseconds);
        },
      });
      for (const what of steps) {
        lost = what.lost;
        cache.now += what.wait;
        const found = await target.get(what.names, source().load);
        for (const name of what.names) {
          const expected = /^[a-z]$/.test(name) ? name.charCodeAt(0) - 97 : undefined;
          expect(found.get(name)?.value).toBe(expected);
        }
      }
    }),
    { numRuns: 100 },
  );
});
