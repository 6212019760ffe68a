import type { Distribution } from "../../internal/cdn-model";
import { type CostConfig, monthlyCosts } from "./cost";
import { type CostLine, toCents, totalOf } from "./cost-lines";
import { groupFor, type Load } from "./load";
import type { Plan } from "./plan";
import type { Rehearsal } from "./rehearse";
import type { Outcome, Tally, Traffic } from "./tally";
import { type Verdict, verdictOf } from "./verdict";

/** What a rehearsal tells: printed as it is with `--json`. */
export interface Result {
  /** As given, e.g. `envs/prod`. */
  readonly environment: string;
  readonly plan: string;
  readonly seed: number;
  readonly clients: number;
  readonly viewers: Traffic & {
    readonly outcomes: Readonly<Record<Outcome, Traffic>>;
    /** Share of the requests for cached objects that the edge answers without asking anyone. Absent when there are none. */
    readonly edgeHitRatio?: number;
    /** Share of those for which the origin is not asked. */
    readonly hitRatio?: number;
    /** Share of all bytes that the origin does not send. */
    readonly byteHitRatio: number;
  };
  /** Today's application: all by itself, and behind CloudFront. */
  readonly application: { readonly before: ApplicationLoad; readonly after: ApplicationLoad };
  /** What each origin answers CloudFront, by its id. */
  readonly origins: Tally["origins"];
  readonly originShieldRequests: Readonly<Record<string, number>>;
  readonly functionInvocations: number;
  readonly costs: Costs;
  /** What an instance is taken to do, and how far the group's scaling loads it. */
  readonly instance: Pick<
    Plan["origin"],
    "instanceType" | "instanceRequestsPerSecond" | "instanceMegabitsPerSecond" | "targetUtilisation"
  >;
  /** What the costs leave out. */
  readonly notIncluded: readonly string[];
}

/** What the application has to do. */
export interface ApplicationLoad extends Traffic {
  /** In its busiest second. */
  readonly peakRequestsPerSecond: number;
  readonly peakMegabitsPerSecond: number;
  /** Size that its Auto Scaling group needs. */
  readonly instances: number;
  /** What decides it. */
  readonly limitedBy: "requests" | "bytes" | "minimum";
}

/** A month's costs. */
export interface Costs {
  readonly currency: "USD";
  readonly releasesPerMonth: number;
  /** What is free each month is taken off. */
  readonly freeTier: boolean;
  readonly before: Bill;
  readonly after: Bill;
  readonly verdict: Verdict;
}

/** One side of the costs. */
export interface Bill {
  /** Amounts to the cent. */
  readonly lines: readonly CostLine[];
  /** Of the lines that are known. */
  readonly total: number;
  /** Whether all lines are. */
  readonly isComplete: boolean;
}

/** Puts a rehearsal's results together. */
export function resultOf(
  environment: string,
  rehearsal: Rehearsal,
  distribution: Distribution,
  config: CostConfig,
): Result {
  const { plan, tally, requests, before, after } = rehearsal;
  const { instanceType, instanceRequestsPerSecond, instanceMegabitsPerSecond, targetUtilisation } =
    plan.origin;
  const bytes = Object.values(tally.geographies).reduce((sum, traffic) => sum + traffic.bytes, 0);
  const costsAt = (scale: number) => monthlyCosts(rehearsal, distribution, { ...config, scale });
  const costs = costsAt(1);
  const ofApplication = Object.values(distribution.origins).flatMap(({ id, kind }) =>
    kind === "custom" ? (tally.origins[id] ?? []) : [],
  );
  return {
    environment,
    plan: plan.name,
    seed: plan.seed,
    clients: plan.clients,
    viewers: { requests, bytes, outcomes: tally.viewers, ...ratiosOf(tally, bytes) },
    application: {
      before: { ...tally.direct, ...loadOf(before, rehearsal) },
      after: { ...sumOf(ofApplication), ...loadOf(after, rehearsal) },
    },
    origins: tally.origins,
    originShieldRequests: tally.shieldRequests,
    functionInvocations: tally.functionRuns,
    costs: {
      currency: "USD",
      releasesPerMonth: plan.releasesPerMonth,
      freeTier: config.freeTier,
      before: billOf(costs.before),
      after: billOf(costs.after),
      verdict: verdictOf(costsAt, requests === 0 ? 0 : tally.direct.bytes / requests),
    },
    instance: { instanceType, instanceRequestsPerSecond, instanceMegabitsPerSecond, targetUtilisation },
    notIncluded: notIncluded(distribution),
  };
}

function ratiosOf({ viewers, origins }: Tally, bytes: number) {
  const { hit, collapsed, stale, refreshed, miss, passed } = viewers;
  const fromEdge = hit.requests + collapsed.requests + stale.requests;
  const cached = fromEdge + refreshed.requests + miss.requests;
  const origin = sumOf(Object.values(origins));
  return {
    ...(cached > 0 && {
      edgeHitRatio: fromEdge / cached,
      hitRatio: 1 - (origin.requests - passed.requests) / cached,
    }),
    byteHitRatio: bytes === 0 ? 0 : 1 - origin.bytes / bytes,
  };
}

function loadOf(load: Load, { plan }: Rehearsal) {
  const minutes = load.intervals(60);
  const { instances, limitedBy } = groupFor(load, plan);
  return {
    peakRequestsPerSecond: Math.max(0, ...minutes.map(({ peakRequests }) => peakRequests)),
    peakMegabitsPerSecond: (Math.max(0, ...minutes.map(({ peakBytes }) => peakBytes)) * 8) / 1e6,
    instances,
    limitedBy,
  };
}

function sumOf(all: readonly Traffic[]): Traffic {
  return all.reduce(
    (sum, { requests, bytes }) => ({ requests: sum.requests + requests, bytes: sum.bytes + bytes }),
    {
      requests: 0,
      bytes: 0,
    },
  );
}

function billOf(lines: readonly CostLine[]): Bill {
  return {
    lines: lines.map((line) =>
      line.amount === undefined ? line : { ...line, amount: toCents(line.amount) },
    ),
    total: totalOf(lines),
    isComplete: lines.every(({ amount }) => amount !== undefined),
  };
}

function notIncluded({ webAcl, origins }: Distribution): string[] {
  return [
    "traffic besides the rehearsed releases, taxes, discounts, Savings Plans, flat-rate plans",
    "access logs and their storage, metrics and alarms, DNS",
    ...(webAcl === undefined ? [] : ["the rules of the web ACL, each a dollar a month"]),
    ...(Object.values(origins).some(({ kind }) => kind === "s3") ? ["storage in S3"] : []),
  ];
}
