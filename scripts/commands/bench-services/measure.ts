import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** What is asked, and how hard. */
export interface Asking {
  /** Of the server. */
  readonly url: string;
  /** Of the server's process. */
  readonly pid: number;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text of an order, sent with another `Idempotency-Key` each time. @default none */
  readonly body?: string;
  readonly connections: number;
  readonly seconds: number;
}

/** What asking came to. */
export interface Load {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Errors, timeouts, and answers that are no success. */
  readonly failures: number;
}

/** What asking came to, and what it cost the server. */
export interface Measured extends Load {
  /** CPU time of the server's process for each request; absent where there is no `/proc`. */
  readonly cpuMicroseconds?: number;
}

/**
 * Asks a server again and again, from a process of its own.
 *
 * @throws Error when not every answer was a success: a server that fails fast must not win
 */
export async function measure(asking: Asking): Promise<Measured> {
  const root = resolve(__dirname, "..", "..", "..");
  const before = cpuMicrosecondsOf(asking.pid);
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["--import", join(root, "node_modules/tsx/dist/loader.mjs")],
    ...[join(__dirname, "load.ts"), JSON.stringify(asking)],
  ]);
  const after = cpuMicrosecondsOf(asking.pid);
  const load = JSON.parse(stdout) as Load;
  const { failures, requests } = load;
  if (failures > 0) {
    throw new Error(`${asking.method} ${asking.url}${asking.path}: ${failures} requests had no success`);
  }
  if (before === undefined || after === undefined) return load;
  return { ...load, cpuMicroseconds: (after - before) / requests };
}

/** In hundredths of a second, as Linux counts for every program: proc(5), fields 14 and 15. */
export function cpuMicrosecondsOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [user, system] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13);
    return (Number(user) + Number(system)) * 10_000;
  } catch {
    return undefined;
  }
}
