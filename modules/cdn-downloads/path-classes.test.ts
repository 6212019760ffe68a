import { DEFAULT_PATH_CLASSES, ONE_YEAR_SECONDS, type PathClass } from ".";
import { covers, ttlOf } from "./path-classes";

describe("covers", () => {
  test.each([
    { wider: "/updates/*", pattern: "/updates/latest*", covered: true },
    { wider: "/updates/*", pattern: "/updates/*", covered: true },
    { wider: "*", pattern: "/downloads/*", covered: true },
    { wider: "/updates/*.zip", pattern: "/updates/v?.zip", covered: true },
    { wider: "/updates/v?", pattern: "/updates/v1", covered: true },
    { wider: "/updates/v?", pattern: "/updates/v?", covered: true },
    { wider: "/updates/v?", pattern: "/updates/v*", covered: false },
    { wider: "/updates/latest*", pattern: "/updates/*", covered: false },
    { wider: "/updates/*", pattern: "/Updates/*", covered: false },
    { wider: "/updates/v1.zip", pattern: "/updates/v1-zip", covered: false },
  ])("$wider takes all of $pattern: $covered", ({ wider, pattern, covered }) => {
    expect(covers(wider, pattern)).toBe(covered);
  });
});

describe("ttlOf", () => {
  const pathClass: PathClass = {
    name: "files",
    pathPattern: "/files/*",
    originCacheHeaders: "honour",
    defaultTtlSeconds: 60,
  };

  test("leaves the origin from none to a year by default", () => {
    expect(ttlOf(pathClass)).toEqual({ minimum: 0, default: 60, maximum: ONE_YEAR_SECONDS });
  });

  test("holds the origin within what is named", () => {
    expect(ttlOf({ ...pathClass, minimumTtlSeconds: 10, maximumTtlSeconds: 90 })).toEqual({
      minimum: 10,
      default: 60,
      maximum: 90,
    });
  });

  test("is one time where the origin is ignored", () => {
    expect(ttlOf({ ...pathClass, originCacheHeaders: "ignore" })).toEqual({
      minimum: 60,
      default: 60,
      maximum: 60,
    });
  });
});

describe("defaults", () => {
  /** The class that a path falls into: the first whose pattern matches. */
  const classOf = (path: string) =>
    DEFAULT_PATH_CLASSES.find(({ pathPattern }) => covers(pathPattern, path))?.name;

  test.each([
    { path: "/updates/latest.json", name: "latest" },
    { path: "/updates/v2/latest.json", name: "latest" },
    { path: "/updates/stable-latest.yml", name: "latest" },
    { path: "/updates/v1.2.3.zip", name: "versioned" },
    { path: "/updates/v10.0.1/app.dmg", name: "versioned" },
    { path: "/updates/versions.json", name: "updates" },
    { path: "/updates/vendor.js", name: "updates" },
    { path: "/updates/v2/index.html", name: "updates" },
    { path: "/updates/notes.html", name: "updates" },
    { path: "/downloads/manual.pdf", name: "downloads" },
    { path: "/login", name: undefined },
  ])("$path is of class $name", ({ path, name }) => {
    expect(classOf(path)).toBe(name);
  });

  test("what is latest is asked for again within five minutes, whatever the origin says", () => {
    const latest = DEFAULT_PATH_CLASSES.find(({ name }) => name === "latest");
    expect(latest && ttlOf(latest).maximum).toBe(300);
  });

  test.each(DEFAULT_PATH_CLASSES)(
    "class $name keeps nothing that the origin does not let it",
    (pathClass) => {
      expect(ttlOf(pathClass).minimum).toBe(0);
    },
  );

  test("a URL with a version is kept for a year where the origin does not say", () => {
    const versioned = DEFAULT_PATH_CLASSES.find(({ name }) => name === "versioned");
    expect(versioned && ttlOf(versioned).default).toBe(ONE_YEAR_SECONDS);
  });

  test.each([
    { name: "updates", maximum: 86_400 },
    { name: "downloads", maximum: 604_800 },
  ])(
    "an error of class $name is kept for $maximum s at most, whatever the origin says",
    ({ name, maximum }) => {
      const pathClass = DEFAULT_PATH_CLASSES.find((candidate) => candidate.name === name);
      expect(pathClass && ttlOf(pathClass).maximum).toBe(maximum);
    },
  );
});
