import * as fc from "fast-check";
import { costOf, LIMITS, planBatches } from "./batches";
import { isWildcard } from "./paths";

const files = (count: number) => Array.from({ length: count }, (_, index) => `/${index}.zip`);
const wildcards = (count: number) => Array.from({ length: count }, (_, index) => `/w${index}/*`);
const sizes = (paths: string[]) => planBatches("E1", paths, "v1").map((batch) => batch.paths.length);

test.each([
  ["nothing", [], []],
  ["one file", files(1), [1]],
  ["3000 files", files(3000), [3000]],
  ["3001 files", files(3001), [3000, 1]],
  ["15 wildcards", wildcards(15), [15]],
  ["16 wildcards", wildcards(16), [15, 1]],
  ["31 wildcards and 10 files", [...wildcards(31), ...files(10)], [25, 15, 1]],
  ["15 wildcards and 3000 files", [...wildcards(15), ...files(3000)], [3000, 15]],
])("%s", (_case, paths, expected) => {
  expect(sizes(paths)).toEqual(expected);
});

test("batches hold every path once, within the limits, and do not depend on the order", () => {
  const counts = fc.tuple(fc.nat(7000), fc.nat(50));
  fc.assert(
    fc.property(counts, ([fileCount, wildcardCount]) => {
      const paths = [...files(fileCount), ...wildcards(wildcardCount)];
      const batches = planBatches("E1", paths, "v1");
      expect(batches.flatMap((batch) => batch.paths).sort()).toEqual([...paths].sort());
      for (const batch of batches) {
        expect(batch.paths.length).toBeLessThanOrEqual(LIMITS.paths);
        expect(batch.paths.filter(isWildcard).length).toBeLessThanOrEqual(LIMITS.wildcards);
      }
      expect(planBatches("E1", paths.reverse(), "v1")).toEqual(batches);
    }),
    { numRuns: 30 },
  );
});

test("a caller reference is made from the distribution, the paths and the reference", () => {
  const reference = (distribution: string, paths: string[], name: string) =>
    planBatches(distribution, paths, name)[0]?.callerReference;
  const references = [
    reference("E1", ["/a"], "v1"),
    reference("E2", ["/a"], "v1"),
    reference("E1", ["/b"], "v1"),
    reference("E1", ["/a"], "v2"),
  ];
  expect(new Set(references).size).toBe(4);
  expect(references[0]).toMatch(/^[0-9a-f]{40}$/);
  expect(reference("E1", ["/a"], "v1")).toBe(references[0]);
});

test.each([
  [0, 0, 0],
  [1, 0, 0.005],
  [3, 0, 0.015],
  [1000, 0, 5],
  [1001, 0.005, 5.005],
])("%i paths cost from %d to %d USD", (paths, least, most) => {
  expect(costOf(paths)).toMatchObject({ paths, least, most, currency: "USD", freePathsPerMonth: 1000 });
});

test("the price has a date and a source", () => {
  const { priceDate, priceSource } = costOf(1);
  expect(priceDate).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(priceSource).toMatch(/^https:\/\/aws\.amazon\.com\//);
});
