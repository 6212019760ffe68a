import { waitAfter } from "./backoff";

const backoff = (random: number) => ({
  ...{ firstMilliseconds: 100, mostMilliseconds: 1000, random: () => random },
});

test("control 11: waits double up to the most, each a part of that at random", () => {
  const waits = (random: number) =>
    [1, 2, 3, 4, 5, 2000].map((attempt) => waitAfter(attempt, backoff(random)));
  expect(waits(1)).toEqual([100, 200, 400, 800, 1000, 1000]);
  expect(waits(0.5)).toEqual([50, 100, 200, 400, 500, 500]);
  expect(waits(0)).toEqual([0, 0, 0, 0, 0, 0]);
});
