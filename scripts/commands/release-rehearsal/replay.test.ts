import { behaviourOf, distributionOf, originOf, policyOf } from "../../internal/cdn-model/fixture";
import { keptFor, planOf } from "./fixture";
import { rehearse } from "./rehearse";
import type { Tally } from "./tally";

/** How many requests had each outcome, those alone that any had. */
function outcomes({ viewers }: Tally): Record<string, number> {
  return Object.fromEntries(
    Object.entries(viewers).flatMap(([outcome, { requests }]) =>
      requests === 0 ? [] : [[outcome, requests]],
    ),
  );
}

/** What came of a plan. */
function tallyOf(plan: Parameters<typeof planOf>[0], distribution = keptFor(3600)) {
  return rehearse(planOf(plan), distribution).tally;
}

const WORLD = [
  { geography: "europe", share: 0.5, edgeLocations: 3, regionalCaches: ["eu-west-1", "eu-central-1"] },
  { geography: "japan", share: 0.5, edgeLocations: 2, regionalCaches: ["ap-northeast-1"] },
];

/** A release that a million clients load within three days. */
const RELEASE = {
  clients: 1_000_000,
  durationHours: 72,
  arrivals: { kind: "decay", halfLifeHours: 8 },
  viewers: WORLD,
  files: [{ path: "/updates/v1.2.3.zip", bytes: 200_000_000, share: 1 }],
};

describe("with 1 000 000 downloads of one 200 MB release", () => {
  test("the origin serves it once to Origin Shield while it is kept", () => {
    const { tally } = rehearse(planOf(RELEASE), keptFor(31_536_000, "eu-west-1"));
    expect(tally.direct).toEqual({ requests: 1_000_000, bytes: 200_000_000_000_000 });
    expect(tally.origins["alb"]).toEqual({ requests: 1, bytes: 200_000_000, notModified: 0 });
  });

  test("the origin serves it once to each regional cache without Origin Shield", () => {
    const { tally } = rehearse(planOf(RELEASE), keptFor(31_536_000));
    expect(tally.origins["alb"]).toEqual({ requests: 3, bytes: 600_000_000, notModified: 0 });
  });

  test("the origin is asked at most once by Origin Shield in each time to live", () => {
    const { tally } = rehearse(planOf(RELEASE), keptFor(3600, "eu-west-1"));
    const { requests = 0, bytes, notModified } = tally.origins["alb"] ?? {};
    expect(requests).toBeLessThanOrEqual(72);
    expect(requests).toBeGreaterThan(60);
    expect({ bytes, notModified }).toEqual({ bytes: 200_000_000, notModified: requests - 1 });
  });
});

describe("what viewers get", () => {
  test("each edge misses once, while the answer is fresh", () => {
    expect(outcomes(tallyOf({ durationHours: 0.5 }))).toMatchObject({ miss: 2 });
  });

  test("requests that come while it is fetched wait for it", () => {
    const plan = { durationHours: 1 / 3600, viewers: [{ ...WORLD[1], share: 1, edgeLocations: 1 }] };
    const {
      collapsed = 0,
      miss,
      hit = 0,
    } = outcomes(tallyOf({ ...plan, origin: { region: "eu-west-1", latencyMilliseconds: 500 } }));
    expect(miss).toBe(1);
    expect(collapsed).toBeGreaterThan(300);
    expect(collapsed + hit).toBe(999);
  });

  test("they do not where cookies are forwarded", () => {
    const cachePolicy = policyOf({ cookies: { kind: "all", names: [] } });
    const distribution = distributionOf([behaviourOf({ cachePolicy })]);
    const plan = {
      durationHours: 1 / 3600,
      viewers: [{ ...WORLD[1], share: 1, edgeLocations: 1 }],
      origin: { region: "eu-west-1", latencyMilliseconds: 500 },
    };
    const { collapsed, miss = 0 } = outcomes(tallyOf(plan, distribution));
    expect(collapsed).toBeUndefined();
    expect(miss).toBeGreaterThan(300);
  });

  test("an expired answer is asked for anew, and confirmed", () => {
    const tally = tallyOf({ durationHours: 10 });
    const { refreshed = 0 } = outcomes(tally);
    expect(refreshed).toBeGreaterThan(10);
    expect(tally.origins["alb"]).toEqual({ requests: 10, bytes: 1_000_000, notModified: 9 });
  });

  test("an origin that confirms nothing sends it all again", () => {
    const tally = tallyOf({ durationHours: 10, origin: { region: "eu-west-1", answersNotModified: false } });
    expect(tally.origins["alb"]).toEqual({ requests: 10, bytes: 10_000_000, notModified: 0 });
  });

  test("stale-while-revalidate has viewers served at once", () => {
    const headers = { "Cache-Control": "max-age=60, stale-while-revalidate=600" };
    const tally = tallyOf({ files: [{ path: "/a", bytes: 10, share: 1, headers }] });
    const { stale = 0, refreshed } = outcomes(tally);
    expect(stale).toBeGreaterThan(50);
    expect(refreshed).toBeUndefined();
  });

  test.each([
    { name: "no-store", headers: { "Cache-Control": "no-store" }, found: { miss: 1000 }, notModified: 0 },
    {
      name: "no-cache",
      headers: { "Cache-Control": "no-cache" },
      found: { miss: 2, refreshed: 998 },
      notModified: 999,
    },
  ])("$name has each request asked of the origin", ({ headers, found, notModified }) => {
    const files = [{ path: "/a", bytes: 10, share: 1, headers }];
    const tally = tallyOf({
      files,
      durationHours: 24,
      origin: { region: "eu-west-1", latencyMilliseconds: 0 },
    });
    expect(outcomes(tally)).toEqual(found);
    expect(tally.origins["alb"]).toMatchObject({ requests: 1000, notModified });
  });

  test("an error is kept for the time that is configured", () => {
    const distribution = keptFor(3600, undefined, { errorResponses: { 404: { minimumTtlSeconds: 60 } } });
    const tally = tallyOf({ files: [{ path: "/a", bytes: 10, share: 1, status: 404 }] }, distribution);
    const { requests = 0 } = tally.origins["alb"] ?? {};
    expect(requests).toBeGreaterThan(50);
    expect(requests).toBeLessThanOrEqual(60);
  });

  test("a date in Expires counts from when the answer comes", () => {
    const headers = { Expires: "Mon, 05 Jan 2026 09:30:00 GMT" };
    const tally = tallyOf({ files: [{ path: "/a", bytes: 10, share: 1, headers }] });
    const { requests = 0 } = tally.origins["alb"] ?? {};
    // Once before that date, and after it each time anew.
    expect(requests).toBeGreaterThan(400);
    expect(requests).toBeLessThan(600);
  });

  test("what is not cached is passed, what is refused is not", () => {
    const distribution = distributionOf(
      [
        behaviourOf({ pathPattern: "/private/*", trustedKeyGroups: ["keys"] }),
        behaviourOf({ cachePolicy: policyOf({ defaultTtlSeconds: 0, maximumTtlSeconds: 0 }) }),
      ],
      { origins: { alb: originOf({ shieldRegion: "eu-west-1" }) } },
    );
    const files = ["/private/a", "/b"].map((path) => ({ path, bytes: 10, share: 1 }));
    const tally = tallyOf({ files }, distribution);
    expect(outcomes(tally)).toEqual({ passed: 1000, edge: 1000 });
    expect(tally.origins["alb"]?.requests).toBe(1000);
    // Dynamic requests pay Origin Shield wherever they come from.
    expect(tally.shieldRequests).toEqual({ "eu-west-1": 1000 });
  });
});

describe("layers", () => {
  test("Origin Shield is a layer more for the regions that are not its own", () => {
    const { tally } = rehearse(planOf({ viewers: WORLD, durationHours: 0.5 }), keptFor(3600, "eu-west-1"));
    // Of three regional caches two ask it, one is it.
    expect(tally.shieldRequests).toEqual({ "eu-west-1": 2 });
    expect(tally.origins["alb"]?.requests).toBe(1);
  });

  test("a bucket in the region of the regional cache is asked by the edges themselves", () => {
    const bucket = originOf({ id: "files", kind: "s3" });
    const distribution = distributionOf([behaviourOf({ targetId: "files" })], { origins: { files: bucket } });
    const viewers = [{ ...WORLD[0], share: 1, edgeLocations: 4 }];
    const { tally, after } = rehearse(planOf({ viewers, durationHours: 0.5 }), distribution);
    // Two edges of eu-west-1, and the regional cache of the two of eu-central-1.
    expect(tally.origins["files"]?.requests).toBe(3);
    expect(after.intervals(3600)[0]?.requests).toBe(0);
  });
});

describe("keys", () => {
  test("variants that the key tells apart are fetched apart", () => {
    const files = [
      { path: "/a", bytes: 10, share: 1, variants: [{ query: "os={n}", distinct: 3, share: 1 }] },
    ];
    const plan = { files, durationHours: 0.5, viewers: [{ ...WORLD[1], share: 1 }] };
    const byOs = policyOf({ queryStrings: { kind: "whitelist", names: ["os"] } });
    expect(tallyOf(plan, distributionOf([behaviourOf({ cachePolicy: byOs })])).origins["alb"]?.requests).toBe(
      3,
    );
    expect(tallyOf(plan, distributionOf([behaviourOf()])).origins["alb"]?.requests).toBe(1);
  });

  test("an invalidation has an object fetched again, whole, and no other", () => {
    const files = ["/a", "/b"].map((path) => ({ path, bytes: 10, share: 1 }));
    const tally = tallyOf({ files, durationHours: 0.5, invalidations: [{ atHours: 0.25, paths: ["/a*"] }] });
    expect(tally.origins["alb"]).toEqual({ requests: 3, bytes: 30, notModified: 0 });
  });

  test("texts that CloudFront compresses go out smaller", () => {
    const behaviour = behaviourOf({ compress: true, cachePolicy: policyOf({ gzip: true }) });
    const variants = [{ headers: { "Accept-Encoding": "gzip" }, share: 1 }];
    const headers = { "Content-Type": "application/json" };
    const files = [{ path: "/a", bytes: 5000, compressedBytes: 1000, share: 1, headers, variants }];
    const tally = tallyOf({ files, durationHours: 0.5 }, distributionOf([behaviour]));
    expect(tally.geographies["europe"]?.bytes).toBe(1_000_000);
    expect(tally.direct.bytes).toBe(5_000_000);
    expect(tally.origins["alb"]?.bytes).toBe(5000);
  });
});

describe("ranges", () => {
  const chunked = { path: "/a", bytes: 10_000, share: 1, chunks: { bytes: 3000, parallel: 2 } };

  test("chunks are fetched one by one, each once", () => {
    const tally = tallyOf({ files: [chunked], durationHours: 0.5, clients: 100 });
    expect(tally.direct).toEqual({ requests: 400, bytes: 1_000_000 });
    expect(tally.origins["alb"]).toEqual({ requests: 4, bytes: 10_000, notModified: 0 });
  });

  test("an origin that answers no ranges sends the whole once, which serves all chunks", () => {
    const origin = { region: "eu-west-1", answersRanges: false };
    const tally = tallyOf({ files: [chunked], durationHours: 0.5, clients: 100, origin });
    expect(tally.origins["alb"]).toEqual({ requests: 1, bytes: 10_000, notModified: 0 });
  });

  test("what breaks off is gone on with", () => {
    const interruptions = { share: 1, retry: "resume", afterSeconds: 10 };
    const tally = tallyOf({ durationHours: 0.5, interruptions });
    expect(tally.direct).toEqual({ requests: 2000, bytes: 1_000_000_000 });
    expect(tally.origins["alb"]?.bytes).toBeLessThanOrEqual(10 * 1_000_000);
  });

  test("or loaded anew, which sends more", () => {
    const interruptions = { share: 1, retry: "restart", afterSeconds: 10 };
    const { direct } = tallyOf({ durationHours: 0.5, interruptions });
    expect(direct.requests).toBe(2000);
    expect(direct.bytes).toBeGreaterThan(1_400_000_000);
  });

  test("an edge does not keep what its viewer did not wait for", () => {
    const interruptions = { share: 1, retry: "restart", afterSeconds: 1000 };
    const plan = {
      clients: 50,
      durationHours: 1 / 60,
      viewers: [{ ...WORLD[1], share: 1, edgeLocations: 1 }],
      interruptions,
    };
    const found = outcomes(tallyOf(plan));
    expect(found).toMatchObject({ miss: 51 });
    expect(found["hit"]).toBe(49);
  });
});

test("requests and functions are counted for the bill", () => {
  const code = "function handler(event) { return event.request; }";
  const behaviour = behaviourOf({ viewerRequest: { name: "normalise", code } });
  const tally = tallyOf({ viewers: WORLD }, distributionOf([behaviour]));
  expect(tally.functionRuns).toBe(1000);
  const { europe, japan } = tally.geographies;
  expect((europe?.requests ?? 0) + (japan?.requests ?? 0)).toBe(1000);
  expect(europe?.bytes).toBe((europe?.requests ?? 0) * 1_000_000);
});
