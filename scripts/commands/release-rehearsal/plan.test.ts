import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keptFor, planOf } from "./fixture";
import { checkGeographies, expectedRequests, parsePlan } from "./plan";

const VIEWERS = { geography: "europe", share: 1, edgeLocations: 2, regionalCaches: ["eu-west-1"] };
const FILE = { path: "/a", bytes: 10, share: 1 };

test("what a plan leaves out has its default", () => {
  expect(planOf({ name: undefined, responseHeaderBytes: undefined })).toMatchObject({
    name: "release",
    seed: 1,
    releasesPerMonth: 1,
    startsAt: "2026-01-05T09:00:00Z",
    responseHeaderBytes: 500,
    invalidations: [],
    interruptions: { share: 0 },
    origin: { instanceType: "m7g.large", instanceMegabitsPerSecond: 937, minimumInstances: 2 },
  });
});

test("the example is a plan", () => {
  const text = readFileSync(join(__dirname, "example-plan.json"), "utf8");
  expect(parsePlan(text, "example").files.length).toBeGreaterThan(2);
});

describe("a plan that is wrong is told by field", () => {
  test.each([
    {
      name: "no clients",
      plan: { clients: 0 },
      message: "clients must be a whole number from 1 to 50000000, got 0",
    },
    {
      name: "a misspelt field",
      plan: { client: 1 },
      message: "client is no field; remove it or correct its name (plan-schema.ts lists all)",
    },
    {
      name: "a misspelt field within",
      plan: { files: [{ ...FILE, size: 1 }] },
      message: "files[0].size is no field; remove it or correct its name (plan-schema.ts lists all)",
    },
    { name: "no files", plan: { files: [] }, message: "files must have a file, got []" },
    {
      name: "a path that is none",
      plan: { files: [{ ...FILE, path: "a b" }] },
      message: 'files[0].path must begin with a slash and be percent-encoded, got "a b"',
    },
    {
      name: "a geography that is none",
      plan: { viewers: [{ ...VIEWERS, geography: "mars" }] },
      message:
        'viewers[0].geography must be one of north-america, europe, africa-and-middle-east, south-america, japan, australia-and-new-zealand, asia-pacific, india, got "mars"',
    },
    {
      name: "clients that are too few",
      plan: { viewers: [{ ...VIEWERS, share: 0.5 }] },
      message: "viewers must have shares that add up to 1, got 0.5",
    },
    {
      name: "variants that are too many",
      plan: { files: [{ ...FILE, variants: [{ share: 0.6 }, { share: 0.6 }] }] },
      message: "files[0].variants must have shares that add up to 1, got 1.2",
    },
    {
      name: "a curve that is none",
      plan: { arrivals: { kind: "spike" } },
      message: 'arrivals.kind must be one of "decay", "flat", "points", got "spike"',
    },
    {
      name: "points out of order",
      plan: {
        arrivals: {
          kind: "points",
          points: [
            { hour: 0.5, weight: 1 },
            { hour: 0.5, weight: 1 },
          ],
        },
      },
      message: "arrivals.points[1].hour must be after that of the point before, got 0.5",
    },
    {
      name: "a point after the end",
      plan: {
        arrivals: {
          kind: "points",
          points: [
            { hour: 0, weight: 1 },
            { hour: 2, weight: 1 },
          ],
        },
      },
      message: "arrivals.points[1].hour must be within durationHours (1), got 2",
    },
    {
      name: "points of nobody",
      plan: {
        arrivals: {
          kind: "points",
          points: [
            { hour: 0, weight: 0 },
            { hour: 1, weight: 0 },
          ],
        },
      },
      message: "arrivals.points must have a weight above 0, got 0",
    },
    {
      name: "an invalidation after the end",
      plan: { invalidations: [{ atHours: 2, paths: ["/a"] }] },
      message: "invalidations[0].atHours must be within durationHours (1), got 2",
    },
    {
      name: "more releases than a month has",
      plan: { durationHours: 100, releasesPerMonth: 8 },
      message: "releasesPerMonth must be at most 7.44, as each takes 100 hours, got 8",
    },
    {
      name: "chunks that are too small",
      plan: { files: [{ ...FILE, bytes: 10_000_000, chunks: { bytes: 1024 } }] },
      message: "files[0].chunks.bytes must make at most 1000 chunks, got 9766",
    },
    {
      name: "polls without end",
      plan: { files: [{ ...FILE, repeat: { times: 100, everySeconds: 86_400 } }] },
      message: "files must be asked for within 45 days, got 99.041667 days",
    },
    {
      name: "more requests than fit",
      plan: { clients: 50_000_000, files: [FILE, FILE] },
      message:
        "clients must make at most 50000000 requests; for more, raise releasesPerMonth, got about 100000000",
    },
    {
      name: "an instance that is not known",
      plan: { origin: { region: "eu-west-1", instanceType: "x9.huge" } },
      message:
        "origin.instanceMegabitsPerSecond must be set, as the bandwidth of x9.huge is not known here, got nothing",
    },
    {
      name: "a region that is none",
      plan: { origin: { region: "Ireland" } },
      message: 'origin.region must be an AWS region, like eu-west-1, got "Ireland"',
    },
    { name: "no origin", plan: { origin: undefined }, message: "origin must be an object, got nothing" },
  ])("$name", ({ plan, message }) => {
    expect(() => planOf(plan)).toThrow(new Error(`plan.json: ${message}`));
  });

  test("all fields at once, as wrong usage", () => {
    expect(() => planOf({ clients: 0, durationHours: 0 })).toThrow(
      new Error(
        "plan.json: clients must be a whole number from 1 to 50000000, got 0\nplan.json: durationHours must be a number above 0, up to 744, got 0",
      ),
    );
  });

  test("what is no JSON", () => {
    expect(() => parsePlan("{", "plan.json")).toThrow("plan.json: is no JSON: ");
  });
});

test("clients are served from where the price class has edges", () => {
  const plan = planOf({
    viewers: [
      { ...VIEWERS, share: 0.5 },
      { ...VIEWERS, share: 0.5, geography: "south-america" },
    ],
  });
  const of = (priceClass: string) => () =>
    checkGeographies(plan, keptFor(60, undefined, { priceClass }), "plan.json");
  expect(of("PriceClass_All")).not.toThrow();
  expect(of("PriceClass_100")).toThrow(
    'plan.json: viewers[1].geography must have edge locations of PriceClass_100, which are in north-america, europe: name where those are that serve these clients, got "south-america"',
  );
  expect(of("PriceClass_200")).toThrow("viewers[1].geography must have edge locations of PriceClass_200");
});

test("chunks, polls and interruptions are requests, too", () => {
  const files = [
    { ...FILE, bytes: 5000, chunks: { bytes: 2000 }, share: 0.5 },
    { ...FILE, repeat: { times: 4, everySeconds: 60 } },
  ];
  const interruptions = { share: 0.1, retry: "resume", afterSeconds: 1 };
  expect(expectedRequests(planOf({ clients: 100, files, interruptions }))).toBeCloseTo(
    100 * (0.5 * 3 + 4) * 1.1,
    9,
  );
});
