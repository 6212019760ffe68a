import { behaviourOf, distributionOf, originOf, policyOf } from "../../internal/cdn-model/fixture";
import { catalogueOf } from "./catalogue";
import { keptFor, planOf } from "./fixture";

const FILE = { path: "/updates/latest.json", bytes: 2000, share: 1 };

/** Seconds that the objects of a plan are kept. */
function ttls(plan: Parameters<typeof planOf>[0], distribution = keptFor(3600)): number[] {
  return catalogueOf(planOf(plan), distribution).objects.map((object) => object.ttlMilliseconds(0) / 1000);
}

test("the origin answers with the headers of the first class that matches, then with the file's own", () => {
  const classes = [
    { pathPattern: "/updates/*latest*", headers: { "Cache-Control": "max-age=60" } },
    { pathPattern: "/updates/*", headers: { "Cache-Control": "max-age=600" } },
  ];
  const files = [
    FILE,
    { ...FILE, path: "/updates/a" },
    { ...FILE, path: "/updates/b", headers: { "cache-control": "max-age=5" } },
    { ...FILE, path: "/other" },
  ];
  expect(ttls({ classes, files })).toEqual([60, 600, 5, 3600]);
});

test("what the function at the edge brings to one form is one object", () => {
  const code = "function handler(event) { event.request.querystring = {}; return event.request; }";
  const cachePolicy = policyOf({ queryStrings: { kind: "all", names: [] } });
  const files = [{ ...FILE, variants: [{ query: "utm_source={n}", distinct: 50, share: 1 }] }];
  const objectsWith = (behaviour: Parameters<typeof behaviourOf>[0]) =>
    catalogueOf(planOf({ files }), distributionOf([behaviourOf({ cachePolicy, ...behaviour })])).objects
      .length;
  expect(objectsWith({})).toBe(50);
  expect(objectsWith({ viewerRequest: { name: "normalise", code } })).toBe(1);
});

test("headers may tell objects apart, too", () => {
  const cachePolicy = policyOf({ headers: { kind: "whitelist", names: ["x-channel"] } });
  const files = [{ ...FILE, variants: [{ headers: { "X-Channel": "c{n}" }, distinct: 3, share: 1 }] }];
  const { objects } = catalogueOf(planOf({ files }), distributionOf([behaviourOf({ cachePolicy })]));
  expect(objects.map(({ key }) => key.headers)).toEqual([
    { "x-channel": "c0" },
    { "x-channel": "c1" },
    { "x-channel": "c2" },
  ]);
});

test("with two origins the first one is asked", () => {
  const distribution = distributionOf([behaviourOf({ targetId: "group" })], {
    origins: { alb: originOf(), files: originOf({ id: "files", kind: "s3" }) },
    originGroups: { group: { id: "group", members: ["files", "alb"], failoverStatuses: [404] } },
  });
  expect(catalogueOf(planOf(), distribution).origins.map(({ id }) => id)).toEqual(["files"]);
});

test("where cookies are forwarded the origin is not asked whether an object is the same", () => {
  const conditional = (kind: "none" | "all") => {
    const cachePolicy = policyOf({ cookies: { kind, names: [] } });
    return catalogueOf(planOf(), distributionOf([behaviourOf({ cachePolicy })])).objects[0]?.conditional;
  };
  expect(conditional("none")).toBe(true);
  expect(conditional("all")).toBe(false);
});

test("one key cannot have two sizes", () => {
  expect(() => catalogueOf(planOf({ files: [FILE, { ...FILE, bytes: 1 }] }), keptFor(60))).toThrow(
    "files: /updates/latest.json has 1 bytes, but the cache key of another with 2000: ",
  );
});
