import fc from "fast-check";
import { requestedBytes } from ".";

const whole = (reason: string) => ({ kind: "whole", reason });
const parts = (...ranges: [number, number][]) => ({
  kind: "parts",
  ranges: ranges.map(([first, last]) => ({ first, last })),
});
const invalid = whole("not all ranges are valid");
const disorderly = whole("the ranges overlap or are not in ascending order");

test.each([
  { header: undefined, expected: whole("no range is asked for") },
  { header: "bytes=0-99", expected: parts([0, 99]) },
  { header: "bytes=100-", expected: parts([100, 999]) },
  { header: "bytes=-1", expected: parts([999, 999]) },
  { header: "bytes=-5000", expected: parts([0, 999]) },
  { header: "bytes=990-5000", expected: parts([990, 999]) },
  { header: "BYTES=0-0", expected: parts([0, 0]) },
  { header: " bytes=0-0 ", expected: parts([0, 0]) },
  { header: "bytes=100-200,300-400", expected: parts([100, 200], [300, 400]) },
  { header: "bytes=100-200, 300-", expected: parts([100, 200], [300, 999]) },
  { header: "bytes=100-200,5000-6000", expected: parts([100, 200]) },
  // What does not come up to the guide's requirements gets the whole object.
  { header: "bytes=300-400,100-200", expected: disorderly },
  { header: "bytes=100-200,150-250", expected: disorderly },
  { header: "bytes=100-200,-900", expected: disorderly },
  { header: "bytes=-", expected: invalid },
  { header: "bytes=5-1", expected: invalid },
  { header: "bytes=0-9,x", expected: invalid },
  { header: "bytes=-5-9", expected: invalid },
  { header: "items=0-9", expected: whole("the range is not one of bytes") },
  { header: "bytes 0-9", expected: whole("the range is not one of bytes") },
  { header: "bytes=1000-", expected: { kind: "unsatisfiable" } },
  { header: "bytes=1000-2000,3000-", expected: { kind: "unsatisfiable" } },
  { header: "bytes=-0", expected: { kind: "unsatisfiable" } },
])("$header of 1000 bytes", ({ header, expected }) => {
  expect(requestedBytes(header, 1000)).toEqual(expected);
});

test.each(["bytes=0-", "bytes=-1", "bytes=0-9"])("%s of nothing cannot be satisfied", (header) => {
  expect(requestedBytes(header, 0)).toEqual({ kind: "unsatisfiable" });
});

test("every part is within the object, in ascending order, without overlap", () => {
  const bound = fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined });
  const ranges = fc.array(fc.tuple(bound, bound), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(ranges, fc.integer({ min: 0, max: 40 }), (all, size) => {
      const header = `bytes=${all.map(([from = "", to = ""]) => `${from}-${to}`).join(",")}`;
      const found = requestedBytes(header, size);
      if (found.kind !== "parts") return;
      let end = -1;
      for (const { first, last } of found.ranges) {
        expect(first).toBeGreaterThan(end);
        expect(last).toBeGreaterThanOrEqual(first);
        end = last;
      }
      expect(end).toBeLessThan(size);
    }),
  );
});
