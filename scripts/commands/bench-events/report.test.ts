import { latencyRows, percentile, reportText, throughputRows } from "./report";

const HUNDRED = Array.from({ length: 100 }, (_, index) => 100 - index);

test.each([
  ["half of a hundred", HUNDRED, 50, 50],
  ["99 of a hundred", HUNDRED, 99, 99],
  ["all of a hundred", HUNDRED, 100, 100],
  ["99 of few: the greatest", [3, 1, 2], 99, 3],
  ["half of three: the middle one", [3, 1, 2], 50, 2],
  ["any of one", [7], 1, 7],
  ["any of none", [], 50, Number.NaN],
])("percentile: %s", (_name, values, percent, expected) => {
  expect(percentile(values, percent)).toBe(expected);
});

const work = "order to view";
const latencies = latencyRows([
  { work, subject: "bare", milliseconds: HUNDRED },
  { work, subject: "relay and projector", milliseconds: HUNDRED.map((value) => value * 2.5) },
]);

test("latencies are those of all rounds, against the first subject", () => {
  expect(latencies).toEqual([
    { work, subject: "bare", p50Milliseconds: 50, p99Milliseconds: 99, ratio: 1, p99Ratio: 1 },
    {
      ...{ work, subject: "relay and projector", p50Milliseconds: 125, p99Milliseconds: 247.5 },
      ...{ ratio: 2.5, p99Ratio: 2.5 },
    },
  ]);
});

const MIB = 1024 ** 2;
const throughputs = throughputRows([
  {
    ...{ work: "import", subject: "bare" },
    runs: [1000, 500, 9000].map((milliseconds) => ({
      ...{ count: 1000, milliseconds, cpuMicroseconds: 200_000, peakBytes: 100 * MIB },
    })),
  },
  { work: "import", subject: "import", runs: [{ count: 500, milliseconds: 1000, cpuMicroseconds: 150_000 }] },
  { work: "import", subject: "elsewhere", runs: [{ count: 3000, milliseconds: 1000 }] },
]);

test("throughputs are medians of the rounds; what is not known is left out", () => {
  expect(throughputs).toEqual([
    {
      ...{ work: "import", subject: "bare", perSecond: 1000, cpuMicroseconds: 200, peakMebibytes: 100 },
      ...{ ratio: 1, cpuRatio: 1 },
    },
    { work: "import", subject: "import", perSecond: 500, cpuMicroseconds: 300, ratio: 0.5, cpuRatio: 1.5 },
    { work: "import", subject: "elsewhere", perSecond: 3000, ratio: 3 },
  ]);
});

test("the report has a table for latencies and one for throughputs", () => {
  expect(reportText([...latencies, ...throughputs])).toBe(
    [
      "                                    p50 ms  p99 ms  p50 to bare  p99 to bare",
      "order to view  bare                     50      99            1            1",
      "order to view  relay and projector     125   247.5          2.5          2.5",
      "",
      "                   per second  CPU µs each  peak MiB  to bare  CPU to bare",
      "import  bare             1000          200       100        1            1",
      "import  import            500          300                0.5          1.5",
      "import  elsewhere        3000                               3",
    ].join("\n"),
  );
  expect(reportText(throughputs)).not.toContain("p50");
  expect(reportText(latencies)).not.toContain("per second");
});
