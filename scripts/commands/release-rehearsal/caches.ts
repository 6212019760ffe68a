import type { CachedObject } from "./catalogue";

/** A part of an object, from one of its parts to another, both included; the whole one when there is but one. */
export interface Cells {
  /** Number of the object's cell of the whole. */
  readonly whole: number;
  /** Numbers of the first and the last cell of a part; both -1 when the whole is meant. */
  readonly first: number;
  readonly last: number;
  /** Number of the object's last cell of a part; `whole` when it has none. */
  readonly end: number;
}

/**
 * What CloudFront's caches keep: for each cache, object and part of it, since when it is there and until when it is fresh. There is no
 * other state, so that a million requests need no memory of their own. Nothing is removed but by invalidation: that CloudFront may drop
 * what is seldom asked for is not known in advance.
 *
 * A part is there when the whole is, or that part itself; a whole is there too when all its parts are. Times are in milliseconds.
 */
export class Caches {
  /** Cells of one cache. */
  private readonly width: number;
  /** First millisecond at which it is no longer fresh; 0 where there is nothing. */
  private readonly until: Float64Array;
  /** When it has come: before that it is being fetched. */
  private readonly since: Float64Array;

  /** @throws Error when the times would need more memory than a machine should give */
  constructor(nodes: number, objects: readonly CachedObject[], parts: readonly (readonly number[])[]) {
    this.width = parts.reduce((all, { length }) => all + 1 + (length > 1 ? length : 0), 0);
    const cells = this.width * nodes;
    if (cells > 100_000_000) {
      throw new Error(
        `viewers, files: ${nodes} caches with ${this.width} parts of ${objects.length} objects are too many; make edge locations, variants or chunks fewer`,
      );
    }
    this.until = new Float64Array(cells);
    this.since = new Float64Array(cells);
  }

  /** Until when a fresh copy is fresh; 0 without one. */
  freshUntil(node: number, { whole, first, last, end }: Cells, now: number): number {
    const base = node * this.width;
    const untilWhole = this.until[base + whole] as number;
    if (now < untilWhole || end === whole) return now < untilWhole ? untilWhole : 0;
    let until = Number.POSITIVE_INFINITY;
    const to = base + (last === -1 ? end : last);
    for (let cell = base + (first === -1 ? whole + 1 : first); cell <= to; cell++) {
      until = Math.min(until, this.until[cell] as number);
      if (until <= now) return 0;
    }
    return until;
  }

  /** When a fresh copy has come, or will come. */
  freshSince(node: number, { whole, first, last, end }: Cells, now: number): number {
    const base = node * this.width;
    if (now < (this.until[base + whole] as number) || end === whole)
      return this.since[base + whole] as number;
    let since = 0;
    const to = base + (last === -1 ? end : last);
    for (let cell = base + (first === -1 ? whole + 1 : first); cell <= to; cell++) {
      since = Math.max(since, this.since[cell] as number);
    }
    return since;
  }

  /** When the latest copy, which may have expired, was or is no longer fresh; 0 without one. */
  keptUntil(node: number, { whole, first, last, end }: Cells): number {
    const base = node * this.width;
    const untilWhole = this.until[base + whole] as number;
    if (end === whole) return untilWhole;
    let until = Number.POSITIVE_INFINITY;
    const to = base + (last === -1 ? end : last);
    for (let cell = base + (first === -1 ? whole + 1 : first); cell <= to; cell++) {
      until = Math.min(until, this.until[cell] as number);
    }
    return Math.max(untilWhole, until);
  }

  /** Keeps what has come or will come. What is on its way already comes first, and stays. */
  keep(node: number, { whole, first, last }: Cells, now: number, since: number, until: number): void {
    const base = node * this.width;
    const from = base + (first === -1 ? whole : first);
    const to = base + (first === -1 ? whole : last);
    for (let cell = from; cell <= to; cell++) {
      if (now < (this.since[cell] as number) && now < (this.until[cell] as number)) continue;
      this.since[cell] = since;
      this.until[cell] = until;
    }
  }

  /** Removes an object from all caches. */
  remove({ whole, end }: Pick<Cells, "whole" | "end">): void {
    for (let base = 0; base < this.until.length; base += this.width) {
      this.until.fill(0, base + whole, base + end + 1);
    }
  }
}

/** Numbers the cells of objects: for each one of the whole, and where it has several parts one for each. */
export function cellsOf(
  parts: readonly (readonly number[])[],
): (object: number, from?: number, to?: number) => Cells {
  const wholes: number[] = [];
  let next = 0;
  for (const { length } of parts) {
    wholes.push(next);
    next += 1 + (length > 1 ? length : 0);
  }
  return (object, from, to) => {
    const begins = parts[object] as readonly number[];
    const whole = wholes[object] as number;
    const end = begins.length > 1 ? whole + begins.length : whole;
    if (from === undefined || begins.length === 1) return { whole, first: -1, last: -1, end };
    const next = begins.indexOf(to as number);
    return { whole, first: whole + 1 + begins.indexOf(from), last: next === -1 ? end : whole + next, end };
  };
}
