import { spawnSync } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { jsonOption, wholeNumber } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { median } from "../../internal/median";
import { scriptCommand } from "../../internal/script-command";
import type { StepReport } from "../../internal/steps";
import { textTable } from "../../internal/text-table";
import { copyWithEnvironments } from "./project";

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
  const { runs, environments, json } = scriptCommand("bench/synth", {
    description:
      "Times the synth of 1 and of 16 environments against cdktf's default on the same source, in turn, and compares the output byte by byte.",
    examples: ["scripts/bench/synth --runs 7 --json"],
  })
    .option("--runs <number>", "runs of each; the median counts", wholeNumber(1, 200), 5)
    .option("--environments <list>", "numbers of environments, e.g. 1,16", counts, [1, 16])
    .addOption(jsonOption())
    .parse()
    .opts<{ runs: number; environments: readonly number[]; json: boolean }>();
  const { runSteps } = await import("../../internal/steps.js");
  const results: Row[] = [];
  await runSteps(
    environments.map((count) => ({
      title: `Synthesise ${count} environment${count > 1 ? "s" : ""}`,
      run: async (report) => {
        results.push(...(await benchmark(count, runs, report)));
      },
    })),
  );
  printResult(results, json, describe);
}

function counts(text: string): number[] {
  return text.split(",").map(wholeNumber(1, 200));
}

async function benchmark(count: number, runs: number, report: StepReport): Promise<Row[]> {
  const folder = join(root, ".build", "bench", `synth-${count}`);
  copyWithEnvironments(root, folder, count);
  // Not counted: from here on the default, too, finds the functions built, which is this project's doing and not cdktf's.
  measure(folder, VARIANTS[0]);
  const measured = VARIANTS.map((): Measurement[] => []);
  const outputs = new Set<string>();
  for (let run = 0; run < runs; run++) {
    report.count(run, runs, `${run} of ${runs} runs`);
    for (const [index, variant] of VARIANTS.entries()) {
      // The measurement blocks: what is shown is drawn in between.
      await setImmediate();
      measured[index]?.push(measure(folder, variant));
      outputs.add(outputOf(folder));
    }
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

function describe(rows: readonly Row[]): string {
  const table = textTable(
    ["environments", "", "s", "ratio", "MB", "ratio"],
    rows.map((row) => [
      row.environments,
      row.variant,
      row.seconds.toFixed(2),
      row.timeRatio.toFixed(3),
      row.megabytes.toFixed(0),
      row.memoryRatio.toFixed(2),
    ]),
  );
  return `${table}\nThe output of all variants is the same to the byte.`;
}

void runCommand(main);
