import { spawnSync } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { CommandError, EXIT, runCommand } from "../../internal/cli";
import { copyProject } from "./project";

interface Measurement {
  readonly seconds: number;
  readonly megabytes: number;
}

/** One way to synthesise. */
interface Variant {
  readonly name: string;
  readonly command: readonly string[];
  /** Run before it, in the project's copy. */
  readonly prepare?: (folder: string) => void;
}

interface Row {
  readonly environments: number;
  readonly variant: string;
  readonly seconds: number;
  readonly megabytes: number;
  readonly timeRatio: number;
  readonly memoryRatio: number;
}

const root = resolve(__dirname, "..", "..", "..");
const measureScript = join(__dirname, "measure.py");
const OURS = ["node", "scripts/internal/synth.js"];

const VARIANTS: readonly [Variant, ...Variant[]] = [
  { name: "cdktf's default: npx ts-node main.ts", command: ["npx", "ts-node", "main.ts"] },
  { name: "synth.js, in a fresh clone", command: OURS, prepare: forgetBuilds },
  { name: "synth.js, after an edit", command: OURS, prepare: editSpecification },
  { name: "synth.js, nothing changed", command: OURS },
];

function forgetBuilds(folder: string): void {
  rmSync(join(folder, ".build"), { recursive: true, force: true });
}

function editSpecification(folder: string): void {
  appendFileSync(join(folder, "envs", "prod.ts"), "// edited\n");
}

async function main(): Promise<void> {
  const options = new Command("scripts/bench/synth")
    .description(
      "Times the synth of 1 and of 16 environments against cdktf's default on the same source, in turn, and compares the output byte by byte.",
    )
    .option("--runs <number>", "runs of each; the median counts", "5")
    .option("--environments <list>", "numbers of environments", "1,16")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  scripts/bench/synth --runs 7 --json\n")
    .parse();
  const { runs, environments, json } = options.opts<{ runs: string; environments: string; json?: boolean }>();
  const rows = environments.split(",").flatMap((count) => benchmark(positive(count), positive(runs)));
  if (json) console.log(JSON.stringify(rows, null, 2));
  else print(rows);
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 200) {
    throw new CommandError(
      "scripts/bench/synth",
      `"${text}" must be a whole number from 1 to 200`,
      "see --help",
      EXIT.usage,
    );
  }
  return value;
}

function benchmark(count: number, runs: number): Row[] {
  const folder = join(root, ".build", "bench", `synth-${count}`);
  copyProject(root, folder, count);
  // Not counted: from here on the default, too, finds the functions built, which is this project's doing and not cdktf's.
  measure(folder, VARIANTS[0]);
  const measured = VARIANTS.map((): Measurement[] => []);
  const outputs = new Set<string>();
  for (let run = 0; run < runs; run++) {
    process.stderr.write(`${count} environment${count > 1 ? "s" : ""}: run ${run + 1} of ${runs}\n`);
    VARIANTS.forEach((variant, index) => {
      measured[index]?.push(measure(folder, variant));
      outputs.add(outputOf(folder));
    });
  }
  if (outputs.size !== 1) throw new Error(`${folder}: the variants gave ${outputs.size} different outputs`);
  rmSync(folder, { recursive: true });
  const medians = measured.map((values) => ({
    seconds: median(values.map(({ seconds }) => seconds)),
    megabytes: median(values.map(({ megabytes }) => megabytes)),
  }));
  const baseline = medians[0] as Measurement;
  return medians.map((value, index) => ({
    environments: count,
    variant: VARIANTS[index]?.name ?? "",
    ...value,
    timeRatio: value.seconds / baseline.seconds,
    memoryRatio: value.megabytes / baseline.megabytes,
  }));
}

function measure(folder: string, { command, prepare, name }: Variant): Measurement {
  rmSync(join(folder, "cdktf.out"), { recursive: true, force: true });
  prepare?.(folder);
  const { status, stdout, stderr } = spawnSync("python3", [measureScript, ...command], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, CDKTF_OUTDIR: "cdktf.out", NODE_OPTIONS: "" },
  });
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  return JSON.parse(stdout) as Measurement;
}

/** All files of the output with their content. */
function outputOf(folder: string): string {
  const output = join(folder, "cdktf.out");
  return readdirSync(output, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `${path}\n${readFileSync(path, "base64")}`)
    .join("\n");
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

function print(rows: readonly Row[]): void {
  for (const row of rows) {
    console.log(
      [
        `${row.environments} env`.padEnd(8),
        row.variant.padEnd(40),
        `${row.seconds.toFixed(2)} s`.padStart(9),
        `ratio ${row.timeRatio.toFixed(3)}`.padStart(13),
        `${row.megabytes.toFixed(0)} MB`.padStart(9),
        `ratio ${row.memoryRatio.toFixed(2)}`.padStart(12),
      ].join(""),
    );
  }
  console.log("The output of all variants is the same to the byte.");
}

void runCommand(main);
