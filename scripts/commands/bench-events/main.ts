import { resolve } from "node:path";
import { Option } from "commander";
import { jsonOption, wholeNumber } from "../../internal/arguments";
import { EXIT, printResult, runCommand } from "../../internal/cli";
import { scriptCommand } from "../../internal/script-command";
import { withSignals } from "../../internal/signals";
import { latencyRows, type Row, reportText, throughputRows } from "./report";

const root = resolve(__dirname, "..", "..", "..");

const PARTS = ["latency", "relay", "projector", "import", "parsing"] as const;
type Part = (typeof PARTS)[number];

interface Options {
  readonly parts: readonly Part[];
  readonly rounds: number;
  readonly orders: number;
  readonly events: number;
  readonly rows: number;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const options = scriptCommand("bench/events", {
    description:
      "Measures the way of an order's event to the view, the events that a relay and a projector handle, and the rows that the catalogue's " +
      "import writes and reads, each in turn with a bare loop of the same work. PostgreSQL is real, the relay and the functions are those " +
      "that are deployed, each in a process of its own; stream, bus, bucket and, for the way, the view are the emulator's. What is measured by its rate writes to a " +
      "stand-in of DynamoDB, which is faster than the emulator's.",
    examples: [
      "scripts/bench/events --json",
      "scripts/bench/events --parts import parsing --rows 100000 --rounds 1",
    ],
  })
    .addOption(new Option("--parts <part...>", "what is measured").choices(PARTS).default([...PARTS], "all"))
    .option("--rounds <number>", "rounds of each; the median counts", wholeNumber(1, 50), 3)
    .option("--orders <number>", "orders of a round whose way is measured", wholeNumber(1, 10_000), 30)
    .option("--events <number>", "events of a relay's and a projector's run", wholeNumber(200, 50_000), 1000)
    .option("--rows <number>", "rows of a catalogue", wholeNumber(10, 250_000), 5000)
    .addOption(jsonOption())
    .parse()
    .opts<Options>();
  printResult(await benchmark(options), options.json, reportText);
}

async function benchmark({ parts, ...options }: Options): Promise<Row[]> {
  // --help and wrong options are answered without these.
  const { Surroundings } = await import("./surroundings.js");
  const surroundings = new Surroundings(root);
  // The servers have left the process group: what interrupts this process does not reach them.
  const interrupted = () => void surroundings.end().finally(() => process.exit(EXIT.interrupted));
  return withSignals(interrupted, async () => {
    try {
      const rows: Row[] = [];
      if (parts.includes("latency") || parts.includes("relay")) {
        const { Shop } = await import("./shop.js");
        const shop = await Shop.start(surroundings);
        if (parts.includes("latency")) {
          const { measureLatency } = await import("./latency.js");
          rows.push(...latencyRows(await measureLatency(surroundings, shop, options)));
        }
        if (parts.includes("relay")) {
          const { measureRelay } = await import("./relay.js");
          rows.push(...throughputRows(await measureRelay(surroundings, shop, options)));
        }
      }
      if (parts.includes("projector")) {
        const { measureProjector } = await import("./projector.js");
        rows.push(...throughputRows(await measureProjector(surroundings, options)));
      }
      const { measureImport, measureParsing } = await import("./import.js");
      if (parts.includes("import")) {
        rows.push(...throughputRows(await measureImport(surroundings, options)));
      }
      if (parts.includes("parsing")) {
        rows.push(...throughputRows(await measureParsing(surroundings, options)));
      }
      return rows;
    } finally {
      await surroundings.end();
    }
  });
}

void runCommand(main);
