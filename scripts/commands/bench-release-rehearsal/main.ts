/**
 * scripts/bench/release-rehearsal: requests per second of the rehearsal, against a naive one and against drawing alone.
 *
 * @module
 */
import { jsonOption, wholeNumber } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { scriptCommand } from "../../internal/script-command";
import { textTable } from "../../internal/text-table";
import type { Row } from "./benchmark";

async function main(): Promise<void> {
  const { runs, requests, json } = scriptCommand("bench/release-rehearsal", {
    description:
      "Rehearses one release three ways in turn: as scripts/release-rehearsal does; naively, with an object for each request; and a " +
      "loop that only draws when its clients come, which is the least that any rehearsal does. That both find the same is checked.",
    examples: ["scripts/bench/release-rehearsal --runs 9 --requests 1000000 --json"],
  })
    .option("--runs <number>", "of each; the median counts", wholeNumber(3, 100), 7)
    .option("--requests <number>", "how many, of as many clients", wholeNumber(1000, 10_000_000), 300_000)
    .addOption(jsonOption())
    .parse()
    .opts<{ runs: number; requests: number; json: boolean }>();
  // --help and wrong options are answered without it.
  const { benchmark } = await import("./benchmark.js");
  printResult(benchmark(runs, requests), json, table);
}

function table(rows: readonly Row[]): string {
  return textTable(
    ["", "requests", "ms", "requests/s", "ratio"],
    rows.map((row) => [row.name, row.requests, row.milliseconds, row.requestsPerSecond, row.ratio]),
  );
}

void runCommand(main);
