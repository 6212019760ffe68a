import { resolve } from "node:path";
import { Command } from "commander";
import { CommandError, EXIT, runCommand } from "../../internal/cli";
import { CONNECTIONS, type Load, loadOf } from "./load";
import { type MeasuredServer, Servers } from "./servers";

const root = resolve(__dirname, "..", "..", "..");

/** Bodies that are asked for, in bytes. */
const SIZES = [1024, 32 * 1024, 1024 ** 2] as const;

interface Row {
  readonly bytes: number;
  readonly server: string;
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
  /** Against the plain proxy. */
  readonly ratio: number;
}

async function main(): Promise<void> {
  const options = new Command("scripts/bench/edge")
    .description(
      `Asks the local edge for what is in its cache, a plain proxy in front of the same origin, and the origin itself, in turn, over ${CONNECTIONS} connections, and compares their requests per second.`,
    )
    .option("--rounds <number>", "rounds of each; the median counts", "5")
    .option("--seconds <number>", "length of a round", "2")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  scripts/bench/edge --rounds 7 --json\n")
    .parse()
    .opts<{ rounds: string; seconds: string; json?: boolean }>();
  const rows = await benchmark(
    wholeNumber("--rounds", options.rounds),
    wholeNumber("--seconds", options.seconds),
  );
  console.log(options.json ? JSON.stringify(rows, null, 2) : table(rows));
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 100) return value;
  throw new CommandError(
    option,
    `must be a whole number from 1 to 100, got "${text}"`,
    undefined,
    EXIT.usage,
  );
}

async function benchmark(rounds: number, seconds: number): Promise<Row[]> {
  const servers = new Servers(root);
  try {
    const measured = await servers.start();
    const rows: Row[] = [];
    for (const bytes of SIZES) rows.push(...(await compare(measured, bytes, rounds, seconds)));
    return rows;
  } finally {
    await servers.end();
  }
}

async function compare(
  servers: readonly MeasuredServer[],
  bytes: number,
  rounds: number,
  seconds: number,
): Promise<Row[]> {
  const path = `/downloads/${bytes}`;
  await checkAnswers(servers, path, bytes);
  const loads = new Map<MeasuredServer, Load[]>(servers.map((server) => [server, []]));
  // One of each in turn: what else the machine does falls on all alike. The first round of each warms it up.
  for (let round = 0; round <= rounds; round++) {
    for (const [server, taken] of loads) {
      const load = await loadOf(server.url + path, seconds);
      if (round > 0) taken.push(load);
    }
  }
  const medians = [...loads].map(([{ name }, taken]) => ({
    server: name,
    requestsPerSecond: median(taken.map(({ requestsPerSecond }) => requestsPerSecond)),
    p99Milliseconds: median(taken.map(({ p99Milliseconds }) => p99Milliseconds)),
  }));
  const baseline = medians[0]?.requestsPerSecond ?? Number.NaN;
  return medians.map((row) => ({
    bytes,
    ...row,
    requestsPerSecond: Math.round(row.requestsPerSecond),
    ratio: Number((row.requestsPerSecond / baseline).toFixed(2)),
  }));
}

/** A server that answers otherwise must not win. */
async function checkAnswers(servers: readonly MeasuredServer[], path: string, bytes: number): Promise<void> {
  const bodies = new Set<string>();
  for (const { name, url } of servers) {
    await (await fetch(url + path)).arrayBuffer();
    const answer = await fetch(url + path);
    const body = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200 || body.length !== bytes) {
      throw new Error(`${name}: answered ${answer.status} with ${body.length} bytes`);
    }
    if (name.startsWith("edge") && answer.headers.get("x-cache") !== "Hit from cloudfront") {
      throw new Error(`${name}: answered ${answer.headers.get("x-cache")}`);
    }
    bodies.add(body.toString("base64"));
  }
  if (bodies.size !== 1) throw new Error(`${path}: the servers gave ${bodies.size} different bodies`);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function table(rows: readonly Row[]): string {
  const header = ["bytes", "server", "requests/s", "p99 ms", "ratio"];
  const lines = rows.map(({ bytes, server, requestsPerSecond, p99Milliseconds, ratio }) =>
    [bytes, server, requestsPerSecond, p99Milliseconds, ratio].map(String),
  );
  const all = [header, ...lines];
  const widths = header.map((_title, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  return all
    .map((cells) =>
      cells
        .map((cell, column) =>
          column === 1 ? cell.padEnd(widths[1] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .join("\n");
}

void runCommand(main);
