import fc from "fast-check";
import { matchBehaviour, matchesPattern, normalisePath } from ".";
import { behaviourOf, distributionOf } from "./fixture";

describe("a pattern", () => {
  // Most are the Developer Guide's own examples.
  test.each([
    { pattern: "/images/*.jpg", path: "/images/a.jpg", matches: true },
    { pattern: "/images/*.jpg", path: "/images/product1/a.jpg", matches: true },
    { pattern: "/images/*.jpg", path: "/images/sample.gif", matches: false },
    { pattern: "images/*.jpg", path: "/images/a.jpg", matches: true },
    { pattern: "*.jpg", path: "/deep/er/a.jpg", matches: true },
    { pattern: "*.jpg", path: "/LOGO.JPG", matches: false },
    { pattern: "a??.jpg", path: "/ant.jpg", matches: true },
    { pattern: "a??.jpg", path: "/abe.jpg", matches: true },
    { pattern: "a??.jpg", path: "/a.jpg", matches: false },
    { pattern: "a??.jpg", path: "/apple.jpg", matches: false },
    { pattern: "*.doc*", path: "/a.doc", matches: true },
    { pattern: "*.doc*", path: "/a.docx", matches: true },
    { pattern: "*.doc?", path: "/a.doc", matches: false },
    { pattern: "*.doc?", path: "/a.docm", matches: true },
    { pattern: "/updates/*", path: "/updates/", matches: true },
    { pattern: "/updates/*", path: "/updates", matches: false },
    { pattern: "/updates/v*.*.*", path: "/updates/v1.2.3.zip", matches: true },
    { pattern: "/updates/v*.*.*", path: "/updates/v1.zip", matches: false },
    { pattern: "/a.b", path: "/aXb", matches: false },
    { pattern: "/a(b)", path: "/a(b)", matches: true },
    { pattern: "*", path: "/", matches: true },
    { pattern: "/", path: "/", matches: true },
    { pattern: "/", path: "/a", matches: false },
    { pattern: "/a/**/b", path: "/a//b", matches: true },
  ])("$pattern and $path: $matches", ({ pattern, path, matches }) => {
    expect(matchesPattern(pattern, path)).toBe(matches);
  });

  test("matches what the same regular expression matches", () => {
    // Few characters, so that many of the pairs match.
    const characters = fc.constantFrom("a", "b", "/", ".");
    const wildcards = fc.constantFrom("a", "b", "/", ".", "*", "?");
    const text = (of: fc.Arbitrary<string>) =>
      fc.array(of, { maxLength: 12 }).map((all) => `/${all.join("")}`);
    fc.assert(
      fc.property(text(wildcards), text(characters), (pattern, path) => {
        const expression = pattern.replaceAll(".", "\\.").replaceAll("*", ".*").replaceAll("?", ".");
        expect(matchesPattern(pattern, path)).toBe(new RegExp(`^${expression}$`).test(path));
      }),
      { numRuns: 3000 },
    );
  });

  test("of many wildcards is compared in time that the lengths bound", () => {
    // A regular expression for it would go on for years.
    expect(matchesPattern(`/${"*a".repeat(120)}b`, `/${"a".repeat(5000)}`)).toBe(false);
  });
});

describe("a request gets", () => {
  const ordered = ["images/*.jpg", "images/*", "*.gif"].map((pathPattern) => behaviourOf({ pathPattern }));
  const distribution = distributionOf(ordered);

  test.each([
    { path: "/images/a.jpg", pattern: "images/*.jpg", passedOver: [] },
    { path: "/images/sample.gif", pattern: "images/*", passedOver: ["images/*.jpg"] },
    { path: "/sample.gif", pattern: "*.gif", passedOver: ["images/*.jpg", "images/*"] },
    { path: "/index.html", pattern: "*", passedOver: ["images/*.jpg", "images/*", "*.gif"] },
  ])("for $path the behaviour $pattern", ({ path, pattern, passedOver }) => {
    const match = matchBehaviour(distribution, path);
    expect(match.behaviour.pathPattern).toBe(pattern);
    expect(match.passedOver.map(({ pathPattern }) => pathPattern)).toEqual(passedOver);
  });

  test("the default, although a behaviour behind it would match", () => {
    const misplaced = distributionOf([behaviourOf(), behaviourOf({ pathPattern: "/a" })]);
    expect(matchBehaviour(misplaced, "/a").behaviour.isDefault).toBe(true);
  });

  test("the behaviour that its normalised path matches", () => {
    const { behaviour, comparedPath } = matchBehaviour(distribution, "/images/../%73ample.gif");
    expect(behaviour.pathPattern).toBe("*.gif");
    expect(comparedPath).toBe("/sample.gif");
  });
});

describe("a path is compared", () => {
  test.each([
    { path: "/a/b", compared: "/a/b" },
    { path: "/", compared: "/" },
    { path: "//a///b", compared: "/a/b" },
    { path: "/a/./b/../c", compared: "/a/c" },
    { path: "/../../a", compared: "/a" },
    { path: "/a/..", compared: "/" },
    { path: "/a/b/.", compared: "/a/b/" },
    { path: "/a/b/", compared: "/a/b/" },
    { path: "/.hidden/..b", compared: "/.hidden/..b" },
    { path: "/%41%2e%7e%2f", compared: "/A.~%2F" },
    { path: "/%2e%2e/a", compared: "/a" },
    { path: "/%zz%4", compared: "/%zz%4" },
  ])("$path as $compared", ({ path, compared }) => {
    expect(normalisePath(path)).toBe(compared);
  });

  test("the same once it is normalised", () => {
    const parts = fc.constantFrom("a", ".", "..", "/", "%2e", "%41", "%2f", "*");
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 10 }), (all) => {
        const once = normalisePath(`/${all.join("")}`);
        expect(normalisePath(once)).toBe(once);
        expect(once.startsWith("/")).toBe(true);
      }),
    );
  });
});
