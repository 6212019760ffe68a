import { isInvalidatedBy, type Origin } from "../../internal/cdn-model";
import { type Ask, type AskTable, partsOf } from "./asks";
import { Caches, type Cells, cellsOf } from "./caches";
import type { CachedObject, Catalogue } from "./catalogue";
import { type Flow, flowOf, Load } from "./load";
import type { Plan } from "./plan";
import type { Schedule } from "./schedule";
import { emptyTally, OUTCOMES, type Tally, type Traffic } from "./tally";
import type { Topology, Way } from "./topology";

/** What came of a rehearsal. */
export interface Replayed {
  readonly tally: Tally;
  /** Load of today's application when it serves all by itself. */
  readonly before: Load;
  /** What is left to it behind CloudFront. Buckets are not part of it. */
  readonly after: Load;
}

/** An ask with all that is the same for each request for it. */
interface ReadyAsk {
  readonly viewerBytes: number;
  readonly directBytes: number;
  readonly direct: Flow;
  readonly opensConnection: boolean;
  readonly functionRuns: number;
  readonly isInterrupted: boolean;
  readonly object?: CachedObject;
  readonly cells: Cells;
  /** By the number of the edge. */
  readonly ways: readonly Way[];
  /** What the origin sends in full, and when the cache has it. */
  readonly origin: ReadyOrigin;
}

/** What an origin sends for an ask. */
interface ReadyOrigin {
  readonly count: Traffic & { notModified: number };
  /** It is the application: a bucket's load is nobody's concern. */
  readonly isApplication: boolean;
  readonly bytes: number;
  readonly flow: Flow;
  /** Cells that its answer fills: the whole where it does not answer ranges. */
  readonly filled: Cells;
}

/**
 * Replays the requests of a plan through the caches, in their order, each by the model's rules.
 *
 * An object is as old in each cache as since the origin answered, as RFC 9111 has it: what an edge takes from a regional cache expires
 * when it does there. While an origin is asked, further requests for the object wait. That a regional edge cache answers takes no time.
 */
export function replay(
  plan: Plan,
  topology: Topology,
  catalogue: Catalogue,
  table: AskTable,
  { count, times, edges, asks }: Schedule,
): Replayed {
  const tally = emptyTally();
  const parts = partsOf(catalogue.objects, table.asks);
  const cells = cellsOf(parts);
  const caches = new Caches(topology.nodes, catalogue.objects, parts);
  const waysTo = waysOf(topology);
  const ready = table.asks.map((ask) => readyFor(ask, plan, catalogue, waysTo, cells, tally));
  const seconds = lastSecond(ready, times, asks, count) + 1;
  const [before, after] = [new Load(seconds), new Load(seconds)];
  const outcomes = OUTCOMES.map((outcome) => tally.viewers[outcome]);
  const ofEdges = topology.edges.map(({ geography }) => {
    tally.geographies[geography] ??= { requests: 0, bytes: 0 };
    return tally.geographies[geography] as Traffic;
  });
  const invalidations = invalidationsOf(plan, catalogue.objects, cells);
  const step = new Step(caches, plan, tally, after);
  let invalidation = invalidations[0];
  for (let place = 0, next = 1; place < count; place++) {
    const time = times[place] as number;
    while (invalidation !== undefined && invalidation.at <= time) {
      for (const object of invalidation.cells) caches.remove(object);
      invalidation = invalidations[next++];
    }
    const ask = ready[asks[place] as number] as ReadyAsk;
    const edge = edges[place] as number;
    before.add(Math.floor(time / 1000), ask.direct, ask.opensConnection);
    tally.direct.requests++;
    tally.direct.bytes += ask.directBytes;
    tally.functionRuns += ask.functionRuns;
    addTo(outcomes[step.answer(ask, edge, time)] as Traffic, ask.viewerBytes);
    addTo(ofEdges[edge] as Traffic, ask.viewerBytes);
  }
  return { tally, before, after };
}

const HIT = OUTCOMES.indexOf("hit");
const COLLAPSED = OUTCOMES.indexOf("collapsed");
const STALE = OUTCOMES.indexOf("stale");
const REFRESHED = OUTCOMES.indexOf("refreshed");
const MISS = OUTCOMES.indexOf("miss");
const PASSED = OUTCOMES.indexOf("passed");
const EDGE = OUTCOMES.indexOf("edge");

/** Answers one request after another. */
class Step {
  /** Headers of an answer without a body. */
  private readonly confirmation: Flow;
  private readonly latency: number;

  constructor(
    private readonly caches: Caches,
    private readonly plan: Plan,
    private readonly tally: Tally,
    private readonly after: Load,
  ) {
    this.confirmation = flowOf(plan.responseHeaderBytes, plan.originFetchMegabitsPerSecond);
    this.latency = plan.origin.latencyMilliseconds;
  }

  /** @returns number of the outcome */
  answer(ask: ReadyAsk, edge: number, now: number): number {
    const { object, cells } = ask;
    if (object === undefined) return this.withoutCache(ask, edge, now);
    if (now < this.caches.freshUntil(edge, cells, now)) {
      if (now >= this.caches.freshSince(edge, cells, now)) return HIT;
      if (object.collapsed) return COLLAPSED;
      this.fetch(ask, object, edge, now);
      return MISS;
    }
    const kept = this.caches.keptUntil(edge, cells);
    this.fetch(ask, object, edge, now);
    if (kept === 0) return MISS;
    return now < kept + object.staleMilliseconds ? STALE : REFRESHED;
  }

  private withoutCache(ask: ReadyAsk, edge: number, now: number): number {
    const way = ask.ways[edge];
    if (way === undefined) return EDGE;
    if (way.isIncremental) this.countShield(way);
    this.ask(ask.origin, now, false);
    return PASSED;
  }

  /** Asks the next caches, then the origin; all on the way keep what comes. */
  private fetch(ask: ReadyAsk, object: CachedObject, edge: number, now: number): void {
    const { cells, ways, isInterrupted, origin } = ask;
    const way = ways[edge] as Way;
    const { nodes } = way;
    const { caches } = this;
    for (let place = 1; place < nodes.length; place++) {
      const node = nodes[place] as number;
      if (way.isIncremental && place === nodes.length - 1) this.countShield(way);
      const until = caches.freshUntil(node, cells, now);
      if (until === 0) continue;
      const since = caches.freshSince(node, cells, now);
      if (now < since && !object.collapsed) continue;
      this.keep(nodes, place, cells, isInterrupted, now, Math.max(now, since), until);
      return;
    }
    const asksWhetherSame =
      object.conditional &&
      this.plan.origin.answersNotModified &&
      caches.keptUntil(nodes[nodes.length - 1] as number, cells) > 0;
    this.ask(origin, now, asksWhetherSame);
    if (!object.stored) return;
    const comes = now + this.latency;
    const filled = asksWhetherSame ? cells : origin.filled;
    this.keep(nodes, nodes.length, filled, isInterrupted, now, comes, comes + object.ttlMilliseconds(comes));
  }

  private keep(
    nodes: readonly number[],
    to: number,
    cells: Cells,
    isInterrupted: boolean,
    now: number,
    since: number,
    until: number,
  ): void {
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#response-custom-canceled-requests
    for (let place = isInterrupted ? 1 : 0; place < to; place++) {
      this.caches.keep(nodes[place] as number, cells, now, since, until);
    }
  }

  private ask({ count, bytes, flow, isApplication }: ReadyOrigin, now: number, isSame: boolean): void {
    count.requests++;
    count.bytes += isSame ? this.plan.responseHeaderBytes : bytes;
    if (isSame) count.notModified++;
    if (isApplication) this.after.add(Math.floor(now / 1000), isSame ? this.confirmation : flow, true);
  }

  private countShield({ shieldRegion = "" }: Way): void {
    this.tally.shieldRequests[shieldRegion] = (this.tally.shieldRequests[shieldRegion] ?? 0) + 1;
  }
}

function readyFor(
  ask: Ask,
  plan: Plan,
  { objects }: Catalogue,
  waysTo: ReturnType<typeof waysOf>,
  cellsIn: ReturnType<typeof cellsOf>,
  tally: Tally,
): ReadyAsk {
  const { range, viewerBytes, directBytes, opensConnection, functionRuns, isInterrupted } = ask;
  const object = ask.object === undefined ? undefined : objects[ask.object];
  const origin = object?.origin ?? ask.passedTo;
  const size = object?.bytes ?? directBytes - plan.responseHeaderBytes;
  const isPart = range !== undefined && plan.origin.answersRanges;
  const bytes = (isPart ? range.to - range.from : size) + plan.responseHeaderBytes;
  const cells = object === undefined ? NO_CELLS : cellsIn(ask.object as number, range?.from, range?.to);
  const none = { requests: 0, bytes: 0, notModified: 0 };
  if (origin !== undefined) tally.origins[origin.id] ??= none;
  return {
    viewerBytes,
    directBytes,
    direct: flowOf(directBytes, plan.viewerMegabitsPerSecond),
    opensConnection,
    functionRuns,
    isInterrupted,
    ...(object !== undefined && { object }),
    cells,
    ways: origin === undefined ? [] : waysTo(origin, object !== undefined),
    origin: {
      count: origin === undefined ? none : (tally.origins[origin.id] as typeof none),
      isApplication: origin?.kind === "custom",
      bytes,
      flow: flowOf(bytes, plan.originFetchMegabitsPerSecond),
      filled: isPart || object === undefined ? cells : cellsIn(ask.object as number),
    },
  };
}

/** The ways to an origin, by the number of the edge: one list for all that take them. */
function waysOf({ edges, wayTo }: Topology): (origin: Origin, cached: boolean) => readonly Way[] {
  const known = new Map<string, readonly Way[]>();
  return (origin, cached) => {
    const name = `${origin.id} ${cached}`;
    const ways = known.get(name) ?? edges.map((_, edge) => wayTo(origin, edge, cached));
    known.set(name, ways);
    return ways;
  };
}

const NO_CELLS: Cells = { whole: 0, first: -1, last: -1, end: 0 };

/** What is removed from the caches, in the order of time. */
function invalidationsOf(plan: Plan, objects: readonly CachedObject[], cellsIn: ReturnType<typeof cellsOf>) {
  return plan.invalidations
    .map(({ atHours, paths }) => ({
      at: Math.round(atHours * 3_600_000),
      cells: objects.flatMap(({ key }, number) =>
        paths.some((path) => isInvalidatedBy(path, key)) ? [cellsIn(number)] : [],
      ),
    }))
    .sort((a, b) => a.at - b.at);
}

function addTo(traffic: Traffic, bytes: number): void {
  traffic.requests++;
  traffic.bytes += bytes;
}

/** The last second in which anything is sent. */
function lastSecond(
  ready: readonly ReadyAsk[],
  times: Uint32Array,
  asks: Uint32Array,
  count: number,
): number {
  let last = 0;
  for (let place = 0; place < count; place++) {
    const { direct, origin } = ready[asks[place] as number] as ReadyAsk;
    last = Math.max(
      last,
      Math.floor((times[place] as number) / 1000) + Math.max(direct.seconds, origin.flow.seconds),
    );
  }
  return last;
}
