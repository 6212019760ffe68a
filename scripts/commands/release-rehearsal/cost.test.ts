import { originOf } from "../../internal/cdn-model/fixture";
import { loadPrices, PriceBook } from "../../internal/prices";
import { monthlyCosts } from "./cost";
import { toCents, totalOf } from "./cost-lines";
import { keptFor, planOf } from "./fixture";
import { Load } from "./load";
import type { Rehearsal } from "./rehearse";
import { emptyTally } from "./tally";
import { verdictOf } from "./verdict";

const GIGABYTE = 2 ** 30;
const prices = loadPrices();

/** A rehearsal of 1 000 000 requests for 12 288 GB in Europe, as it is changed. */
function rehearsalOf(plan: object = {}, { gigabytes = 12_288, geography = "europe" } = {}): Rehearsal {
  const [before, after] = [new Load(3600), new Load(3600)];
  before.add(0, { seconds: 3600, bytesPerSecond: (5 * GIGABYTE) / 3600 }, true);
  const bytes = gigabytes * GIGABYTE;
  const tally = {
    ...emptyTally(),
    geographies: { [geography]: { requests: 1_000_000, bytes } },
    direct: { requests: 1_000_000, bytes },
    origins: { alb: { requests: 2, bytes: 2 * GIGABYTE, notModified: 1 } },
    shieldRequests: { "eu-west-1": 20_000 },
    functionRuns: 1_000_000,
  };
  const invalidations = [{ atHours: 0, paths: ["/a", "/b", "/c*"] }];
  return {
    plan: planOf({ invalidations, ...plan }),
    tally,
    before,
    after,
    requests: 1_000_000,
  } as unknown as Rehearsal;
}

/** Amounts by what they are for, to the cent. */
function amountsOf(lines: ReturnType<typeof monthlyCosts>["before"]) {
  return Object.fromEntries(
    lines.map(({ what, amount }) => [what, amount === undefined ? undefined : toCents(amount)]),
  );
}

describe("a month's costs, to the cent", () => {
  const distribution = keptFor(60, "eu-west-1");

  test("without CloudFront", () => {
    const { before } = monthlyCosts(rehearsalOf(), distribution, { prices, freeTier: false });
    expect(amountsOf(before)).toEqual({
      // 10 240 GB at 0.09 and 2048 at 0.085
      "EC2: data transfer to viewers": 1095.68,
      // 730 hours at 0.0252
      "Load balancer: hours": 18.4,
      // 5 GB in one hour: 5 LCU-hours at 0.008
      "Load balancer: capacity units": 0.04,
      // 2 of 730 hours at 0.091
      "EC2: m7g.large instances": 132.86,
    });
    expect(totalOf(before)).toBe(1246.98);
  });

  test("with it", () => {
    const { after } = monthlyCosts(rehearsalOf(), distribution, { prices, freeTier: false });
    expect(amountsOf(after)).toEqual({
      // 10 240 GB at 0.085 and 2048 at 0.08
      "CloudFront: data transfer to viewers, europe": 1034.24,
      "Data transfer from AWS to CloudFront": 0,
      // 100 times 10 000 at 0.012
      "CloudFront: HTTPS requests, europe": 1.2,
      // twice 10 000 at 0.009
      "CloudFront: Origin Shield requests, eu-west-1": 0.02,
      "CloudFront: function invocations": 0.1,
      // 3 at 0.005, the half rounded up
      "CloudFront: invalidation paths": 0.02,
      "Load balancer: hours": 18.4,
      "Load balancer: capacity units": 0,
      "EC2: m7g.large instances": 132.86,
    });
    expect(totalOf(after)).toBe(1186.84);
  });

  test("several releases reach the cheaper tiers together", () => {
    const { before, after } = monthlyCosts(rehearsalOf({ releasesPerMonth: 10 }), distribution, {
      prices,
      freeTier: false,
    });
    // 122 880 GB: 10 240 at 0.09, 40 960 at 0.085, 71 680 at 0.07; 0.085, 0.08 and 0.06
    expect(amountsOf(before)["EC2: data transfer to viewers"]).toBe(9420.8);
    expect(amountsOf(after)["CloudFront: data transfer to viewers, europe"]).toBe(8448);
    expect(amountsOf(after)["CloudFront: HTTPS requests, europe"]).toBe(12);
    expect(amountsOf(after)["Load balancer: hours"]).toBe(18.4);
  });

  test("what is free each month is taken off when asked for", () => {
    const { before, after } = monthlyCosts(rehearsalOf(), distribution, { prices, freeTier: true });
    // Without 100 GB; without 1024 GB, 10 million requests, 2 million runs, 1000 paths
    expect(amountsOf(before)["EC2: data transfer to viewers"]).toBe(1087.18);
    expect(amountsOf(after)).toMatchObject({
      "CloudFront: data transfer to viewers, europe": 952.32,
      "CloudFront: HTTPS requests, europe": 0,
      "CloudFront: function invocations": 0,
      "CloudFront: invalidation paths": 0,
      "CloudFront: Origin Shield requests, eu-west-1": 0.02,
    });
  });

  test("a web ACL is charged by request", () => {
    const { after } = monthlyCosts(
      rehearsalOf(),
      { ...distribution, webAcl: "acl" },
      { prices, freeTier: false },
    );
    expect(amountsOf(after)).toMatchObject({ "WAF: web ACL, without its rules": 5, "WAF: requests": 0.6 });
  });

  test("with buckets alone there is no application to pay, but requests to S3", () => {
    const origins = { files: originOf({ id: "files", kind: "s3" }) };
    const rehearsal = rehearsalOf();
    Object.assign(rehearsal.tally.origins, { files: { requests: 5_000_000, bytes: 0, notModified: 0 } });
    const { after } = monthlyCosts(rehearsal, { ...distribution, origins }, { prices, freeTier: false });
    const amounts = amountsOf(after);
    expect(amounts["S3: GET requests of CloudFront"]).toBe(2);
    expect(Object.keys(amounts).filter((what) => /^(EC2|Load balancer)/.test(what))).toEqual([]);
  });
});

describe("what is not known is called so, never counted as nothing", () => {
  const config = { prices, freeTier: false };

  test("a region that no source gave", () => {
    const rehearsal = rehearsalOf({ origin: { region: "ap-south-2", instanceType: "m7g.large" } });
    const { before } = monthlyCosts(rehearsal, keptFor(60), config);
    expect(before[0]).toMatchObject({
      what: "EC2: data transfer to viewers",
      unknown: "no price of ec2 transfer-out in ap-south-2 is known",
    });
    expect(before[0]).not.toHaveProperty("amount");
  });

  test("a tier that no source gave", () => {
    const rehearsal = rehearsalOf({ origin: { region: "us-east-1" }, releasesPerMonth: 20 });
    const { before } = monthlyCosts(rehearsal, keptFor(60), config);
    expect(before[0]?.unknown).toBe("no price of ec2 transfer-out in us-east-1 above 153600 GB is known");
  });

  test("then nothing says which is cheaper, but what is known is compared", () => {
    const rehearsal = rehearsalOf({ origin: { region: "ap-south-2", instanceType: "m7g.large" } });
    const verdict = verdictOf((scale) => monthlyCosts(rehearsal, keptFor(60), { ...config, scale }), 1000);
    expect(verdict).toEqual({ differences: [{ kind: "requests", amount: expect.closeTo(1.333, 6) }] });
  });

  test("without any price, every line", () => {
    const { before, after } = monthlyCosts(rehearsalOf(), keptFor(60), {
      prices: new PriceBook([], []),
      freeTier: true,
    });
    expect([...before, ...after].filter(({ unknown }) => unknown === undefined)).toEqual([]);
    expect(totalOf(after)).toBe(0);
  });
});

describe("which is cheaper", () => {
  /** Of requests for objects of that size, in that part of the world. */
  function verdict(bytesPerRequest: number, geography = "europe") {
    const gigabytes = (bytesPerRequest * 1_000_000) / GIGABYTE;
    const rehearsal = rehearsalOf({ invalidations: [] }, { gigabytes, geography });
    Object.assign(rehearsal.tally, { shieldRequests: {}, functionRuns: 0 });
    Object.assign(rehearsal, { before: new Load(60) });
    const costsAt = (scale: number) =>
      monthlyCosts(rehearsal, keptFor(60), { prices, freeTier: false, scale });
    return verdictOf(costsAt, bytesPerRequest);
  }

  // A request costs 0.0000012, a GB 0.005 less: what a request costs is saved by 0.0000012 / 0.005 GB.
  const BREAK_EVEN = (0.000_001_2 / 0.005) * GIGABYTE;

  test("tiny objects cost more with CloudFront, by their requests", () => {
    const { difference, differences, breakEven } = verdict(1000);
    expect(difference).toBeCloseTo(1.2 - (1e9 / GIGABYTE) * 0.005, 6);
    expect(differences[0]).toEqual({ kind: "requests", amount: expect.closeTo(1.2, 6) });
    expect(breakEven).toEqual({ bytesPerRequest: expect.closeTo(BREAK_EVEN, 0), cheaperWhen: "larger" });
  });

  test("large ones cost less, down to the same size", () => {
    const { difference, breakEven } = verdict(2_000_000);
    expect(difference).toBeLessThan(0);
    expect(breakEven).toEqual({ bytesPerRequest: expect.closeTo(BREAK_EVEN, 0), cheaperWhen: "larger" });
  });

  test("where a GB costs more than from EC2, no size makes up for it before the cheaper tiers", () => {
    const { difference, breakEven } = verdict(100_000, "asia-pacific");
    expect(difference).toBeGreaterThan(0);
    expect(breakEven).toBeUndefined();
  });
});
