import { resolve } from "node:path";
import { jsonOption, wholeNumber } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { median } from "../../internal/median";
import { scriptCommand } from "../../internal/script-command";
import { textTable } from "../../internal/text-table";
import type { Measured } from "./measure";
import type { Subject } from "./subjects";

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
  const { rounds, seconds, connections, json } = scriptCommand("bench/services", {
    description:
      "Asks each container service, as it is deployed, again and again, in turn with a bare hono handler and with the same " +
      "service without its frame (sign-in, deadline, log, trace, problem details), and compares requests per second and " +
      "latencies. PostgreSQL and Valkey are real; DynamoDB, the sessions API and the catalog before orders are stand-ins on loopback.",
    examples: ["scripts/bench/services --rounds 5 --json"],
  })
    .option("--rounds <number>", "rounds; the median counts", wholeNumber(1, 50), 3)
    .option("--seconds <number>", "seconds of each in a round", wholeNumber(1, 60), 4)
    .option("--connections <number>", "connections that ask at once", wholeNumber(1, 200), 16)
    .addOption(jsonOption())
    .parse()
    .opts<{ rounds: number; seconds: number; connections: number; json: boolean }>();
  printResult(await benchmark(rounds, seconds, connections), json, table);
}

async function benchmark(rounds: number, seconds: number, connections: number): Promise<Row[]> {
  // --help and wrong options are answered without these.
  const { measure } = await import("./measure.js");
  const { startSubjects } = await import("./subjects.js");
  const { Surroundings } = await import("./surroundings.js");
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

function rounded(value: number): number {
  return Number(value.toFixed(2));
}

function table(rows: readonly Row[]): string {
  return textTable(
    ["", "", "requests/s", "p50 ms", "p99 ms", "CPU µs", "to bare", "to plain", "CPU", "p50", "p99"],
    rows.map((row) => [
      row.work,
      row.server,
      row.requestsPerSecond,
      row.p50Milliseconds,
      row.p99Milliseconds,
      row.cpuMicroseconds,
      row.ratioToBare,
      row.ratioToPlain,
      row.cpuRatioToPlain,
      row.p50RatioToPlain,
      row.p99RatioToPlain,
    ]),
  );
}

void runCommand(main);
