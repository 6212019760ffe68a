import { type ArrivalCurve, arrivalCurve } from "./arrivals";
import { planOf } from "./fixture";
import type { Plan } from "./plan";
import { randomOf } from "./random";

/** The curve of a plan that lasts so many hours, from midnight. */
function curveOf(arrivals: Plan["arrivals"], durationHours: number): ArrivalCurve {
  return arrivalCurve({ ...planOf(), arrivals, durationHours, startsAt: "2026-01-05T00:00:00Z" });
}

/** Share of the clients that come between two hours. */
function shareOf({ cumulative }: ArrivalCurve, from: number, to: number): number {
  const until = (hour: number) => (hour === 0 ? 0 : (cumulative[hour * 3600 - 1] as number));
  return until(to) - until(from);
}

test("evenly, each hour has as many", () => {
  const curve = curveOf({ kind: "flat" }, 4);
  expect(shareOf(curve, 0, 1)).toBeCloseTo(0.25, 9);
  expect(shareOf(curve, 3, 4)).toBeCloseTo(0.25, 9);
});

test("after a release, each half-life has half as many as the one before", () => {
  const curve = curveOf({ kind: "decay", halfLifeHours: 2 }, 8);
  expect(shareOf(curve, 2, 4) / shareOf(curve, 0, 2)).toBeCloseTo(0.5, 9);
  expect(shareOf(curve, 6, 8) / shareOf(curve, 4, 6)).toBeCloseTo(0.5, 9);
});

test("over the day, the busiest hour and the quietest are twelve hours apart", () => {
  const curve = curveOf({ kind: "flat", diurnal: { peakHour: 18, troughShare: 0.25 } }, 24);
  const shares = Array.from({ length: 24 }, (_, hour) => shareOf(curve, hour, hour + 1));
  expect(shares.indexOf(Math.max(...shares))).toBeGreaterThanOrEqual(17);
  expect(shares.indexOf(Math.max(...shares))).toBeLessThanOrEqual(18);
  expect(Math.min(...shares) / Math.max(...shares)).toBeCloseTo(0.26, 1);
});

test("along points, by straight lines, and nobody outside of them", () => {
  const points = [
    { hour: 1, weight: 0 },
    { hour: 3, weight: 2 },
    { hour: 5, weight: 0 },
  ];
  const curve = curveOf({ kind: "points", points }, 6);
  expect(shareOf(curve, 0, 1)).toBe(0);
  expect(shareOf(curve, 1, 2)).toBeCloseTo(0.125, 6);
  expect(shareOf(curve, 2, 3)).toBeCloseTo(0.375, 6);
  expect(shareOf(curve, 5, 6)).toBeCloseTo(0, 9);
});

test("where nobody comes is an error", () => {
  const points = [
    { hour: 5, weight: 0 },
    { hour: 6, weight: 0 },
  ];
  expect(() => curveOf({ kind: "points", points }, 6)).toThrow("arrivals: nobody comes within the rehearsal");
});

test("clients are drawn as the curve has them", () => {
  const curve = curveOf({ kind: "decay", halfLifeHours: 1 }, 6);
  const random = randomOf(7);
  const counts = new Array<number>(6).fill(0);
  for (let client = 0; client < 100_000; client++) {
    const hour = Math.floor(curve.draw(random) / 3_600_000);
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  expect(counts.map((count) => count / 100_000)).toEqual(
    counts.map((_, hour) => expect.closeTo(shareOf(curve, hour, hour + 1), 2)),
  );
});

describe("drawn numbers", () => {
  test("are the same for the same seed, others for another", () => {
    const draw = (seed: number) => Array.from({ length: 5 }, randomOf(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test("are spread evenly from 0 to 1, and the next does not follow from the one before", () => {
    const random = randomOf(3);
    const drawn = Array.from({ length: 100_000 }, random);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(mean(drawn)).toBeCloseTo(0.5, 2);
    expect(mean(drawn.slice(1).map((value, index) => value * (drawn[index] as number)))).toBeCloseTo(0.25, 2);
  });
});
