import { monthlyCost } from ".";
import { amountsOf, resourceOf, trafficOfPart } from "./fixture";

describe("what is there and what is used", () => {
  test("a NAT gateway costs its hours and its data", () => {
    const report = monthlyCost(
      [resourceOf("aws_nat_gateway")],
      trafficOfPart({ processedGigabytes: 100 }),
      "eu-west-1",
    );
    // 730 hours at 0.048, 100 GB at 0.048
    expect(amountsOf(report)).toEqual({ "NAT gateway, hours": 35.04, "NAT gateway, data": 4.8 });
    expect(report).toMatchObject({ currency: "USD", pricesOf: "2025-10-28", unpriced: [] });
    expect(report.fixed).toBeCloseTo(35.04, 9);
    expect(report.monthly).toBeCloseTo(39.84, 9);
  });

  test("several share what is assumed for their module", () => {
    const nats = ["a", "b"].map((name) => resourceOf("aws_nat_gateway", {}, { name }));
    const report = monthlyCost(nats, trafficOfPart({ processedGigabytes: 100 }), "eu-west-1");
    expect(report.monthly).toBeCloseTo(2 * 35.04 + 4.8, 9);
    expect(report.modules[0]?.lines.map(({ quantity }) => quantity)).toEqual([50, 730, 50, 730]);
  });
});

describe("what is not known is named, never counted as nothing", () => {
  test.each([
    {
      name: "a region that no source gave",
      type: "aws_nat_gateway",
      region: "ap-south-2",
      why: "no source gave a price of vpc nat-gateway in ap-south-2",
    },
    {
      name: "a type that nobody thought of",
      type: "aws_eks_cluster",
      region: "eu-west-1",
      why: "scripts/internal/cost knows no such type",
    },
  ])("$name", ({ type, region, why }) => {
    const report = monthlyCost([resourceOf(type)], trafficOfPart(), region);
    expect(report.unpriced).toContainEqual({ type, addresses: [`${type}.it`], modules: ["part"], why });
    expect(report).toMatchObject({ monthly: 0, pricesOf: "" });
  });

  test("traffic that nothing is assumed of leaves the rest priced", () => {
    const report = monthlyCost([resourceOf("aws_nat_gateway")], trafficOfPart(), "eu-west-1");
    expect(amountsOf(report)).toEqual({ "NAT gateway, hours": 35.04 });
    expect(report.unpriced[0]?.why).toBe("nothing is assumed of its traffic (processedGigabytes)");
  });
});

describe("quantities of the whole account are priced together", () => {
  const buckets = ["eu-west-1", "us-east-1"].map((region) => ({
    ...resourceOf("aws_s3_bucket", {}, { name: region }),
    region,
  }));
  const traffic = trafficOfPart({
    storedGigabytes: 0,
    putRequests: 0,
    getRequests: 0,
    transferGigabytes: 100,
  });

  test("what is free each month is free once, whatever the region", () => {
    const { monthly } = monthlyCost(buckets, traffic, "eu-west-1", { freeTier: true });
    // Of 200 GB, 100 cost nothing; 0.09 in either region
    expect(monthly).toBeCloseTo(100 * 0.09, 9);
    expect(monthlyCost(buckets, traffic, "eu-west-1").monthly).toBeCloseTo(200 * 0.09, 9);
  });

  test("each bears its share of what tiers make of all", () => {
    const many = trafficOfPart({ activeUsers: 60_000 });
    const pools = ["a", "b"].map((name) =>
      resourceOf("aws_cognito_user_pool", { user_pool_tier: "LITE" }, { name, path: `${name}/pool` }),
    );
    const parts = { a: many.parts["part"] ?? {}, b: { activeUsers: 30_000 } };
    const { modules } = monthlyCost(pools, { ...many, parts }, "eu-west-1");
    // 50 000 at 0.0055 and 40 000 at 0.0046 make 459: two thirds, one third
    expect(modules.map(({ module, monthly }) => [module, Math.round(monthly * 100) / 100])).toEqual([
      ["a", 306],
      ["b", 153],
    ]);
  });
});
