import { isInvalidatedBy, type Origin, textOfKey } from "../../internal/cdn-model";
import type { Ask } from "../release-rehearsal/asks";
import type { CachedObject } from "../release-rehearsal/catalogue";
import type { Plan } from "../release-rehearsal/plan";
import type { Drawn } from "../release-rehearsal/rehearse";
import { emptyTally, type Outcome, type Tally } from "../release-rehearsal/tally";

/** A piece of an object in a cache. Times in milliseconds. */
interface Piece {
  readonly from: number;
  readonly to: number;
  /** When it has come. */
  readonly since: number;
  /** When it is no longer fresh. */
  readonly until: number;
}

/** What a cache has of one object. */
interface Copy {
  whole?: Piece;
  /** Those that were asked for by ranges. They do not overlap. */
  pieces: Piece[];
}

/** One request. */
interface Request {
  readonly time: number;
  readonly edge: number;
  readonly ask: Ask;
}

/** A request to an origin. */
export interface OriginRequest {
  readonly time: number;
  /** The cache that asks. */
  readonly cache: string;
  /** What for: the key, and the bytes. */
  readonly object: string;
  readonly ttlMilliseconds: number;
}

/** What the naive rehearsal finds. */
export interface NaiveResult {
  readonly tally: Tally;
  readonly originRequests: readonly OriginRequest[];
}

/**
 * The rehearsal as one writes it down first: an object for each request, caches by name, copies as lists of pieces. It shares with
 * scripts/release-rehearsal what is drawn and what the model says of each URL, and nothing of how caches are kept. It is what the fast one
 * is tested against, and measured against.
 */
export function rehearseNaively(plan: Plan, drawn: Drawn): NaiveResult {
  const { topology, catalogue, table, schedule } = drawn;
  const tally = emptyTally();
  const originRequests: OriginRequest[] = [];
  const caches = new Map<string, Map<string, Copy>>();
  const requests: Request[] = Array.from({ length: schedule.count }, (_, index) => ({
    time: schedule.times[index] as number,
    edge: schedule.edges[index] as number,
    ask: table.asks[schedule.asks[index] as number] as Ask,
  }));
  const invalidations = plan.invalidations
    .flatMap(({ atHours, paths }) => paths.map((path) => ({ at: Math.round(atHours * 3_600_000), path })))
    .sort((a, b) => a.at - b.at);

  const copyOf = (cache: string, object: CachedObject): Copy => {
    const kept = caches.get(cache) ?? new Map<string, Copy>();
    caches.set(cache, kept);
    const key = textOfKey(object.key);
    const copy = kept.get(key) ?? { pieces: [] };
    kept.set(key, copy);
    return copy;
  };

  const countOrigin = (origin: Origin, bytes: number, isSame: boolean) => {
    const count = tally.origins[origin.id] ?? { requests: 0, bytes: 0, notModified: 0 };
    tally.origins[origin.id] = count;
    count.requests++;
    count.bytes += bytes + plan.responseHeaderBytes;
    if (isSame) count.notModified++;
  };

  const answer = ({ time, edge, ask }: Request): Outcome => {
    const { region } = topology.edges[edge] as (typeof topology.edges)[number];
    const object = ask.object === undefined ? undefined : catalogue.objects[ask.object];
    if (object === undefined) {
      if (ask.passedTo === undefined) return "edge";
      const { shieldRegion } = ask.passedTo;
      if (shieldRegion !== undefined) countShield(tally, shieldRegion);
      const size =
        ask.range === undefined ? ask.directBytes - plan.responseHeaderBytes : rangeBytes(ask, plan);
      countOrigin(ask.passedTo, size, false);
      return "passed";
    }
    const { from, to } = ask.range ?? { from: 0, to: object.bytes };
    const isRange = ask.range !== undefined;
    const names = [`edge ${edge}`];
    const { shieldRegion, kind } = object.origin;
    if (!(kind === "s3" && shieldRegion === undefined && region === plan.origin.region)) names.push(region);
    if (shieldRegion !== undefined && shieldRegion !== region) names.push(shieldRegion);
    const here = copyOf(names[0] as string, object);
    const fresh = freshPieces(here, from, to, time);
    if (fresh !== undefined) {
      const isThere = fresh.every(({ since }) => since <= time);
      if (isThere) return "hit";
      if (object.collapsed) return "collapsed";
    }
    const outcome = outcomeOf(here, object, from, to, time, fresh !== undefined);

    let found: { readonly since: number; readonly until: number } | undefined;
    let place = 1;
    for (; place < names.length && found === undefined; place++) {
      const name = names[place] as string;
      if (place === names.length - 1 && shieldRegion !== undefined && shieldRegion !== region) {
        countShield(tally, shieldRegion);
      }
      const pieces = freshPieces(copyOf(name, object), from, to, time);
      if (pieces === undefined) continue;
      if (!object.collapsed && pieces.some(({ since }) => since > time)) continue;
      found = {
        since: Math.max(time, ...pieces.map(({ since }) => since)),
        until: Math.min(...pieces.map(({ until }) => until)),
      };
      break;
    }
    let keeps = { from, to, isRange };
    if (found === undefined) {
      const last = copyOf(names[names.length - 1] as string, object);
      const isSame = object.conditional && plan.origin.answersNotModified && lastKept(last, from, to) > 0;
      const answersRange = isRange && plan.origin.answersRanges;
      countOrigin(object.origin, isSame ? 0 : answersRange ? to - from : object.bytes, isSame);
      const comes = time + plan.origin.latencyMilliseconds;
      const ttlMilliseconds = object.ttlMilliseconds(comes);
      const bytes = `${textOfKey(object.key)} ${from}-${to}`;
      originRequests.push({ time, cache: names[names.length - 1] as string, object: bytes, ttlMilliseconds });
      if (!object.stored) return outcome;
      if (!isSame && !answersRange) keeps = { from: 0, to: object.bytes, isRange: false };
      found = { since: comes, until: comes + ttlMilliseconds };
    }
    for (const name of names.slice(ask.isInterrupted ? 1 : 0, place)) {
      keep(copyOf(name, object), { ...keeps, ...found }, keeps.isRange, time);
    }
    return outcome;
  };

  for (const request of requests) {
    const { time, edge, ask } = request;
    while (invalidations[0] !== undefined && invalidations[0].at <= time) {
      const { path } = invalidations.shift() as { path: string };
      for (const object of catalogue.objects) {
        if (!isInvalidatedBy(path, object.key)) continue;
        for (const kept of caches.values()) kept.delete(textOfKey(object.key));
      }
    }
    const { geography } = topology.edges[edge] as (typeof topology.edges)[number];
    const ofGeography = tally.geographies[geography] ?? { requests: 0, bytes: 0 };
    tally.geographies[geography] = ofGeography;
    for (const traffic of [tally.viewers[answer(request)], ofGeography]) {
      traffic.requests++;
      traffic.bytes += ask.viewerBytes;
    }
    tally.direct.requests++;
    tally.direct.bytes += ask.directBytes;
    tally.functionRuns += ask.functionRuns;
  }
  return { tally, originRequests };
}

function rangeBytes({ range, directBytes }: Ask, plan: Plan): number {
  if (range !== undefined && plan.origin.answersRanges) return range.to - range.from;
  return directBytes - plan.responseHeaderBytes;
}

function countShield({ shieldRequests }: Tally, region: string): void {
  shieldRequests[region] = (shieldRequests[region] ?? 0) + 1;
}

function outcomeOf(
  copy: Copy,
  { staleMilliseconds }: CachedObject,
  from: number,
  to: number,
  time: number,
  isOnItsWay: boolean,
): Outcome {
  const until = isOnItsWay ? 0 : lastKept(copy, from, to);
  if (until === 0) return "miss";
  return time < until + staleMilliseconds ? "stale" : "refreshed";
}

/** Fresh pieces that have all the bytes; undefined when there are none. */
function freshPieces({ whole, pieces }: Copy, from: number, to: number, time: number): Piece[] | undefined {
  if (whole !== undefined && time < whole.until) return [whole];
  const fresh = pieces.filter((piece) => piece.from < to && piece.to > from && time < piece.until);
  return covers(fresh, from, to) ? fresh : undefined;
}

/** When the latest copy of all the bytes is no longer fresh; 0 without one. */
function lastKept({ whole, pieces }: Copy, from: number, to: number): number {
  const parts = pieces.filter((piece) => piece.from < to && piece.to > from);
  const ofParts = covers(parts, from, to) ? Math.min(...parts.map(({ until }) => until)) : 0;
  return Math.max(whole?.until ?? 0, ofParts);
}

function covers(pieces: readonly Piece[], from: number, to: number): boolean {
  if (pieces.length === 0) return false;
  return (
    pieces.reduce((bytes, piece) => bytes + Math.min(piece.to, to) - Math.max(piece.from, from), 0) ===
    to - from
  );
}

/** Puts a new piece into a copy; what is on its way already stays. */
function keep(copy: Copy, { from, to, since, until }: Piece, isRange: boolean, time: number): void {
  const isOnItsWay = (piece: Piece | undefined) =>
    piece !== undefined && time < piece.since && time < piece.until;
  if (!isRange) {
    if (!isOnItsWay(copy.whole)) copy.whole = { from, to, since, until };
    return;
  }
  const stay = copy.pieces.filter(isOnItsWay);
  const cut = copy.pieces.filter((piece) => !isOnItsWay(piece)).flatMap((piece) => without(piece, from, to));
  const fresh = stay.reduce<Piece[]>(
    (rest, piece) => rest.flatMap((part) => without(part, piece.from, piece.to)),
    [{ from, to, since, until }],
  );
  copy.pieces = [...stay, ...cut, ...fresh];
}

/** What is left of a piece when a part is cut out. */
function without(piece: Piece, from: number, to: number): Piece[] {
  if (piece.to <= from || piece.from >= to) return [piece];
  return [
    ...(piece.from < from ? [{ ...piece, to: from }] : []),
    ...(piece.to > to ? [{ ...piece, from: to }] : []),
  ];
}
