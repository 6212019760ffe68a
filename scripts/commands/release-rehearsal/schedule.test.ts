import { keptFor, planOf } from "./fixture";
import { type Drawn, draw } from "./rehearse";

/** What a plan's clients ask for, in order. */
function drawn(plan: Parameters<typeof planOf>[0]): Drawn & { readonly requests: readonly Asked[] } {
  const made = draw(planOf(plan), keptFor(60));
  const { schedule, table } = made;
  const requests = Array.from({ length: schedule.count }, (_, index) => {
    const ask = table.asks[schedule.asks[index] as number];
    return {
      second: (schedule.times[index] as number) / 1000,
      edge: schedule.edges[index] as number,
      range: ask?.range,
      isInterrupted: ask?.isInterrupted,
    };
  });
  return { ...made, requests };
}

interface Asked {
  readonly second: number;
  readonly edge: number;
  readonly range: { readonly from: number; readonly to: number } | undefined;
  readonly isInterrupted: boolean | undefined;
}

const FILE = { path: "/a", bytes: 10_000, share: 1 };

test("requests are in order, within the plan's time, and as many as its clients", () => {
  const { requests } = drawn({ clients: 5000, arrivals: { kind: "decay", halfLifeHours: 0.2 } });
  expect(requests).toHaveLength(5000);
  const seconds = requests.map(({ second }) => second);
  expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  expect(seconds[0]).toBeGreaterThanOrEqual(0);
  expect(seconds[4999]).toBeLessThan(3600);
});

test("clients reach the edges of their part of the world, each edge as many", () => {
  const viewers = [
    { geography: "europe", share: 0.75, edgeLocations: 3, regionalCaches: ["eu-west-1"] },
    { geography: "india", share: 0.25, edgeLocations: 1, regionalCaches: ["ap-south-1"] },
  ];
  const { requests, topology } = drawn({ clients: 20_000, viewers });
  const counts = topology.edges.map((_, edge) => requests.filter((request) => request.edge === edge).length);
  expect(topology.edges.map(({ geography }) => geography)).toEqual(["europe", "europe", "europe", "india"]);
  for (const count of counts) expect(count / 20_000).toBeCloseTo(0.25, 1);
});

test("a share of the clients asks for a file", () => {
  expect(drawn({ clients: 20_000, files: [{ ...FILE, share: 0.1 }] }).requests.length / 20_000).toBeCloseTo(
    0.1,
    2,
  );
  expect(drawn({ files: [{ ...FILE, share: 0 }] }).requests).toEqual([]);
});

test("a file may be asked for later, and again", () => {
  const files = [{ ...FILE, afterSeconds: 10, repeat: { times: 3, everySeconds: 60 } }];
  const { requests } = drawn({ clients: 1, files });
  const [first = 0, second = 0, third = 0] = requests.map((request) => request.second);
  expect([second - first, third - second]).toEqual([60, 60]);
});

test("parts are asked for one after another, so many at once", () => {
  const files = [{ ...FILE, chunks: { bytes: 3000, parallel: 2 } }];
  const { requests } = drawn({ clients: 1, files, viewerMegabitsPerSecond: 0.048 });
  const [begin = 0] = requests.map(({ second }) => second);
  // Two parts of 3000 bytes at once take a second with 6000 bytes in it.
  expect(requests.map(({ second, range }) => [Math.round((second - begin) * 1000), range])).toEqual([
    [0, { from: 0, to: 3000 }],
    [0, { from: 3000, to: 6000 }],
    [1000, { from: 6000, to: 9000 }],
    [1000, { from: 9000, to: 10_000 }],
  ]);
});

test("what breaks off goes on where it was, after a while", () => {
  const interruptions = { share: 1, retry: "resume", afterSeconds: 5 };
  const { requests } = drawn({ clients: 1, files: [FILE], interruptions, viewerMegabitsPerSecond: 0.08 });
  const [broken, rest] = requests;
  expect(broken).toMatchObject({ range: undefined, isInterrupted: true });
  expect(rest).toMatchObject({ range: { to: 10_000 }, isInterrupted: false });
  // 10 000 bytes a second.
  expect((rest?.second ?? 0) - (broken?.second ?? 0)).toBeCloseTo(5 + (rest?.range?.from ?? 0) / 10_000, 2);
});

test("too many different requests are refused", () => {
  const variants = [{ query: "n={n}", distinct: 10_000, share: 1 }];
  const files = [{ ...FILE, bytes: 1_000_000, chunks: { bytes: 1024 }, variants }];
  expect(() => drawn({ clients: 1, files })).toThrow(
    "files: make 9770000 different requests, at most 1000000 are possible; make chunks larger or variants fewer",
  );
});
