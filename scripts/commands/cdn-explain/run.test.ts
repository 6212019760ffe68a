import { join, resolve } from "node:path";
import type { Explanation } from "./explain";
import { type RunOptions, run } from "./run";
import { duration } from "./show";

const root = resolve(__dirname, "../../..");

function options(environment: string, changes: Partial<RunOptions>): RunOptions {
  return {
    header: [],
    response: [],
    status: 200,
    method: "GET",
    json: false,
    stack: join(root, "envs", "testdata", `envs-${environment}.json`),
    ...changes,
  };
}

function shown(environment: string, url: string, changes: Partial<RunOptions> = {}): string[] {
  return run(root, `envs/${environment}`, url, options(environment, changes)).split("\n");
}

function explained(environment: string, url: string, changes: Partial<RunOptions> = {}): Explanation {
  return JSON.parse(run(root, `envs/${environment}`, url, options(environment, { ...changes, json: true })));
}

test("a request that is cached is explained from the behaviour to the origins", () => {
  const changes = {
    header: ["Accept-Encoding: gzip, deflate, br"],
    response: ["Cache-Control: max-age=3000", "Content-Type: application/json", "Content-Length: 5000"],
  };
  expect(shown("prod", "/updates/latest.json?utm_source=mail", changes)).toEqual([
    "GET https://downloads.example.com/updates/latest.json?utm_source=mail",
    "  Behaviour  /updates/*latest*, number 1 of 5",
    "  Function   acme-prod-downloads-normalise-latest makes it /updates/latest.json",
    "  Outcome    from the cache; asked of the origin when it is not there",
    "  Cache key  path /updates/latest.json",
    "             encoding br,gzip",
    "  Kept       300 s (5 minutes) with the status 200: max-age=3000, cut to the most of the policy's 0 to 300 s",
    "             after that still served while the origin fails",
    "             compressed at the edge: br",
    "  Origin     alb releases-origin.example.com, https-only, Origin Shield in eu-west-1, with x-origin-verify",
    "  Signed     no",
    expect.stringMatching(/^ {2}Web ACL {4}\$\{aws_wafv2_web_acl\..*\}; its rules are not looked at here$/),
  ]);
});

test("what did not match is named in its order", () => {
  expect(shown("staging", "/admin")).toContain(
    "             not matched: /updates/*latest*, /updates/v*.*.*, /updates/*, /downloads/*",
  );
});

test("an error of the first origin, its time, and that the second is asked", () => {
  const lines = shown("staging", "/updates/v1.2.3.zip", { status: 404 });
  expect(lines).toContain(
    "  Kept       5 s with the status 404: the 5 s that the status 404 is kept at least",
  );
  expect(lines).toContain("             with the status 404 the second is asked");
});

test("a request that is redirected", () => {
  const lines = shown("prod", "http://downloads.example.com/updates/a.zip");
  expect(lines).toContain("  Outcome    redirected, 301: HTTP is redirected to HTTPS");
  expect(lines).toContain("             to https://downloads.example.com/updates/a.zip");
});

test("a request that is refused", () => {
  expect(shown("prod", "/updates/a.zip", { method: "PUT" })).toContain(
    "  Outcome    refused, 403: the method PUT is none of GET, HEAD, OPTIONS",
  );
});

test("a request that the function at the edge answers", () => {
  expect(shown("staging", "/admin")).toContain(
    "  Outcome    answered at the edge, 404; the origin is not asked",
  );
});

test("a request that is passed on", () => {
  const lines = shown("prod", "/account", { method: "POST" });
  expect(lines).toContain("  Outcome    asked of the origin each time, not cached");
  expect(lines.some((line) => line.startsWith("  Kept"))).toBe(false);
});

test("what is not kept, and why", () => {
  expect(shown("prod", "/updates/a.zip", { response: ["Cache-Control: private"] })).toContain(
    "  Kept       not at all with the status 200: Cache-Control: private",
  );
});

test("what is served after it has expired", () => {
  const response = ["Cache-Control: max-age=60, stale-while-revalidate=30, stale-if-error=3600"];
  expect(shown("prod", "/downloads/a.zip", { response })).toEqual(
    expect.arrayContaining([
      "             then 30 s more while the origin is asked in the background",
      "             after that still served for 3600 s (1 hour) while the origin fails",
    ]),
  );
});

test("a path that is compared in another form", () => {
  expect(shown("prod", "//x/../updates/a.zip")).toContain(
    "             the path is compared as /updates/a.zip",
  );
});

test("JSON holds the same for programs", () => {
  const found = explained("staging", "/updates/v1.2.3.zip", { response: ["Cache-Control: max-age=60"] });
  expect(found).toMatchObject({
    method: "GET",
    url: "https://downloads.staging.example.com/updates/v1.2.3.zip",
    outcome: "cache",
    behaviour: { pathPattern: "/updates/v*.*.*", position: 2, of: 5, notMatched: ["/updates/*latest*"] },
    key: { path: "/updates/v1.2.3.zip", query: [], headers: {}, cookies: [] },
    freshness: { stored: true, ttlSeconds: 60, rule: "max-age" },
    failoverStatuses: [404, 500, 502, 503, 504],
    failsOver: false,
    signed: false,
  });
  expect(found.origins?.map(({ id }) => id)).toEqual(["alb", "s3"]);
});

test("no secret is shown: the origin's header is named without its text", () => {
  const text = JSON.stringify(explained("prod", "/updates/a.zip"));
  expect(text).toContain("x-origin-verify");
  expect(text).not.toContain("secret_string");
});

describe("is refused", () => {
  test("an environment without downloads", () => {
    expect(() => shown("dev", "/a")).toThrow(
      "envs/dev: has no CloudFront distribution; give it the section downloads, see envs/downloads-spec.ts",
    );
  });

  test("an environment that is written otherwise", () => {
    expect(() => run(root, "prod", "/a", options("prod", {}))).toThrow(
      'environment: "prod" is none; write it as envs/<name>, e.g. envs/prod',
    );
  });

  test("a stack that is not there, or is no JSON", () => {
    const stack = join(root, "envs", "testdata", "none.json");
    expect(() => shown("prod", "/a", { stack })).toThrow("envs/prod: there is no such file");
    expect(() => shown("prod", "/a", { stack: __filename })).toThrow(/^envs\/prod: .*run\.test\.ts: /);
  });

  test("a header that is none, before anything is synthesised", () => {
    expect(() => shown("prod", "/a", { header: ["x"] })).toThrow(
      "-H: \"x\" is no header; write it as 'Name: value'",
    );
  });
});

test.each([
  { seconds: 0, text: "0 s" },
  { seconds: 59, text: "59 s" },
  { seconds: 60, text: "60 s (1 minute)" },
  { seconds: 90, text: "90 s" },
  { seconds: 7200, text: "7200 s (2 hours)" },
  { seconds: 31_536_000, text: "31536000 s (365 days)" },
])("$seconds seconds are shown as $text", ({ seconds, text }) => {
  expect(duration(seconds)).toBe(text);
});
