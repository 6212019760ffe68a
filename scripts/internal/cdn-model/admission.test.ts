import { type Behaviour, type Distribution, type Headers, refusalOf, requestOf } from ".";
import { behaviourOf, distributionOf } from "./fixture";

const NOW = Date.parse("2026-11-24T12:00:00Z");

interface Asked {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Headers;
  readonly behaviour?: Partial<Behaviour>;
  readonly distribution?: Partial<Distribution>;
  readonly country?: string;
}

function refusal({
  url = "https://x.example/a",
  method = "GET",
  headers = {},
  behaviour = {},
  distribution = {},
  country,
}: Asked) {
  return refusalOf(
    distributionOf([], distribution),
    behaviourOf(behaviour),
    requestOf(new URL(url), { method, headers }),
    { now: NOW, ...(country !== undefined && { country }) },
  );
}

test("an ordinary request is admitted", () => {
  expect(refusal({})).toBeUndefined();
});

describe("plain HTTP", () => {
  const url = "http://x.example/a?b=1";

  test.each([
    { method: "GET", status: 301 },
    { method: "HEAD", status: 301 },
    { method: "OPTIONS", status: 307 },
    { method: "POST", status: 307 },
  ])("$method is redirected with $status", ({ method, status }) => {
    expect(refusal({ url, method })).toEqual({
      kind: "redirect",
      status,
      location: "https://x.example/a?b=1",
      reason: "HTTP is redirected to HTTPS",
    });
  });

  test("is refused where only HTTPS is served", () => {
    expect(refusal({ url, behaviour: { viewerProtocolPolicy: "https-only" } })).toEqual({
      kind: "refuse",
      status: 403,
      reason: "only HTTPS is served",
    });
  });

  test("is served where that is configured", () => {
    expect(refusal({ url, behaviour: { viewerProtocolPolicy: "allow-all" } })).toBeUndefined();
  });
});

test("a method that is not allowed is refused", () => {
  expect(refusal({ method: "DELETE" })).toEqual({
    kind: "refuse",
    status: 403,
    reason: "the method DELETE is none of GET, HEAD, OPTIONS",
  });
});

describe("a GET", () => {
  test.each([{ "content-length": "2" }, { "transfer-encoding": "chunked" }])(
    "with a body is refused: %j",
    (headers) => {
      expect(refusal({ headers })).toEqual({
        kind: "refuse",
        status: 403,
        reason: "a GET has no body, this one does",
      });
      expect(
        refusal({ headers, method: "POST", behaviour: { allowedMethods: ["GET", "POST"] } }),
      ).toBeUndefined();
    },
  );

  test("that says it has none is admitted", () => {
    expect(refusal({ headers: { "content-length": "0" } })).toBeUndefined();
  });
});

describe("countries", () => {
  const only = { geoRestriction: { kind: "whitelist", countries: ["DE", "FR"] } } as const;
  const not = { geoRestriction: { kind: "blacklist", countries: ["KP"] } } as const;

  test.each([
    { name: "one of those served", distribution: only, country: "DE", reason: undefined },
    {
      name: "none of those served",
      distribution: only,
      country: "US",
      reason: "the country US is none of those that are served",
    },
    { name: "not one that is not served", distribution: not, country: "DE", reason: undefined },
    {
      name: "one that is not served",
      distribution: not,
      country: "KP",
      reason: "the country KP is one that is not served",
    },
    { name: "unknown", distribution: only, country: undefined, reason: undefined },
    { name: "any without a restriction", distribution: {}, country: "KP", reason: undefined },
  ])("$name: $reason", ({ distribution, country, reason }) => {
    const found = refusal({ distribution, ...(country !== undefined && { country }) });
    expect(found).toEqual(reason === undefined ? undefined : { kind: "refuse", status: 403, reason });
  });
});

describe("sizes", () => {
  test("a URL of 8192 bytes is the longest", () => {
    const start = "https://x.example/";
    const url = (bytes: number) => start + "a".repeat(bytes - start.length);
    expect(refusal({ url: url(8192) })).toBeUndefined();
    expect(refusal({ url: url(8193) })).toEqual({
      kind: "refuse",
      status: 413,
      reason: "the URL has 8193 bytes, CloudFront takes 8192",
    });
  });

  test("a request of more than 20480 bytes is refused", () => {
    expect(refusal({ headers: { "x-long": "a".repeat(20_480) } })).toMatchObject({ status: 413 });
    expect(refusal({ headers: { "x-long": "a".repeat(20_000) } })).toBeUndefined();
  });
});

describe("signed paths", () => {
  const behaviour = { trustedKeyGroups: ["group"] };
  const later = Math.floor(NOW / 1000) + 60;
  const earlier = Math.floor(NOW / 1000) - 60;
  const unsigned = (missing: string) => ({
    kind: "refuse",
    status: 403,
    reason: `only signed requests are served, this one has no ${missing}`,
  });

  test.each([
    {
      name: "a signed URL with a canned policy",
      query: `Expires=${later}&Signature=s&Key-Pair-Id=K`,
      cookie: "",
      expected: undefined,
    },
    {
      name: "a signed URL with its own policy",
      query: "Policy=p&Signature=s&Key-Pair-Id=K",
      cookie: "",
      expected: undefined,
    },
    {
      name: "signed cookies",
      query: "",
      cookie: `CloudFront-Expires=${later}; CloudFront-Signature=s; CloudFront-Key-Pair-Id=K`,
      expected: undefined,
    },
    { name: "nothing", query: "", cookie: "", expected: unsigned("Signature and Key-Pair-Id") },
    {
      name: "no key",
      query: `Expires=${later}&Signature=s`,
      cookie: "",
      expected: unsigned("Key-Pair-Id"),
    },
    {
      name: "neither time nor policy",
      query: "Signature=s&Key-Pair-Id=K",
      cookie: "",
      expected: unsigned("Expires or Policy"),
    },
    {
      name: "a URL that is half signed, and signed cookies",
      query: "Signature=s",
      cookie: `CloudFront-Expires=${later}; CloudFront-Signature=s; CloudFront-Key-Pair-Id=K`,
      expected: unsigned("Key-Pair-Id"),
    },
    {
      name: "a signature that has expired",
      query: `Expires=${earlier}&Signature=s&Key-Pair-Id=K`,
      cookie: "",
      expected: {
        kind: "refuse",
        status: 403,
        reason: `its signature has expired: Expires=${earlier}`,
      },
    },
  ])("$name", ({ query, cookie, expected }) => {
    const headers: Headers = cookie === "" ? {} : { cookie };
    expect(refusal({ url: `https://x.example/a?${query}`, behaviour, headers })).toEqual(expected);
  });
});
