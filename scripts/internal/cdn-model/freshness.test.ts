import { isCached, isCollapsed } from ".";
import { behaviourOf, inSeconds, freshnessOf as of, policyOf } from "./fixture";

describe("the table of the Developer Guide, with a minimum of 0", () => {
  const policy = { defaultTtlSeconds: 60, maximumTtlSeconds: 1000 };

  test.each([
    { name: "max-age below the maximum", control: "max-age=500", ttl: 500, rule: "max-age" },
    { name: "max-age above the maximum", control: "max-age=5000", ttl: 1000, rule: "max-age" },
    { name: "max-age of 0", control: "max-age=0", ttl: 0, rule: "max-age" },
    { name: "neither max-age nor Expires", control: undefined, ttl: 60, rule: "default-ttl" },
    { name: "Cache-Control without a time", control: "public, immutable", ttl: 60, rule: "default-ttl" },
    { name: "s-maxage and max-age", control: "max-age=500, s-maxage=300", ttl: 300, rule: "s-maxage" },
    { name: "s-maxage above the maximum", control: "s-maxage=5000, max-age=1", ttl: 1000, rule: "s-maxage" },
    { name: "a time that is no number", control: "max-age=soon", ttl: 60, rule: "default-ttl" },
    { name: "a quoted time", control: 'max-age="70"', ttl: 70, rule: "max-age" },
    { name: "other case and spaces", control: " MAX-AGE = 70 ", ttl: 70, rule: "max-age" },
    {
      name: "a time in another directive's text",
      control: 'x="a, max-age=9", max-age=70',
      ttl: 70,
      rule: "max-age",
    },
    { name: "the first of two times", control: "max-age=70, max-age=80", ttl: 70, rule: "max-age" },
  ])("$name: $ttl s", ({ control, ttl, rule }) => {
    expect(of(control, policy)).toMatchObject({ stored: true, ttlSeconds: ttl, rule });
  });

  test.each([
    { name: "Expires before the maximum", expires: inSeconds(500), ttl: 500 },
    { name: "Expires after the maximum", expires: inSeconds(5000), ttl: 1000 },
    { name: "Expires in the past", expires: inSeconds(-5), ttl: 0 },
    { name: "Expires that is no date", expires: "0", ttl: 0 },
  ])("$name: $ttl s", ({ expires, ttl }) => {
    expect(of(undefined, policy, { headers: { expires } })).toMatchObject({
      stored: true,
      ttlSeconds: ttl,
      rule: "expires",
    });
  });

  test("max-age goes before Expires", () => {
    expect(of("max-age=10", policy, { headers: { expires: inSeconds(500) } })).toMatchObject({
      ttlSeconds: 10,
      rule: "max-age",
    });
  });

  test.each(["no-store", "private", "private, max-age=600", 'private="x-user"'])(
    "%s: nothing is kept",
    (control) => {
      expect(of(control, policy)).toMatchObject({
        stored: false,
        shared: false,
        rule: "forbidden-by-origin",
      });
    },
  );

  test("no-cache: kept, and asked about each time", () => {
    expect(of("no-cache, max-age=600", policy)).toMatchObject({
      stored: true,
      ttlSeconds: 0,
      shared: false,
      conditional: true,
    });
  });
});

test("no-cache with names of headers is of these alone, the object is kept", () => {
  expect(of('no-cache="Set-Cookie", max-age=600')).toMatchObject({
    stored: true,
    shared: true,
    ttlSeconds: 600,
  });
});

test.each([
  { bytes: 53_687_091_200, stored: true },
  { bytes: 53_687_091_201, stored: false },
])("an object of $bytes bytes is kept: $stored", ({ bytes, stored }) => {
  const found = of("max-age=600", {}, { headers: { "content-length": String(bytes) } });
  expect(found.stored).toBe(stored);
  expect(found.rule).toBe(stored ? "max-age" : "too-large");
});

describe("the table of the Developer Guide, with a minimum above 0", () => {
  const policy = { minimumTtlSeconds: 100, defaultTtlSeconds: 300, maximumTtlSeconds: 1000 };

  test.each([
    { name: "max-age between", control: "max-age=500", ttl: 500, rule: "max-age" },
    { name: "max-age below the minimum", control: "max-age=5", ttl: 100, rule: "max-age" },
    { name: "max-age above the maximum", control: "max-age=5000", ttl: 1000, rule: "max-age" },
    { name: "s-maxage below the minimum", control: "max-age=500, s-maxage=5", ttl: 100, rule: "s-maxage" },
    { name: "no time", control: undefined, ttl: 300, rule: "default-ttl" },
    { name: "no-cache", control: "no-cache", ttl: 100, rule: "minimum-ttl" },
    { name: "no-store", control: "no-store", ttl: 100, rule: "minimum-ttl" },
    { name: "private", control: "private, max-age=500", ttl: 100, rule: "minimum-ttl" },
  ])("$name: $ttl s", ({ control, ttl, rule }) => {
    expect(of(control, policy)).toMatchObject({ stored: true, shared: true, ttlSeconds: ttl, rule });
  });

  test.each([
    { name: "Expires between", seconds: 500, ttl: 500 },
    { name: "Expires below the minimum", seconds: 5, ttl: 100 },
    { name: "Expires above the maximum", seconds: 5000, ttl: 1000 },
  ])("$name: $ttl s", ({ seconds, ttl }) => {
    expect(of(undefined, policy, { headers: { expires: inSeconds(seconds) } })).toMatchObject({
      ttlSeconds: ttl,
      rule: "expires",
    });
  });

  test("the greater of minimum and default where the origin does not say", () => {
    expect(of(undefined, { ...policy, defaultTtlSeconds: 50 }).ttlSeconds).toBe(100);
  });
});

test.each(["max-age=5", "no-store", undefined, "s-maxage=99999"])(
  "where all three times are the same, %s does not count",
  (control) => {
    const same = { minimumTtlSeconds: 70, defaultTtlSeconds: 70, maximumTtlSeconds: 70 };
    expect(of(control, same).ttlSeconds).toBe(70);
  },
);

test.each([200, 301, 404, 500])("where all three times are 0, the status %i is not kept", (status) => {
  const none = { minimumTtlSeconds: 0, defaultTtlSeconds: 0, maximumTtlSeconds: 0 };
  expect(of("max-age=600", none, { status })).toMatchObject({ stored: false, rule: "caching-disabled" });
});

test.each([301, 302, 307, 308])("the redirect %i is kept like an object", (status) => {
  expect(of("max-age=600", {}, { status })).toMatchObject({ stored: true, ttlSeconds: 600 });
});

describe("Vary: *", () => {
  const headers = { vary: "Accept, *" };

  test("with a minimum of 0 has the origin asked each time, without a condition", () => {
    expect(of("max-age=600", {}, { headers })).toMatchObject({
      stored: true,
      ttlSeconds: 0,
      conditional: false,
      rule: "vary-all",
    });
  });

  test("with a minimum above 0 does not count", () => {
    expect(of("max-age=600", { minimumTtlSeconds: 1 }, { headers }).ttlSeconds).toBe(600);
  });
});

describe("an error", () => {
  test.each([404, 410, 414, 500, 501, 502, 503, 504])("%i is kept for 10 s by default", (status) => {
    expect(of(undefined, {}, { status })).toMatchObject({
      stored: true,
      ttlSeconds: 10,
      rule: "error-minimum-ttl",
    });
  });

  test.each([400, 403, 405, 412, 415])("%i is kept only when the origin says so", (status) => {
    expect(of(undefined, {}, { status }).stored).toBe(false);
    expect(of("public", {}, { status, errorTtl: 60 }).stored).toBe(false);
    expect(of("max-age=5", {}, { status })).toMatchObject({ stored: true, ttlSeconds: 10 });
    expect(of("s-maxage=50", {}, { status })).toMatchObject({
      stored: true,
      ttlSeconds: 50,
      rule: "s-maxage",
    });
  });

  test.each([401, 402, 406, 409, 416, 418, 429, 451, 505])("%i is not kept", (status) => {
    expect(of("max-age=600", {}, { status, errorTtl: 60 })).toMatchObject({
      stored: false,
      rule: "status-not-cached",
    });
  });

  test("is kept for what is configured for its status", () => {
    expect(of(undefined, {}, { status: 404, errorTtl: 5 }).ttlSeconds).toBe(5);
  });

  test("is not kept where 0 s are configured", () => {
    expect(of(undefined, {}, { status: 404, errorTtl: 0 }).stored).toBe(false);
  });

  test("is kept for what the origin says when that is longer, up to the policy's maximum", () => {
    expect(of("max-age=60", {}, { status: 503, errorTtl: 5 })).toMatchObject({
      ttlSeconds: 60,
      rule: "max-age",
    });
    expect(of("max-age=3", {}, { status: 503, errorTtl: 5 })).toMatchObject({
      ttlSeconds: 5,
      rule: "error-minimum-ttl",
    });
    expect(of("max-age=600", { maximumTtlSeconds: 300 }, { status: 503 }).ttlSeconds).toBe(300);
    const expires = { expires: inSeconds(40) };
    expect(of(undefined, {}, { status: 404, headers: expires }).ttlSeconds).toBe(40);
  });

  test.each([404, 410, 414, 501])("%i with no-store, no-cache or private is not kept", (status) => {
    for (const control of ["no-store", "no-cache", "private"]) {
      expect(of(control, {}, { status, errorTtl: 60 })).toMatchObject({
        stored: false,
        rule: "forbidden-by-origin",
      });
    }
  });

  test.each([500, 502, 503, 504])("%i with no-store is kept all the same", (status) => {
    expect(of("no-store", {}, { status, errorTtl: 5 })).toMatchObject({ stored: true, ttlSeconds: 5 });
  });

  test("knows no minimum of the policy", () => {
    expect(of(undefined, { minimumTtlSeconds: 600 }, { status: 404 }).ttlSeconds).toBe(10);
  });

  test("is not served when it has expired", () => {
    expect(of("max-age=1", {}, { status: 500 })).toMatchObject({
      staleIfErrorSeconds: 0,
      staleWhileRevalidateSeconds: 0,
    });
  });
});

describe("an object that has expired", () => {
  test("is served when the origin fails, for as long as it is there", () => {
    expect(of("max-age=5").staleIfErrorSeconds).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    { control: "max-age=5, stale-if-error=0", seconds: 0 },
    { control: "max-age=5, stale-if-error=60", seconds: 60 },
    { control: "max-age=5, stale-if-error=5000", seconds: 1000 },
  ])("is served for $seconds s with $control", ({ control, seconds }) => {
    expect(of(control, { maximumTtlSeconds: 1000 }).staleIfErrorSeconds).toBe(seconds);
  });

  test.each([
    { control: "max-age=5", seconds: 0 },
    { control: "max-age=5, stale-while-revalidate=60", seconds: 60 },
    { control: "max-age=5, stale-while-revalidate=5000", seconds: 1000 },
  ])("is served for $seconds s while the origin is asked with $control", ({ control, seconds }) => {
    expect(of(control, { maximumTtlSeconds: 1000 }).staleWhileRevalidateSeconds).toBe(seconds);
  });
});

describe("an answer serves the requests that waited for it", () => {
  test.each(["max-age=600", undefined, "s-maxage=1, max-age=1"])("with %s", (control) => {
    expect(of(control).shared).toBe(true);
  });

  test.each(["private", "no-store", "no-cache", "max-age=0", "s-maxage=0, max-age=60"])(
    "not with %s, unless there is a minimum",
    (control) => {
      expect(of(control).shared).toBe(false);
      expect(of(control, { minimumTtlSeconds: 1 }).shared).toBe(true);
    },
  );
});

test("the reason says what was decisive", () => {
  expect(of("max-age=500", { maximumTtlSeconds: 300 }).reason).toBe(
    "max-age=500, cut to the most of the policy's 0 to 300 s",
  );
  expect(of("max-age=5", { minimumTtlSeconds: 60 }).reason).toBe(
    "max-age=5, raised to the least of the policy's 60 to 31536000 s",
  );
  expect(of(undefined).reason).toBe("the origin does not say, the policy's default is 86400 s");
  expect(of("private").reason).toBe("Cache-Control: private");
  expect(of(undefined, {}, { status: 403 }).reason).toBe(
    "CloudFront does not keep the status 403 without max-age or s-maxage",
  );
  expect(of("max-age=60", {}, { status: 404 }).reason).toBe(
    "max-age=60, more than the 10 s for the status 404",
  );
});

describe("requests of a behaviour", () => {
  test.each([
    { method: "GET", cached: true },
    { method: "HEAD", cached: true },
    { method: "OPTIONS", cached: false },
    { method: "POST", cached: false },
  ])("$method: from the cache $cached", ({ method, cached }) => {
    expect(isCached(behaviourOf(), method)).toBe(cached);
  });

  test("OPTIONS come from the cache where that is configured", () => {
    expect(isCached(behaviourOf({ cachedMethods: ["GET", "HEAD", "OPTIONS"] }), "OPTIONS")).toBe(true);
  });

  test("wait for one another", () => {
    expect(isCollapsed(behaviourOf())).toBe(true);
  });

  test.each([
    { name: "caching is disabled", changes: { cachePolicy: policyOf({ maximumTtlSeconds: 0 }) } },
    {
      name: "cookies are in the key",
      changes: { cachePolicy: policyOf({ cookies: { kind: "whitelist", names: ["a"] } }) },
    },
    {
      name: "the origin gets cookies",
      changes: {
        originRequestPolicy: {
          name: "all",
          headers: { kind: "none", names: [] },
          cookies: { kind: "all", names: [] },
          queryStrings: { kind: "none", names: [] },
        },
      },
    },
  ] as const)("do not wait for one another where $name", ({ changes }) => {
    expect(isCollapsed(behaviourOf(changes))).toBe(false);
  });
});
