import { resolve } from "node:path";
import { Option } from "commander";
import { jsonOption, wholeNumber } from "../../internal/arguments";
import { EXIT, printResult, runCommand } from "../../internal/cli";
import { exitCodes, scriptCommand } from "../../internal/script-command";
import { withSignals } from "../../internal/signals";
import { reportText } from "./report";

const root = resolve(__dirname, "..", "..", "..");
const MOST_SEED = 999_999_999;

interface Options {
  readonly orders: number;
  readonly seed?: number;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const { orders, json, ...options } = scriptCommand("soak/events", {
    description:
      "Places orders, and cancels one in ten, while two relays and the projectors of two shards are killed at random, each every two seconds on " +
      "average, and started again. Then every order must be in the view once, with its last version, and nothing else; the stream must have " +
      "every event that was committed, and each order's in order. PostgreSQL is real, relays and projectors are those that are deployed, " +
      "each in a process of its own; stream, bus and the view's table are the emulator's.",
    examples: ["scripts/soak/events", "scripts/soak/events --orders 500 --seed 7 --json"],
    exitCodes: exitCodes(["missingTool", "interrupted"], {
      failed: "failed, or something is wrong in the end",
    }),
  })
    .option("--orders <number>", "orders that are placed", wholeNumber(1, 1_000_000), 10_000)
    .addOption(
      new Option("--seed <number>", "of the kills and cancellations; any by default, and told").argParser(
        wholeNumber(0, MOST_SEED),
      ),
    )
    .addOption(jsonOption())
    .parse()
    .opts<Options>();
  const seed = options.seed ?? Math.floor(Math.random() * MOST_SEED);
  // --help and wrong options are answered without these.
  const { Surroundings } = await import("../bench-events/surroundings.js");
  const { soak } = await import("./soak.js");
  const surroundings = new Surroundings(root);
  // The servers have left the process group: what interrupts this process does not reach them.
  const interrupted = () => void surroundings.end().finally(() => process.exit(EXIT.interrupted));
  await withSignals(interrupted, async () => {
    try {
      const report = await soak(surroundings, { orders, seed });
      printResult(report, json, reportText);
      if (report.violations.length > 0) process.exitCode = EXIT.failed;
    } finally {
      await surroundings.end();
    }
  });
}

void runCommand(main);
