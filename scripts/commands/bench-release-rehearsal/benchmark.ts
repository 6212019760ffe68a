import { join, resolve } from "node:path";
import { CommandError } from "../../internal/cli";
import { median } from "../../internal/median";
import { readDistribution } from "../../internal/synthesised-distribution";
import { arrivalCurve } from "../release-rehearsal/arrivals";
import { type Plan, parsePlan } from "../release-rehearsal/plan";
import { randomOf } from "../release-rehearsal/random";
import { draw, rehearse } from "../release-rehearsal/rehearse";
import type { Tally } from "../release-rehearsal/tally";
import { rehearseNaively } from "./naive";

const ROOT = resolve(__dirname, "../../..");
const STACK = join(ROOT, "envs", "testdata", "envs-prod.json");

/** One way to rehearse. */
export interface Row {
  readonly name: string;
  readonly requests: number;
  readonly milliseconds: number;
  readonly requestsPerSecond: number;
  /** Of its time, against the loop that only draws when clients come. */
  readonly ratio: number;
}

/**
 * Rehearses one release in three ways, in turn.
 *
 * @param runs of each; the median counts
 * @param requests how many, of as many clients
 * @throws CommandError when two rehearsals do not find the same
 */
export function benchmark(runs: number, requests: number): Row[] {
  const distribution = readDistribution(STACK, STACK);
  const plan = planFor(requests);
  const tallies: Tally[] = [];
  const ways: readonly { readonly name: string; readonly run: () => number }[] = [
    { name: "only drawing when clients come", run: () => drawAlone(plan) },
    {
      name: "scripts/release-rehearsal",
      run: () => {
        const { tally, requests: made } = rehearse(plan, distribution);
        tallies[0] = tally;
        return made;
      },
    },
    {
      name: "naive, an object for each request",
      run: () => {
        const drawn = draw(plan, distribution);
        tallies[1] = rehearseNaively(plan, drawn).tally;
        return drawn.schedule.count;
      },
    },
  ];
  const taken = ways.map(() => ({ requests: 0, milliseconds: [] as number[] }));
  // One of each in turn: what else the machine does falls on all alike. The first round warms up.
  for (let run = 0; run <= runs; run++) {
    for (const [index, way] of ways.entries()) {
      const start = performance.now();
      const made = way.run();
      const milliseconds = performance.now() - start;
      const of = taken[index] as (typeof taken)[number];
      of.requests = made;
      if (run > 0) of.milliseconds.push(milliseconds);
    }
    checkSame(tallies);
  }
  const least = median(taken[0]?.milliseconds ?? []);
  return ways.map(({ name }, index) => {
    const { requests: made, milliseconds } = taken[index] as (typeof taken)[number];
    const middle = median(milliseconds);
    return {
      name,
      requests: made,
      milliseconds: Math.round(middle),
      requestsPerSecond: Math.round((made / middle) * 1000),
      ratio: Number((middle / least).toFixed(1)),
    };
  });
}

/** One request of each client, to 60 edge locations. */
function planFor(clients: number): Plan {
  const viewers = ["europe", "north-america", "asia-pacific"].map((geography, index) => ({
    geography,
    share: [0.5, 0.3, 0.2][index],
    edgeLocations: 20,
    regionalCaches: [["eu-west-1", "eu-central-1"], ["us-east-1", "us-west-2"], ["ap-southeast-1"]][index],
  }));
  const plan = {
    clients,
    durationHours: 72,
    arrivals: { kind: "decay", halfLifeHours: 8 },
    viewers,
    files: [{ path: "/updates/v1.2.3.zip", bytes: 200_000_000, share: 1 }],
    classes: [{ pathPattern: "/updates/*", headers: { "Cache-Control": "max-age=3600" } }],
    origin: { region: "eu-west-1" },
  };
  return parsePlan(JSON.stringify(plan), "the benchmark's plan");
}

function drawAlone(plan: Plan): number {
  const random = randomOf(plan.seed);
  const curve = arrivalCurve(plan);
  let sum = 0;
  for (let client = 0; client < plan.clients; client++) sum += curve.draw(random);
  if (!(sum > 0)) throw new Error("nobody came");
  return plan.clients;
}

/** A rehearsal that is fast and wrong must not win. */
function checkSame([fast, naive]: readonly Tally[]): void {
  if (
    fast?.origins["alb"]?.requests === naive?.origins["alb"]?.requests &&
    fast?.viewers.hit.requests === naive?.viewers.hit.requests
  )
    return;
  throw new CommandError("the rehearsals", "do not find the same");
}
