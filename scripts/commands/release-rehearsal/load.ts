import type { Plan } from "./plan";

/** How long bytes take and how fast they go, in whole seconds. */
export interface Flow {
  readonly seconds: number;
  readonly bytesPerSecond: number;
}

/** How bytes flow that are loaded with a given speed. Less than a second counts as one, so that no byte is lost. */
export function flowOf(bytes: number, megabitsPerSecond: number): Flow {
  const seconds = Math.max(1, Math.round((bytes * 8) / (megabitsPerSecond * 1e6)));
  return { seconds, bytesPerSecond: bytes / seconds };
}

/** What a server has to do, second by second. */
export class Load {
  /** Requests that come in each second. */
  readonly requests: Uint32Array;
  /** Connections that are opened in each second. */
  readonly connections: Uint32Array;
  // What begins in a second less what ends: the sum up to a second is what goes on in it.
  private readonly rateChanges: Float64Array;
  private readonly activeChanges: Int32Array;
  private readonly known = new Map<number, readonly LoadInterval[]>();

  /** @param seconds until the last answer has ended */
  constructor(readonly seconds: number) {
    this.requests = new Uint32Array(seconds);
    this.connections = new Uint32Array(seconds);
    this.rateChanges = new Float64Array(seconds + 1);
    this.activeChanges = new Int32Array(seconds + 1);
  }

  /** Counts an answer that begins in that second. */
  add(second: number, { seconds, bytesPerSecond }: Flow, opensConnection: boolean): void {
    const end = Math.min(second + seconds, this.seconds);
    this.requests[second] = (this.requests[second] as number) + 1;
    if (opensConnection) this.connections[second] = (this.connections[second] as number) + 1;
    this.rateChanges[second] = (this.rateChanges[second] as number) + bytesPerSecond;
    this.rateChanges[end] = (this.rateChanges[end] as number) - bytesPerSecond;
    this.activeChanges[second] = (this.activeChanges[second] as number) + 1;
    this.activeChanges[end] = (this.activeChanges[end] as number) - 1;
  }

  /** What happens in intervals of so many seconds, the last one being shorter. To be asked when all is counted. */
  intervals(length: number): readonly LoadInterval[] {
    const known = this.known.get(length);
    if (known !== undefined) return known;
    const all = this.intervalsOf(length);
    this.known.set(length, all);
    return all;
  }

  private intervalsOf(length: number): LoadInterval[] {
    const all: LoadInterval[] = [];
    let bytesPerSecond = 0;
    let active = 0;
    for (let begin = 0; begin < this.seconds; begin += length) {
      const end = Math.min(begin + length, this.seconds);
      const sum = { requests: 0, connections: 0, bytes: 0, active: 0, peakRequests: 0, peakBytes: 0 };
      for (let second = begin; second < end; second++) {
        bytesPerSecond = Math.max(0, bytesPerSecond + (this.rateChanges[second] as number));
        active += this.activeChanges[second] as number;
        const requests = this.requests[second] as number;
        sum.requests += requests;
        sum.connections += this.connections[second] as number;
        sum.bytes += bytesPerSecond;
        sum.active += active;
        sum.peakRequests = Math.max(sum.peakRequests, requests);
        sum.peakBytes = Math.max(sum.peakBytes, bytesPerSecond);
      }
      all.push({ begin, seconds: end - begin, ...sum });
    }
    return all;
  }
}

/** What happens within some seconds. */
export interface LoadInterval {
  /** Seconds after the begin of the rehearsal. */
  readonly begin: number;
  readonly seconds: number;
  /** All of the interval. */
  readonly requests: number;
  readonly connections: number;
  readonly bytes: number;
  /** Seconds for which answers were under way, of all of them together. */
  readonly active: number;
  /** In its busiest second. */
  readonly peakRequests: number;
  readonly peakBytes: number;
}

/** The Auto Scaling group that a load needs. */
export interface GroupSize {
  /** Instances at its busiest minute, never fewer than those that always run. */
  readonly instances: number;
  /** What decides it: requests, bytes, or the least that the plan has. */
  readonly limitedBy: "requests" | "bytes" | "minimum";
  /** Instance hours above the minimum, when the group follows the load in steps of five minutes. */
  readonly extraHours: number;
}

/** Seconds of the steps in which a group follows the load, and of the means by which it does. */
const STEP = 300;
const MEAN = 60;

/**
 * Works out the group for a load, by the means of its minutes.
 *
 * @param scale of all bytes, to ask what would be. @default 1
 */
export function groupFor(load: Load, { origin }: Pick<Plan, "origin">, scale = 1): GroupSize {
  const minutes = load.intervals(MEAN);
  let instances = origin.minimumInstances;
  let limitedBy: GroupSize["limitedBy"] = "minimum";
  let extraHours = 0;
  for (let from = 0; from < minutes.length; from += STEP / MEAN) {
    let needed = origin.minimumInstances;
    for (const minute of minutes.slice(from, from + STEP / MEAN)) {
      const byRequests = Math.ceil(
        ofTarget(minute.requests / minute.seconds, origin.instanceRequestsPerSecond, origin),
      );
      const megabits = (minute.bytes * scale * 8) / 1e6 / minute.seconds;
      const byBytes = Math.ceil(ofTarget(megabits, origin.instanceMegabitsPerSecond, origin));
      needed = Math.max(needed, byRequests, byBytes);
      if (needed > instances) {
        instances = needed;
        limitedBy = byBytes > byRequests ? "bytes" : "requests";
      }
    }
    extraHours += ((needed - origin.minimumInstances) * STEP) / 3600;
  }
  return { instances, limitedBy, extraHours };
}

function ofTarget(value: number, ofInstance: number, { targetUtilisation }: Plan["origin"]): number {
  return value / (ofInstance * targetUtilisation);
}

/** What a load balancer capacity unit has for an hour: https://aws.amazon.com/elasticloadbalancing/pricing/ */
const LCU = {
  connectionsPerSecond: 25,
  activeConnections: 3000,
  bytes: 2 ** 30,
  ruleEvaluationsPerSecond: 1000,
};
/** Rules that are not counted. */
const FREE_RULES = 10;

/**
 * LCU-hours of a load: hour by hour of that dimension which has the most.
 *
 * @param scale of all bytes, to ask what would be. @default 1
 */
export function capacityUnitHours(load: Load, { origin }: Pick<Plan, "origin">, scale = 1): number {
  const rules = Math.max(0, origin.listenerRules - FREE_RULES);
  return load.intervals(3600).reduce((hours, { requests, connections, active, bytes }) => {
    const dimensions = [
      connections / 3600 / LCU.connectionsPerSecond,
      active / 3600 / LCU.activeConnections,
      (bytes * scale) / LCU.bytes,
      (requests * rules) / 3600 / LCU.ruleEvaluationsPerSecond,
    ];
    return hours + Math.max(...dimensions);
  }, 0);
}
