import { mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { jsonOption, wholeNumber } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { median } from "../../internal/median";
import { scriptCommand } from "../../internal/script-command";
import { textTable } from "../../internal/text-table";
import type { Sample } from "./run";
import type { Variant } from "./variants";

const root = resolve(__dirname, "..", "..", "..");
const LEAST_RUNS = 15;
/** Of the runs, those that also measure the CPU time of warm calls. */
const WARM_RUNS = 5;

interface Row {
  readonly variant: string;
  readonly kilobytes: number;
  readonly startMilliseconds: number;
  readonly firstAnswerMilliseconds: number;
  readonly cpuMicroseconds: number;
  /** Against the empty function. */
  readonly startRatio: number;
  readonly firstAnswerRatio: number;
}

async function main(): Promise<void> {
  const { runs, json } = scriptCommand("bench/function-start", {
    description:
      "Starts functions as Lambda's runtime does, in turn, and compares them with an empty one: functions/todos as it is " +
      "deployed and as it might be, and the typical form. The database and the X-Ray daemon are stand-ins on loopback.",
    examples: ["scripts/bench/function-start --runs 31 --json"],
  })
    .option("--runs <number>", "starts of each; the median counts", wholeNumber(LEAST_RUNS, 1000), 21)
    .addOption(jsonOption())
    .parse()
    .opts<{ runs: number; json: boolean }>();
  printResult(await benchmark(runs), json, table);
}

async function benchmark(runs: number): Promise<Row[]> {
  // --help and wrong options are answered without these.
  const { Surroundings, startOnce } = await import("./run.js");
  const { buildVariants } = await import("./variants.js");
  // Within the project, so that nothing is resolved from elsewhere.
  const folder = mkdtempSync(join(root, ".build", "bench-function-start-"));
  const surroundings = await Surroundings.start();
  try {
    const variants = buildVariants(root, folder);
    const samples = new Map<Variant, Sample[]>(variants.map((variant) => [variant, []]));
    // One of each in turn: what else the machine does falls on all alike.
    for (let run = 0; run < runs; run++) {
      for (const [variant, taken] of samples) {
        taken.push(await startOnce(variant.file, surroundings, run < WARM_RUNS));
      }
    }
    return rowsOf(samples);
  } finally {
    surroundings.close();
    rmSync(folder, { recursive: true });
  }
}

function rowsOf(samples: ReadonlyMap<Variant, readonly Sample[]>): Row[] {
  const medians = [...samples].map(([variant, taken]) => ({
    variant,
    start: median(taken.map(({ startMilliseconds }) => startMilliseconds)),
    first: median(taken.map(({ firstAnswerMilliseconds }) => firstAnswerMilliseconds)),
    cpu: median(taken.flatMap(({ cpuMicroseconds }) => cpuMicroseconds ?? [])),
  }));
  const [empty = { start: Number.NaN, first: Number.NaN }] = medians;
  return medians.map(({ variant, start, first, cpu }) => ({
    variant: variant.name,
    kilobytes: Math.round(variant.bytes / 1024),
    startMilliseconds: rounded(start, 1),
    firstAnswerMilliseconds: rounded(first, 1),
    cpuMicroseconds: rounded(cpu, 0),
    startRatio: rounded(start / empty.start, 2),
    firstAnswerRatio: rounded(first / empty.first, 2),
  }));
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function table(rows: readonly Row[]): string {
  return textTable(
    ["", "KiB", "start ms", "ratio", "first answer ms", "ratio", "warm CPU µs"],
    rows.map((row) => [
      row.variant,
      row.kilobytes,
      row.startMilliseconds,
      row.startRatio,
      row.firstAnswerMilliseconds,
      row.firstAnswerRatio,
      row.cpuMicroseconds,
    ]),
  );
}

void runCommand(main);
