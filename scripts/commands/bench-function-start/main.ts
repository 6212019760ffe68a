import { mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { program } from "commander";
import { CommandError, EXIT, runCommand } from "../../internal/cli";
import { type Sample, Surroundings, startOnce } from "./run";
import { buildVariants, type Variant } from "./variants";

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
  program
    .name("scripts/bench/function-start")
    .description(
      "Starts functions as Lambda's runtime does, in turn, and compares them with an empty one: functions/todos as it is " +
        "deployed and as it might be, and the typical form. The database and the X-Ray daemon are stand-ins on loopback.",
    )
    .option("--runs <number>", `starts of each, at least ${LEAST_RUNS}; the median counts`, "21")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  scripts/bench/function-start --runs 31 --json\n")
    .parse();
  const { runs, json } = program.opts<{ runs: string; json?: boolean }>();
  const rows = await benchmark(numberOfRuns(runs));
  if (json) console.log(JSON.stringify(rows, null, 2));
  else console.log(table(rows));
}

function numberOfRuns(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= LEAST_RUNS && runs <= 1000) return runs;
  throw new CommandError(
    "--runs",
    `must be a whole number from ${LEAST_RUNS} to 1000, got "${text}"`,
    undefined,
    EXIT.usage,
  );
}

async function benchmark(runs: number): Promise<Row[]> {
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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function table(rows: readonly Row[]): string {
  const header = ["", "KiB", "start ms", "ratio", "first answer ms", "ratio", "warm CPU µs"];
  const lines = rows.map((row) =>
    [
      row.variant,
      row.kilobytes,
      row.startMilliseconds,
      row.startRatio,
      row.firstAnswerMilliseconds,
      row.firstAnswerRatio,
      row.cpuMicroseconds,
    ].map(String),
  );
  const all = [header, ...lines];
  const widths = header.map((_title, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  return all
    .map((cells) =>
      cells
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .join("\n");
}

void runCommand(main);
