import { createHash } from "node:crypto";
import { isWildcard } from "./paths";
import price from "./price.json";

/** What goes to CloudFront in one request. */
export interface Batch {
  /** Sorted. */
  readonly paths: readonly string[];
  /** Names the request: CloudFront answers a second one of the same name with the invalidation that it has made for the first. */
  readonly callerReference: string;
}

/** What paths cost, by the dated price of price.json. The free ones are those of the whole account in a month. */
export interface Cost {
  readonly paths: number;
  /** When none of the month's free paths is left. */
  readonly most: number;
  /** When none of the month's free paths is used. */
  readonly least: number;
  readonly currency: string;
  readonly freePathsPerMonth: number;
  /** When the price was read, as an ISO date. */
  readonly priceDate: string;
  readonly priceSource: string;
}

/**
 * How much can be in progress at a time on one distribution. A batch stays within it, and the next waits for its end.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/InvalidationLimits.html
 */
export const LIMITS = { paths: 3000, wildcards: 15 } as const;

/**
 * Divides paths into batches within CloudFront's limits, as few as possible. The same arguments always make the same batches.
 *
 * @param paths valid, each once
 * @param reference names what the invalidation is for: the same reference and paths are the same invalidation
 */
export function planBatches(distributionId: string, paths: readonly string[], reference: string): Batch[] {
  const wildcards = paths.filter(isWildcard).sort();
  const files = paths.filter((path) => !isWildcard(path)).sort();
  const batches: Batch[] = [];
  while (wildcards.length + files.length > 0) {
    const taken = wildcards.splice(0, LIMITS.wildcards);
    taken.push(...files.splice(0, LIMITS.paths - taken.length));
    taken.sort();
    batches.push({ paths: taken, callerReference: digest(distributionId, taken, reference) });
  }
  return batches;
}

/** What the paths cost. A wildcard is one path, whatever it stands for. */
export function costOf(paths: number): Cost {
  const { perPath, freePathsPerMonth, currency, date, source } = price;
  const priceOf = (count: number) => Math.round(count * perPath * 1000) / 1000;
  return {
    paths,
    most: priceOf(paths),
    least: priceOf(Math.max(0, paths - freePathsPerMonth)),
    currency,
    freePathsPerMonth,
    priceDate: date,
    priceSource: source,
  };
}

/**
 * Names one thing by what makes it out.
 *
 * @returns 40 hexadecimal digits
 */
export function digest(...parts: readonly (string | readonly string[])[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40);
}
