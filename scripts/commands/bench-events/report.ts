import { median } from "../../internal/median";
import { textTable } from "../../internal/text-table";

/** What is measured: a subject beside the bare one of the same work. */
export interface Subject {
  /** E.g. `relay: publish events`. */
  readonly work: string;
  /** E.g. `relay`; the first subject of a work is the one that the others are compared with. */
  readonly subject: string;
}

/** How long each of some events took. */
export interface Latencies extends Subject {
  /** Of all rounds. */
  readonly milliseconds: readonly number[];
}

/** What one run of a worker came to. */
export interface Run {
  /** Events or rows. */
  readonly count: number;
  readonly milliseconds: number;
  /** CPU time of the worker's process; absent where it is not known. */
  readonly cpuMicroseconds?: number;
  /** The most memory that the worker's process has had; absent where it is not known. */
  readonly peakBytes?: number;
}

/** How much a worker does in its time. */
export interface Throughput extends Subject {
  /** One of each round. */
  readonly runs: readonly Run[];
}

/** One line of the report. */
export interface Row extends Subject {
  readonly p50Milliseconds?: number;
  readonly p99Milliseconds?: number;
  /** Events or rows per second. */
  readonly perSecond?: number;
  /** CPU time of the worker for each event or row. */
  readonly cpuMicroseconds?: number;
  readonly peakMebibytes?: number;
  /** Latency at p50, or events or rows per second, against the first subject of the same work. */
  readonly ratio: number;
  /** Latency at p99 against it. */
  readonly p99Ratio?: number;
  /** CPU time for each event or row against it. */
  readonly cpuRatio?: number;
}

/**
 * The value that so many percent of the values do not exceed: that of the nearest rank. NaN of none.
 *
 * @param percent above 0, at most 100
 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}

/** @param subjects of one work, the bare one first */
export function latencyRows(subjects: readonly Latencies[]): Row[] {
  const measured = subjects.map(({ work, subject, milliseconds }) => ({
    ...{ work, subject, p50: percentile(milliseconds, 50), p99: percentile(milliseconds, 99) },
  }));
  const [bare] = measured;
  return measured.map(({ work, subject, p50, p99 }) => ({
    ...{ work, subject, p50Milliseconds: rounded(p50, 1), p99Milliseconds: rounded(p99, 1) },
    ...{
      ratio: rounded(p50 / (bare?.p50 ?? Number.NaN)),
      p99Ratio: rounded(p99 / (bare?.p99 ?? Number.NaN)),
    },
  }));
}

/** The medians of all rounds. @param subjects of one work, the bare one first */
export function throughputRows(subjects: readonly Throughput[]): Row[] {
  const measured = subjects.map(({ work, subject, runs }) => ({
    ...{ work, subject },
    rate: median(runs.map(({ count, milliseconds }) => (count / milliseconds) * 1000)),
    cpu: median(runs.flatMap(({ count, cpuMicroseconds: cpu }) => (cpu === undefined ? [] : cpu / count))),
    peak: median(runs.flatMap(({ peakBytes }) => peakBytes ?? [])),
  }));
  const bare = measured[0];
  return measured.map(({ work, subject, rate, cpu, peak }) => ({
    ...{ work, subject, perSecond: Math.round(rate) },
    ...(!Number.isNaN(cpu) && { cpuMicroseconds: Math.round(cpu) }),
    ...(!Number.isNaN(peak) && { peakMebibytes: Math.round(peak / 1024 ** 2) }),
    ratio: rounded(rate / (bare?.rate ?? Number.NaN)),
    ...(bare && !Number.isNaN(cpu) && !Number.isNaN(bare.cpu) && { cpuRatio: rounded(cpu / bare.cpu) }),
  }));
}

/** The report for people: latencies and throughputs as tables of their own. */
export function reportText(rows: readonly Row[]): string {
  const latencies = rows.filter(({ p50Milliseconds }) => p50Milliseconds !== undefined);
  const throughputs = rows.filter(({ perSecond }) => perSecond !== undefined);
  const tables = [
    ...(latencies.length === 0
      ? []
      : [
          textTable(
            ["", "", "p50 ms", "p99 ms", "p50 to bare", "p99 to bare"],
            latencies.map((row) => [
              ...[row.work, row.subject, row.p50Milliseconds, row.p99Milliseconds, row.ratio, row.p99Ratio],
            ]),
          ),
        ]),
    ...(throughputs.length === 0
      ? []
      : [
          textTable(
            ["", "", "per second", "CPU µs each", "peak MiB", "to bare", "CPU to bare"],
            throughputs.map((row) => [
              ...[row.work, row.subject, row.perSecond, row.cpuMicroseconds, row.peakMebibytes],
              ...[row.ratio, row.cpuRatio],
            ]),
          ),
        ]),
  ];
  return tables.join("\n\n");
}

function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
