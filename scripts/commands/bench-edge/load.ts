import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What one round of load came to. */
export interface Load {
  readonly requestsPerSecond: number;
  /** Milliseconds that one in a hundred requests took longer than. */
  readonly p99Milliseconds: number;
}

/** autocannon's own summary, as far as it is used. */
interface Summary {
  readonly requests: { readonly average: number };
  readonly latency: { readonly p99: number };
  readonly errors: number;
  readonly timeouts: number;
  readonly non2xx: number;
}

/** Connections that ask at once. */
export const CONNECTIONS = 32;

/**
 * Asks a URL again and again, from a process of its own.
 *
 * @throws Error when not every answer was a success
 */
export async function loadOf(url: string, seconds: number): Promise<Load> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      require.resolve("autocannon"),
      "--json",
      "--connections",
      String(CONNECTIONS),
      "--duration",
      String(seconds),
      url,
    ],
    { maxBuffer: 16 * 1024 ** 2 },
  );
  const { requests, latency, errors, timeouts, non2xx } = JSON.parse(stdout) as Summary;
  if (errors + timeouts + non2xx > 0) {
    throw new Error(
      `${url}: ${errors} errors, ${timeouts} timeouts and ${non2xx} answers that are none of success`,
    );
  }
  return { requestsPerSecond: requests.average, p99Milliseconds: latency.p99 };
}
