import fc from "fast-check";
import invalidation from "../../commands/invalidate/price.json";
import { amountOf, loadPrices, type Price, PriceBook, parsePriceFile, type Tier } from ".";

const SOURCE = { date: "2026-01-31", url: "https://example.com/prices", what: "an example" };

/** A price with these tiers. */
function priceOf(tiers: readonly [Tier, ...Tier[]], per = 1): Price {
  return {
    service: "example",
    item: "thing",
    region: "global",
    currency: "USD",
    unit: "thing",
    per,
    tiers,
    source: SOURCE,
  };
}

/** The text of a file with one price, as it is changed. */
function fileOf(price: object, rest: object = {}): string {
  return JSON.stringify({
    service: "example",
    currency: "USD",
    sources: { page: SOURCE },
    prices: [{ item: "thing", region: "global", unit: "thing", source: "page", price: 1, ...price }],
    allowances: [],
    ...rest,
  });
}

describe("what a quantity costs", () => {
  const tiers = [{ upTo: 10, price: 3 }, { upTo: 50, price: 2 }, { price: 1 }] as const;

  test.each([
    { name: "nothing", quantity: 0, amount: 0 },
    { name: "a part of the first tier", quantity: 4, amount: 12 },
    { name: "the first tier", quantity: 10, amount: 30 },
    { name: "more than the first tier", quantity: 11, amount: 32 },
    { name: "two tiers", quantity: 50, amount: 110 },
    { name: "all tiers", quantity: 60, amount: 120 },
  ])("$name", ({ quantity, amount }) => {
    expect(amountOf(priceOf(tiers), quantity)).toBe(amount);
  });

  test("a price may be for several units", () => {
    expect(amountOf(priceOf([{ price: 0.012 }], 10_000), 25_000)).toBeCloseTo(0.03, 12);
  });

  test("it is not known where no tier is", () => {
    const known = priceOf([{ upTo: 10, price: 3 }]);
    expect(amountOf(known, 10)).toBe(30);
    expect(amountOf(known, 10.5)).toBeUndefined();
  });

  test("more never costs less, and one bill never costs more than the same split over two", () => {
    const quantity = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(quantity, quantity, (a, b) => {
        const [one = 0, other = 0, both = 0] = [a, b, a + b].map((all) => amountOf(priceOf(tiers), all));
        expect(both).toBeGreaterThanOrEqual(Math.max(one, other));
        expect(both).toBeLessThanOrEqual(one + other);
      }),
    );
  });
});

describe("the prices of this package", () => {
  const prices = loadPrices();

  test("each has a source that is dated", () => {
    const price = prices.price("cloudfront", "transfer-out", "europe");
    expect(price?.source.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(price?.source.url).toMatch(/^https:/);
    expect(price).toMatchObject({ currency: "USD", unit: "GB", per: 1 });
  });

  test.each([
    { service: "cloudfront", item: "transfer-out", region: "europe", quantity: 60_000, amount: 4675.2 },
    { service: "cloudfront", item: "transfer-out", region: "japan", quantity: 1000, amount: 114 },
    {
      service: "cloudfront",
      item: "https-requests",
      region: "south-america",
      quantity: 10_000,
      amount: 0.022,
    },
    {
      service: "cloudfront",
      item: "origin-shield-requests",
      region: "eu-west-1",
      quantity: 1e6,
      amount: 0.9,
    },
    { service: "cloudfront", item: "invalidation-paths", region: "eu-west-1", quantity: 100, amount: 0.5 },
    { service: "ec2", item: "transfer-out", region: "eu-west-1", quantity: 200_000, amount: 13_891.2 },
    { service: "ec2", item: "m7g.large", region: "eu-central-1", quantity: 730, amount: 71.394 },
    { service: "elastic-load-balancing", item: "lcu", region: "us-east-1", quantity: 1000, amount: 8 },
  ])("$service $item in $region", ({ service, item, region, quantity, amount }) => {
    const price = prices.price(service, item, region);
    expect(price && amountOf(price, quantity)).toBeCloseTo(amount, 6);
  });

  test.each([
    ["ec2", "m7g.large", "ap-south-2"],
    ["elastic-load-balancing", "lcu", "eu-central-1"],
    ["cloudfront", "transfer-out", "global"],
  ])("what no source gave is not there: %s %s in %s", (service, item, region) => {
    expect(prices.price(service, item, region)).toBeUndefined();
  });

  test("invalidations cost what scripts/invalidate says", () => {
    const { perPath, freePathsPerMonth } = invalidation;
    expect(prices.price("cloudfront", "invalidation-paths", "global")?.tiers).toEqual([{ price: perPath }]);
    expect(prices.allowance("cloudfront", "invalidation-paths")?.quantity).toBe(freePathsPerMonth);
  });

  test("what is free each month is told apart", () => {
    expect(prices.allowance("cloudfront", "transfer-out")?.quantity).toBe(1024);
    expect(prices.allowance("ec2", "m7g.large")).toBeUndefined();
  });
});

describe("a file that is wrong is told by its name and the field", () => {
  test.each([
    { name: "a negative price", text: fileOf({ price: -1 }), message: "prices[0].price must be 0 or more" },
    {
      name: "a price in words",
      text: fileOf({ price: "1" }),
      message: "prices[0].price must be a number of 0 or more",
    },
    {
      name: "no price",
      text: fileOf({ price: undefined }),
      message: "prices[0] must have price or tiers, not both",
    },
    {
      name: "price and tiers",
      text: fileOf({ tiers: [{ price: 1 }] }),
      message: "prices[0] must have price or tiers, not both",
    },
    {
      name: "no tier",
      text: fileOf({ price: undefined, tiers: [] }),
      message: "prices[0].tiers must have a tier",
    },
    {
      name: "tiers out of order",
      text: fileOf({
        price: undefined,
        tiers: [
          { upTo: 9, price: 1 },
          { upTo: 9, price: 1 },
        ],
      }),
      message: "prices[0].tiers[1].upTo must be above the 9 of the tier before",
    },
    {
      name: "an endless tier before another",
      text: fileOf({ price: undefined, tiers: [{ price: 1 }, { price: 1 }] }),
      message: "prices[0].tiers[0].upTo may be left out of the last tier alone",
    },
    {
      name: "an unknown source",
      text: fileOf({ source: "other" }),
      message: "prices[0].source must be one of sources: page",
    },
    {
      name: "a date that is none",
      text: fileOf({}, { sources: { page: { ...SOURCE, date: "2026-02-30" } } }),
      message: "sources.page.date must be a date like 2026-11-24",
    },
    {
      name: "an address that is none",
      text: fileOf({}, { sources: { page: { ...SOURCE, url: "the pricing page" } } }),
      message: "sources.page.url must be an address that begins with https://",
    },
    {
      name: "a misspelt field",
      text: fileOf({ unitt: "GB" }),
      message: 'prices[0] Unrecognized key: "unitt"',
    },
    {
      name: "a currency in words",
      text: fileOf({}, { currency: "dollars" }),
      message: "currency must be a currency's code like USD",
    },
  ])("$name", ({ text, message }) => {
    expect(() => parsePriceFile("example.json", text)).toThrow(new Error(`prices/example.json: ${message}`));
  });

  test("all fields at once", () => {
    expect(() => parsePriceFile("example.json", fileOf({ price: -1, per: 0 }))).toThrow(
      new Error(
        "prices/example.json: prices[0].per must be above 0\nprices/example.json: prices[0].price must be 0 or more",
      ),
    );
  });

  test("what is no JSON", () => {
    expect(() => parsePriceFile("example.json", "{")).toThrow("prices/example.json: ");
  });

  test("a price that is there twice", () => {
    const price = priceOf([{ price: 1 }]);
    expect(() => new PriceBook([price, price], [])).toThrow("prices: example thing global is there twice");
  });
});
