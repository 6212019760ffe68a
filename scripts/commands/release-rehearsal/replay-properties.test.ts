import fc from "fast-check";
import type { Distribution } from "../../internal/cdn-model";
import { behaviourOf, distributionOf, originOf, policyOf } from "../../internal/cdn-model/fixture";
import { rehearseNaively } from "../bench-release-rehearsal/naive";
import { planOf } from "./fixture";
import type { Plan } from "./plan";
import { draw, rehearse } from "./rehearse";
import type { Tally, Traffic } from "./tally";

const REGIONS = ["eu-west-1", "eu-central-1", "us-east-1"];

/** Answers of an origin that the model keeps in different ways. */
const cacheControl = fc.constantFrom(
  undefined,
  "max-age=60",
  "max-age=600",
  "max-age=30, stale-while-revalidate=120",
  "no-store",
  "no-cache",
  "max-age=0",
);

const files = fc.array(
  fc.record({
    bytes: fc.integer({ min: 0, max: 50_000 }),
    share: fc.constantFrom(1, 0.5),
    afterSeconds: fc.integer({ min: 0, max: 100 }),
    status: fc.constantFrom(200, 200, 200, 404),
    cacheControl,
    chunks: fc.option(
      fc.record({ bytes: fc.integer({ min: 8000, max: 20_000 }), parallel: fc.integer({ min: 1, max: 3 }) }),
      { nil: undefined },
    ),
    distinct: fc.integer({ min: 1, max: 3 }),
    repeat: fc.option(
      fc.record({ times: fc.integer({ min: 1, max: 3 }), everySeconds: fc.integer({ min: 1, max: 400 }) }),
      { nil: undefined },
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Small plans of all kinds. */
const plans = fc
  .record({
    seed: fc.integer({ min: 0, max: 1000 }),
    clients: fc.integer({ min: 1, max: 80 }),
    durationHours: fc.constantFrom(0.001, 0.1, 0.5),
    files,
    edges: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    interruptions: fc.record({
      share: fc.constantFrom(0, 0.3, 1),
      retry: fc.constantFrom("resume", "restart"),
      afterSeconds: fc.integer({ min: 0, max: 60 }),
    }),
    latencyMilliseconds: fc.constantFrom(0, 100, 20_000),
    answersRanges: fc.boolean(),
    answersNotModified: fc.boolean(),
    invalidated: fc.boolean(),
  })
  .map((drawn) =>
    planOf({
      seed: drawn.seed,
      clients: drawn.clients,
      durationHours: drawn.durationHours,
      viewerMegabitsPerSecond: 0.05,
      responseHeaderBytes: 7,
      viewers: [
        {
          geography: "europe",
          share: 0.5,
          edgeLocations: drawn.edges[0],
          regionalCaches: REGIONS.slice(0, 2),
        },
        {
          geography: "north-america",
          share: 0.5,
          edgeLocations: drawn.edges[1],
          regionalCaches: REGIONS.slice(2),
        },
      ],
      files: drawn.files.map(({ cacheControl: control, distinct, ...file }, index) => ({
        ...file,
        path: `/${index}`,
        headers: control === undefined ? {} : { "Cache-Control": control },
        variants: [{ query: "os={n}", distinct, share: 1 }],
      })),
      interruptions: drawn.interruptions,
      invalidations: drawn.invalidated ? [{ atHours: drawn.durationHours / 2, paths: ["/0*"] }] : [],
      origin: {
        region: "eu-west-1",
        latencyMilliseconds: drawn.latencyMilliseconds,
        answersRanges: drawn.answersRanges,
        answersNotModified: drawn.answersNotModified,
      },
    }),
  );

/** Distributions of all kinds. */
const distributions = fc
  .record({
    ttl: fc.constantFrom(5, 60, 3600),
    shieldRegion: fc.constantFrom(undefined, "eu-west-1", "us-west-2"),
    kind: fc.constantFrom("custom" as const, "s3" as const),
    cookies: fc.boolean(),
    byQuery: fc.boolean(),
  })
  .map(({ ttl, shieldRegion, kind, cookies, byQuery }) =>
    distributionFor(ttl, {
      origins: { alb: originOf({ kind, ...(shieldRegion !== undefined && { shieldRegion }) }) },
      behaviours: [
        behaviourOf({
          cachePolicy: policyOf({
            defaultTtlSeconds: ttl,
            cookies: { kind: cookies ? "all" : "none", names: [] },
            queryStrings: { kind: byQuery ? "all" : "none", names: [] },
          }),
        }),
      ],
    }),
  );

function distributionFor(ttl: number, changes: Partial<Distribution>): Distribution {
  const cachePolicy = policyOf({ defaultTtlSeconds: ttl });
  return distributionOf([behaviourOf({ cachePolicy })], changes);
}

/** Files without a word of the origin's, so that the distribution's time counts. */
function silent(plan: Plan): Plan {
  return { ...plan, files: plan.files.map((file) => ({ ...file, headers: {}, status: 200 })) };
}

/** A tally without what nobody asks. */
function asked({ geographies, origins, ...rest }: Tally) {
  const those = <T extends Traffic>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).filter(([, { requests }]) => requests > 0));
  return { ...rest, geographies: those(geographies), origins: those(origins) };
}

function originRequests({ origins }: Tally): number {
  return Object.values(origins).reduce((sum, { requests }) => sum + requests, 0);
}

test("the naive rehearsal finds the same", () => {
  fc.assert(
    fc.property(plans, distributions, (plan, distribution) => {
      const { tally } = rehearseNaively(plan, draw(plan, distribution));
      expect(asked(rehearse(plan, distribution).tally)).toEqual(asked(tally));
    }),
    { numRuns: 200 },
  );
});

test("nothing is lost: all that viewers get has one outcome and one geography", () => {
  fc.assert(
    fc.property(plans, distributions, (plan, distribution) => {
      const { tally, requests } = rehearse(plan, distribution);
      const sum = (all: readonly Traffic[]) =>
        all.reduce((of, one) => ({ requests: of.requests + one.requests, bytes: of.bytes + one.bytes }));
      expect(sum(Object.values(tally.viewers))).toEqual(sum(Object.values(tally.geographies)));
      expect(sum(Object.values(tally.viewers)).requests).toBe(requests);
      expect(tally.direct.requests).toBe(requests);
    }),
  );
});

test("the origin is asked no more often than viewers ask", () => {
  fc.assert(
    fc.property(plans, distributions, (plan, distribution) => {
      const { tally, requests } = rehearse(plan, distribution);
      expect(originRequests(tally)).toBeLessThanOrEqual(requests);
    }),
  );
});

test("the longer an answer is kept, the less the origin is asked", () => {
  const seconds = fc.integer({ min: 1, max: 2000 });
  fc.assert(
    fc.property(plans, seconds, seconds, fc.boolean(), (plan, a, b, shielded) => {
      // One file, whole: where ranges overlap, what is fetched for one decides what another still lacks.
      const [file] = silent(plan).files;
      const whole = { ...file, chunks: undefined } as Plan["files"][number];
      const single: Plan = {
        ...plan,
        files: [whole],
        interruptions: { ...plan.interruptions, share: 0 },
        invalidations: [],
      };
      const origins = { alb: originOf(shielded ? { shieldRegion: "eu-west-1" } : {}) };
      const [short, long] = [Math.min(a, b), Math.max(a, b)].map((ttl) =>
        originRequests(rehearse(single, distributionFor(ttl, { origins })).tally),
      ) as [number, number];
      expect(long).toBeLessThanOrEqual(short);
    }),
    { numRuns: 200 },
  );
});

test("each cache asks the origin for an object at most once in its time to live", () => {
  fc.assert(
    fc.property(plans, fc.constantFrom(undefined, "eu-west-1"), (plan, shieldRegion) => {
      const origins = { alb: originOf(shieldRegion === undefined ? {} : { shieldRegion }) };
      const quiet: Plan = { ...silent(plan), invalidations: [] };
      const drawn = draw(quiet, distributionFor(60, { origins }));
      const last = new Map<string, number>();
      for (const { time, cache, object, ttlMilliseconds } of rehearseNaively(quiet, drawn).originRequests) {
        const before = last.get(`${cache} ${object}`);
        if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(ttlMilliseconds);
        last.set(`${cache} ${object}`, time);
      }
    }),
  );
});

test("the same plan gives the same figures, another seed others", () => {
  fc.assert(
    fc.property(plans, distributions, (plan, distribution) => {
      const figures = () => {
        const { tally, before, after } = rehearse(plan, distribution);
        return { tally, before: before.intervals(1), after: after.intervals(1) };
      };
      expect(figures()).toEqual(figures());
    }),
    { numRuns: 30 },
  );
  const [one, other] = [1, 2].map((seed) => draw(planOf({ seed }), distributionFor(60, {})).schedule.times);
  expect(one).not.toEqual(other);
});
