import {
  GENERATIONS_MILLISECONDS,
  type Generations,
  generationsOf,
  historyKey,
  KnownGenerations,
} from "./order-history";

test("a row is its user's, within a generation", () => {
  expect(historyKey(3, "user-1", "01890a5d")).toEqual({ pk: "3#user-1", sk: "01890a5d" });
});

test.each<[string, Parameters<typeof generationsOf>[0], Generations]>([
  ["no row", undefined, { serving: 1 }],
  ["one that serves", { serving: { N: "4" } }, { serving: 4 }],
  [
    "one that serves and one that is built",
    { serving: { N: "4" }, building: { N: "5" } },
    { serving: 4, building: 5 },
  ],
])("the generations by %s", (_what, item, expected) => {
  expect(generationsOf(item)).toEqual(expected);
});

describe("known generations", () => {
  let now = 0;
  const asked: number[] = [];
  const load = async () => {
    asked.push(now);
    if (now === 20_000) throw new Error("away");
    return { serving: asked.length };
  };

  test("are read once for all that ask within some seconds, then again", async () => {
    const known = new KnownGenerations({ load, now: () => now });
    expect(await Promise.all([known.get(), known.get()])).toEqual([{ serving: 1 }, { serving: 1 }]);
    now = GENERATIONS_MILLISECONDS - 1;
    expect(await known.get()).toEqual({ serving: 1 });
    now = GENERATIONS_MILLISECONDS;
    expect(await known.get()).toEqual({ serving: 2 });
    now = 20_000;
    await expect(known.get()).rejects.toThrow("away");
    now = 20_001;
    expect(await known.get()).toEqual({ serving: 4 });
  });
});
