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
