import { arrivalCurve } from "./arrivals";
import type { AskTable, Download } from "./asks";
import type { Catalogue } from "./catalogue";
import { MAXIMUM_REQUESTS, type Plan } from "./plan";
import { randomOf } from "./random";
import type { Topology } from "./topology";

/** The requests of a plan in the order in which they come, column by column: a million of them take 10 MB. */
export interface Schedule {
  readonly count: number;
  /** Milliseconds after the begin. */
  readonly times: Uint32Array;
  /** Number of the edge location that each reaches. */
  readonly edges: Uint16Array;
  /** Number of the ask. */
  readonly asks: Uint32Array;
}

/**
 * Draws the requests of a plan: who comes when, to which edge, and what for. The same plan, the same requests.
 *
 * @throws Error when there are more than MAXIMUM_REQUESTS
 */
export function scheduleOf(plan: Plan, topology: Topology, catalogue: Catalogue, table: AskTable): Schedule {
  const random = randomOf(plan.seed);
  const curve = arrivalCurve(plan);
  const requests = new Requests(plan.clients);
  const shares = cumulated(topology.groups.map(({ share }) => share));
  const files = plan.files.map(({ share, afterSeconds, repeat }, index) => ({
    share,
    times: repeat?.times ?? 1,
    every: (repeat?.everySeconds ?? 0) * 1000,
    after: afterSeconds * 1000,
    choices: cumulated((catalogue.files[index] ?? []).map((choice) => choice.share)),
    downloads: table.downloads[index] ?? [],
  }));
  for (let client = 0; client < plan.clients; client++) {
    const comes = curve.draw(random);
    const group = topology.groups[pick(shares, random)] as Topology["groups"][number];
    const edge = group.firstEdge + Math.floor(random() * group.edges);
    for (const { share, times, every, after, choices, downloads } of files) {
      if (share < 1 && random() >= share) continue;
      for (let time = 0; time < times; time++) {
        const urls = downloads[choices.length === 1 ? 0 : pick(choices, random)] as readonly Download[];
        const download = urls[urls.length === 1 ? 0 : Math.floor(random() * urls.length)] as Download;
        addDownload(requests, random, comes + after + time * every, edge, download);
      }
    }
  }
  return requests.inOrder();
}

function addDownload(
  requests: Requests,
  random: () => number,
  begin: number,
  edge: number,
  { parts, interruptedShare }: Download,
): void {
  for (const { after, ask, broken } of parts) {
    if (broken.length === 0 || random() >= interruptedShare) {
      requests.add(begin + after, edge, ask);
      continue;
    }
    const way = broken[Math.floor(random() * broken.length)] as (typeof broken)[number];
    requests.add(begin + after, edge, way.ask);
    requests.add(begin + after + way.retryAfter, edge, way.retry);
  }
}

/** What a column of times can hold. */
const LAST_MILLISECOND = 2 ** 32 - 1;

/** The requests as they are drawn, then in order. */
class Requests {
  private count = 0;
  private times: Uint32Array;
  private edges: Uint16Array;
  private asks: Uint32Array;

  constructor(expected: number) {
    this.times = new Uint32Array(expected);
    this.edges = new Uint16Array(expected);
    this.asks = new Uint32Array(expected);
  }

  add(time: number, edge: number, ask: number): void {
    if (this.count === this.times.length) this.grow();
    if (time > LAST_MILLISECOND)
      throw new Error("files: are loaded for more than 49 days; raise viewerMegabitsPerSecond");
    this.times[this.count] = time;
    this.edges[this.count] = edge;
    this.asks[this.count] = ask;
    this.count++;
  }

  private grow(): void {
    if (this.count >= MAXIMUM_REQUESTS)
      throw new Error(`clients: make more than ${MAXIMUM_REQUESTS} requests`);
    const length = Math.min(MAXIMUM_REQUESTS, Math.max(1024, Math.ceil(this.count * 1.5)));
    const copy = <T extends Uint32Array | Uint16Array>(from: T, to: T) => {
      to.set(from);
      return to;
    };
    this.times = copy(this.times, new Uint32Array(length));
    this.edges = copy(this.edges, new Uint16Array(length));
    this.asks = copy(this.asks, new Uint32Array(length));
  }

  /** Requests of the same millisecond stay in the order in which they were drawn. */
  inOrder(): Schedule {
    const { count } = this;
    const order = orderOf(this.times.subarray(0, count));
    const times = new Uint32Array(count);
    const edges = new Uint16Array(count);
    const asks = new Uint32Array(count);
    for (let place = 0; place < count; place++) {
      const from = order[place] as number;
      times[place] = this.times[from] as number;
      edges[place] = this.edges[from] as number;
      asks[place] = this.asks[from] as number;
    }
    return { count, times, edges, asks };
  }
}

/** Places of the values in ascending order: a radix sort by 11 bits, in time that grows with their number alone. */
function orderOf(values: Uint32Array): Uint32Array {
  let order = new Uint32Array(values.length);
  for (let index = 0; index < values.length; index++) order[index] = index;
  let other = new Uint32Array(values.length);
  for (const shift of [0, 11, 22]) {
    const begins = new Uint32Array(2049);
    for (const value of values) {
      const next = ((value >>> shift) & 2047) + 1;
      begins[next] = (begins[next] as number) + 1;
    }
    for (let digit = 0; digit < 2048; digit++)
      begins[digit + 1] = (begins[digit + 1] as number) + (begins[digit] as number);
    for (const from of order) {
      const digit = ((values[from] as number) >>> shift) & 2047;
      other[begins[digit] as number] = from;
      begins[digit] = (begins[digit] as number) + 1;
    }
    [order, other] = [other, order];
  }
  return order;
}

/** Shares as the ends of parts of the line from 0 to 1. */
function cumulated(shares: readonly number[]): number[] {
  let sum = 0;
  return shares.map((share) => {
    sum += share;
    return sum;
  });
}

/** The part that a drawn number falls into. */
function pick(ends: readonly number[], random: () => number): number {
  const drawn = random();
  let index = 0;
  while (index < ends.length - 1 && (ends[index] as number) <= drawn) index++;
  return index;
}
