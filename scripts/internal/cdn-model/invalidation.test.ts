import { cacheKey, isInvalidatedBy, requestOf } from ".";
import { policyOf } from "./fixture";

const policy = policyOf({ queryStrings: { kind: "whitelist", names: ["version"] } });
const keyOf = (pathAndQuery: string) =>
  cacheKey(
    policy,
    requestOf(new URL(`https://x.example${pathAndQuery}`), { headers: { "x-channel": "beta" } }),
  );

test.each([
  { path: "/a/b.zip", object: "/a/b.zip", covered: true },
  { path: "a/b.zip", object: "/a/b.zip", covered: true },
  { path: "/a/B.zip", object: "/a/b.zip", covered: false },
  { path: "/a/b", object: "/a/b.zip", covered: false },
  { path: "/a/*", object: "/a/b/c.zip", covered: true },
  { path: "/a/*", object: "/a/", covered: true },
  { path: "/a/*", object: "/ab", covered: false },
  { path: "/*", object: "/", covered: true },
  { path: "*", object: "/a", covered: true },
  { path: "/a/*.zip", object: "/a/b.zip", covered: false },
  { path: "/a/*.zip", object: "/a/*.zip", covered: true },
  { path: "/a", object: "/a?version=1", covered: false },
  { path: "/a*", object: "/a?version=1", covered: true },
  { path: "/a?version=1", object: "/a?version=1", covered: true },
  { path: "/a?version=2", object: "/a?version=1", covered: false },
  { path: "/a", object: "/a?utm=1", covered: true },
])("$path covers $object: $covered", ({ path, object, covered }) => {
  expect(isInvalidatedBy(path, keyOf(object))).toBe(covered);
});
