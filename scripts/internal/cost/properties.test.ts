import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { loadPrices } from "../prices";
import { type AssumedTraffic, type CostReport, monthlyCost, regionOf, resourcesOfStack, trafficOf } from ".";

const prices = loadPrices();
const stack = JSON.parse(readFileSync(join(__dirname, "../../../envs/testdata/envs-prod.json"), "utf8"));
const resources = resourcesOfStack(stack);
const traffic = trafficOf(stack);
const region = regionOf(stack);
const whole = cost(resources, traffic);

function cost(some: typeof resources, assumed: AssumedTraffic, freeTier = false): CostReport {
  return monthlyCost(some, assumed, region, { prices, freeTier });
}

/** How large and how long a request is, which more of them do not change. */
const SIZES = ["responseKilobytes", "functionMilliseconds"];

/** All quantities so many times over. */
function times(factor: number): AssumedTraffic {
  const parts = Object.entries(traffic.parts).map(([path, usage]) => [
    path,
    Object.fromEntries(
      Object.entries(usage).map(([name, quantity]) => [
        name,
        SIZES.includes(name) ? quantity : quantity * factor,
      ]),
    ),
  ]);
  return { ...traffic, parts: Object.fromEntries(parts) };
}

/** What is never more than it by more than binary fractions are off. */
const SLACK = 1e-6;

const RUNS = { numRuns: 10 };

test("the order of resources does not matter, to the last digit", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(resources, { minLength: resources.length }), (shuffled) => {
      expect(cost(shuffled, traffic)).toEqual(whole);
    }),
    RUNS,
  );
});

test("a resource more never makes it cheaper", () => {
  fc.assert(
    fc.property(fc.subarray(resources, { minLength: 1 }), fc.nat(), (some, index) => {
      const without = some.filter((_, place) => place !== index % some.length);
      // A share of its module's traffic goes to each: what is alike in a module costs no less for one more.
      expect(cost(some, traffic).monthly + SLACK).toBeGreaterThanOrEqual(cost(without, traffic).monthly);
    }),
    RUNS,
  );
});

test("more traffic never costs less, and twice as much at most twice", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1000, noNaN: true }), (factor) => {
      const [once, twice] = [cost(resources, times(factor)), cost(resources, times(2 * factor))];
      expect(twice.fixed).toBeCloseTo(once.fixed, 6);
      const [usage, more] = [once.monthly - once.fixed, twice.monthly - twice.fixed];
      expect(more + SLACK).toBeGreaterThanOrEqual(usage);
      expect(more).toBeLessThanOrEqual(2 * usage + SLACK);
    }),
    RUNS,
  );
});

test("modules sum up to the whole, and lines to their module", () => {
  fc.assert(
    fc.property(fc.subarray(resources), fc.boolean(), (some, freeTier) => {
      const report = cost(some, traffic, freeTier);
      expect(report.modules.reduce((sum, { monthly }) => sum + monthly, 0)).toBeCloseTo(report.monthly, 6);
      for (const { lines, monthly } of report.modules) {
        expect(lines.reduce((sum, line) => sum + line.monthly, 0)).toBeCloseTo(monthly, 6);
      }
    }),
    RUNS,
  );
});

test("what is free each month never makes it dearer", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 10, noNaN: true }), (factor) => {
      const assumed = times(factor);
      expect(cost(resources, assumed, true).monthly).toBeLessThanOrEqual(
        cost(resources, assumed).monthly + SLACK,
      );
    }),
    RUNS,
  );
});
