import fc from "fast-check";
import { planOf } from "./fixture";
import { capacityUnitHours, flowOf, groupFor, Load } from "./load";

const GIGABYTE = 2 ** 30;
const plan = (origin: object = {}) => planOf({ origin: { region: "eu-west-1", ...origin } });

/** A load of that many requests in each second. */
function steady(seconds: number, perSecond: number, megabitsPerSecond: number): Load {
  const load = new Load(seconds);
  for (let second = 0; second < seconds; second++) {
    for (let request = 0; request < perSecond; request++) {
      load.add(second, { seconds: 1, bytesPerSecond: (megabitsPerSecond * 125_000) / perSecond }, true);
    }
  }
  return load;
}

test("a download takes the time of its bytes, and a second at least", () => {
  expect(flowOf(200_000_000, 50)).toEqual({ seconds: 32, bytesPerSecond: 6_250_000 });
  expect(flowOf(100, 50)).toEqual({ seconds: 1, bytesPerSecond: 100 });
});

test("no byte is lost, however it is cut into intervals", () => {
  const flows = fc.array(fc.record({ begin: fc.nat(100), bytes: fc.nat(1_000_000) }), { maxLength: 20 });
  fc.assert(
    fc.property(flows, fc.integer({ min: 1, max: 200 }), (all, length) => {
      const load = new Load(300);
      for (const { begin, bytes } of all) load.add(begin, flowOf(bytes, 0.05), false);
      const sum = load.intervals(length).reduce((of, { bytes }) => of + bytes, 0);
      expect(sum).toBeCloseTo(
        all.reduce((of, { bytes }) => of + bytes, 0),
        3,
      );
    }),
  );
});

describe("the group", () => {
  test.each([
    { name: "the minimum", load: steady(600, 1, 1), instances: 2, limitedBy: "minimum" },
    {
      name: "by requests",
      load: steady(600, 70, 1),
      origin: { instanceRequestsPerSecond: 10 },
      instances: 10,
      limitedBy: "requests",
    },
    {
      name: "by bytes",
      load: steady(600, 1, 7000),
      origin: { instanceMegabitsPerSecond: 1000 },
      instances: 10,
      limitedBy: "bytes",
    },
  ])("$name", ({ load, origin = {}, instances, limitedBy }) => {
    expect(groupFor(load, plan(origin))).toMatchObject({ instances, limitedBy });
  });

  test("its hours are those above the minimum, in steps of five minutes", () => {
    const load = steady(3600, 1, 0);
    for (let second = 0; second < 60; second++)
      load.add(second, { seconds: 1, bytesPerSecond: 125_000 * 7000 }, true);
    const { instances, extraHours } = groupFor(load, plan({ instanceMegabitsPerSecond: 1000 }));
    expect(instances).toBe(10);
    expect(extraHours).toBeCloseTo((8 * 5) / 60, 9);
  });

  test("of answers so many times as large", () => {
    const load = steady(600, 1, 700);
    expect(groupFor(load, plan({ instanceMegabitsPerSecond: 1000 }), 10).instances).toBe(10);
  });
});

describe("capacity units of a load balancer", () => {
  test("by bytes", () => {
    const load = new Load(7200);
    load.add(0, { seconds: 7200, bytesPerSecond: (5 * GIGABYTE) / 3600 }, true);
    expect(capacityUnitHours(load, plan())).toBeCloseTo(10, 9);
    expect(capacityUnitHours(load, plan(), 2)).toBeCloseTo(20, 9);
  });

  test("by new connections", () => {
    expect(capacityUnitHours(steady(3600, 50, 0), plan())).toBeCloseTo(2, 9);
  });

  test("by open connections", () => {
    const load = new Load(3600);
    for (let client = 0; client < 6000; client++) load.add(0, { seconds: 3600, bytesPerSecond: 0 }, false);
    expect(capacityUnitHours(load, plan())).toBeCloseTo(2, 9);
  });

  test("by rules, of which ten are free", () => {
    const load = new Load(3600);
    for (let request = 0; request < 3_600; request++)
      load.add(request, { seconds: 1, bytesPerSecond: 0 }, false);
    expect(capacityUnitHours(load, plan({ listenerRules: 60 }))).toBeCloseTo(0.05, 9);
  });
});
