import { resolve } from "node:path";
import { jsonOption, wholeNumber } from "../../internal/arguments";
import { printResult, runCommand } from "../../internal/cli";
import { median } from "../../internal/median";
import { scriptCommand } from "../../internal/script-command";
import { textTable } from "../../internal/text-table";
import type { Load } from "./load";
import type { MeasuredServer } from "./servers";

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
  const { rounds, seconds, json } = scriptCommand("bench/edge", {
    description:
      "Asks the local edge for what is in its cache, a plain proxy in front of the same origin, and the origin itself, in turn, over many connections, and compares their requests per second.",
    examples: ["scripts/bench/edge --rounds 7 --json"],
  })
    .option("--rounds <number>", "rounds of each; the median counts", wholeNumber(1, 100), 5)
    .option("--seconds <number>", "length of a round", wholeNumber(1, 100), 2)
    .addOption(jsonOption())
    .parse()
    .opts<{ rounds: number; seconds: number; json: boolean }>();
  printResult(await benchmark(rounds, seconds), json, table);
}

async function benchmark(rounds: number, seconds: number): Promise<Row[]> {
  // --help and wrong options are answered without it.
  const { Servers } = await import("./servers.js");
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
  const { loadOf } = await import("./load.js");
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

function table(rows: readonly Row[]): string {
  return textTable(
    ["bytes", "server", "requests/s", "p99 ms", "ratio"],
    rows.map((row) => [row.bytes, row.server, row.requestsPerSecond, row.p99Milliseconds, row.ratio]),
  );
}

void runCommand(main);
