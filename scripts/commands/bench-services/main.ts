import { resolve } from "node:path";
import { program } from "commander";
import { CommandError, EXIT, runCommand } from "../../internal/cli";
import { type Measured, measure } from "./measure";
import { type Subject, startSubjects } from "./subjects";
import { Surroundings } from "./surroundings";

const root = resolve(__dirname, "..", "..", "..");

interface Row {
  readonly work: string;
  readonly server: Subject["server"];
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** CPU time of the server's process for each request; absent where there is no `/proc`. */
  readonly cpuMicroseconds?: number;
  /** Requests per second against the bare handler's. */
  readonly ratioToBare: number;
  /** Requests per second, CPU time, p50 and p99 against the same service without its frame; absent for what has none. */
  readonly ratioToPlain?: number;
  readonly cpuRatioToPlain?: number;
  readonly p50RatioToPlain?: number;
  readonly p99RatioToPlain?: number;
}

async function main(): Promise<void> {
  program
    .name("scripts/bench/services")
    .description(
      "Asks each container service, as it is deployed, again and again, in turn with a bare hono handler and with the same " +
        "service without its frame (sign-in, deadline, log, trace, problem details), and compares requests per second and " +
        "latencies. PostgreSQL and Valkey are real; DynamoDB, the sessions API and the catalog before orders are stand-ins on loopback.",
    )
    .option("--rounds <number>", "rounds; the median counts", "3")
    .option("--seconds <number>", "seconds of each in a round", "4")
    .option("--connections <number>", "connections that ask at once", "16")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  scripts/bench/services --rounds 5 --json\n")
    .parse();
  const { json, ...texts } = program.opts<{
    rounds: string;
    seconds: string;
    connections: string;
    json?: boolean;
  }>();
  const rows = await benchmark(
    wholeNumber("--rounds", texts.rounds, 50),
    wholeNumber("--seconds", texts.seconds, 60),
    wholeNumber("--connections", texts.connections, 200),
  );
  console.log(json ? JSON.stringify(rows, null, 2) : table(rows));
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  const what = `must be a whole number from 1 to ${most}, got "${text}"`;
  throw new CommandError(option, what, undefined, EXIT.usage);
}

async function benchmark(rounds: number, seconds: number, connections: number): Promise<Row[]> {
  const surroundings = await Surroundings.start(root);
  try {
    const subjects = await startSubjects(surroundings);
    const taken = new Map<Subject, Measured[]>(subjects.map((subject) => [subject, []]));
    // One of each in turn: what else the machine does falls on all alike. The first round only warms them up.
    for (let round = 0; round <= rounds; round++) {
      for (const [{ asking }, loads] of taken) {
        const load = await measure({ ...asking, connections, seconds: round === 0 ? 2 : seconds });
        if (round > 0) loads.push(load);
      }
    }
    return rowsOf(taken);
  } finally {
    await surroundings.end();
  }
}

function rowsOf(taken: ReadonlyMap<Subject, readonly Measured[]>): Row[] {
  const medians = [...taken].map(([{ work, server }, loads]) => ({
    ...{ work, server },
    rate: median(loads.map(({ requestsPerSecond }) => requestsPerSecond)),
    p50: median(loads.map(({ p50Milliseconds }) => p50Milliseconds)),
    p99: median(loads.map(({ p99Milliseconds }) => p99Milliseconds)),
    cpu: median(loads.flatMap(({ cpuMicroseconds }) => cpuMicroseconds ?? [])),
  }));
  const bare = medians[0]?.rate ?? Number.NaN;
  return medians.map(({ work, server, rate, p50, p99, cpu }) => {
    const plain = medians.find((other) => other.work === work && other.server === "without the frame");
    return {
      ...{ work, server, requestsPerSecond: Math.round(rate), p50Milliseconds: p50, p99Milliseconds: p99 },
      ...(!Number.isNaN(cpu) && { cpuMicroseconds: Math.round(cpu) }),
      ratioToBare: rounded(rate / bare),
      ...(server === "service" &&
        plain && {
          ratioToPlain: rounded(rate / plain.rate),
          ...(!Number.isNaN(cpu) && { cpuRatioToPlain: rounded(cpu / plain.cpu) }),
          p50RatioToPlain: rounded(p50 / plain.p50),
          p99RatioToPlain: rounded(p99 / plain.p99),
        }),
    };
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}

function table(rows: readonly Row[]): string {
  const header = [
    "",
    "",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "CPU µs",
    "to bare",
    "to plain",
    "CPU",
    "p50",
    "p99",
  ];
  const lines = rows.map((row) =>
    [
      row.work,
      row.server,
      row.requestsPerSecond,
      row.p50Milliseconds,
      row.p99Milliseconds,
      row.cpuMicroseconds ?? "",
      row.ratioToBare,
      row.ratioToPlain ?? "",
      row.cpuRatioToPlain ?? "",
      row.p50RatioToPlain ?? "",
      row.p99RatioToPlain ?? "",
    ].map(String),
  );
  const all = [header, ...lines];
  const widths = header.map((_title, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return all.map((cells) => cells.map(pad).join("  ").trimEnd()).join("\n");
}

void runCommand(main);
