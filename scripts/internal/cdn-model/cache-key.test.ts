import fc from "fast-check";
import { acceptEncoding, type CachePolicy, cacheKey, requestOf, selects, textOfKey } from ".";
import { policyOf } from "./fixture";

const URL_START = "https://downloads.example.com";

function keyOf(
  pathAndQuery: string,
  policy: Partial<CachePolicy> = {},
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): string {
  return textOfKey(
    cacheKey(policyOf(policy), requestOf(new URL(URL_START + pathAndQuery), { headers, method })),
  );
}

const version = { queryStrings: { kind: "whitelist", names: ["version", "platform"] } } as const;

describe("by default the key is the path alone", () => {
  test.each([
    { name: "another query", url: "/a?x=1", headers: {}, method: "GET" },
    { name: "other headers", url: "/a", headers: { "user-agent": "curl", accept: "*/*" }, method: "GET" },
    { name: "other cookies", url: "/a", headers: { cookie: "session=1" }, method: "GET" },
    { name: "another encoding", url: "/a", headers: { "accept-encoding": "gzip, br" }, method: "GET" },
    { name: "HEAD", url: "/a", headers: {}, method: "HEAD" },
  ])("$name is the same", ({ url, headers, method }) => {
    expect(keyOf(url, {}, headers, method)).toBe(keyOf("/a"));
  });

  test.each([
    { name: "another path", url: "/b", method: "GET" },
    { name: "another case of the path", url: "/A", method: "GET" },
    { name: "OPTIONS", url: "/a", method: "OPTIONS" },
  ])("$name is another", ({ url, method }) => {
    expect(keyOf(url, {}, {}, method)).not.toBe(keyOf("/a"));
  });

  test("the host does not count: it is one distribution's", () => {
    const of = (host: string) => textOfKey(cacheKey(policyOf(), requestOf(new URL(`https://${host}/a`))));
    expect(of("a.example.com")).toBe(of("b.example.com"));
  });
});

describe("chosen parameters", () => {
  test("unknown ones do not count", () => {
    expect(keyOf("/a?version=1&utm_source=mail", version)).toBe(keyOf("/a?version=1", version));
  });

  test.each([
    { name: "another value", query: "version=2" },
    { name: "another case of the value", query: "version=A" },
    { name: "another case of the name", query: "Version=1" },
    { name: "no value", query: "version=" },
    { name: "several values", query: "version=1&version=2" },
    { name: "another chosen one besides", query: "version=1&platform=mac" },
    { name: "another encoding of the value", query: "version=%31" },
  ])("$name is another key", ({ query }) => {
    expect(keyOf(`/a?${query}`, version)).not.toBe(keyOf("/a?version=1", version));
  });

  test("another order is another key: the guide says so, and the function at the edge sorts", () => {
    expect(keyOf("/a?version=1&platform=mac", version)).not.toBe(keyOf("/a?platform=mac&version=1", version));
  });

  test("all, and all but some", () => {
    const all = { queryStrings: { kind: "all", names: [] } } as const;
    const allExcept = { queryStrings: { kind: "allExcept", names: ["utm_source"] } } as const;
    expect(keyOf("/a?x=1", all)).not.toBe(keyOf("/a", all));
    expect(keyOf("/a?utm_source=mail&x=1", allExcept)).toBe(keyOf("/a?x=1", allExcept));
    expect(keyOf("/a?x=1", allExcept)).not.toBe(keyOf("/a", allExcept));
  });
});

describe("chosen headers", () => {
  const language = { headers: { kind: "whitelist", names: ["accept-language", "x-channel"] } } as const;

  test("their values count, with their case", () => {
    expect(keyOf("/a", language, { "x-channel": "beta" })).not.toBe(keyOf("/a", language));
    expect(keyOf("/a", language, { "x-channel": "beta" })).not.toBe(
      keyOf("/a", language, { "x-channel": "Beta" }),
    );
  });

  test("their order does not", () => {
    const one = { "x-channel": "beta", "accept-language": "de" };
    const other = { "accept-language": "de", "x-channel": "beta" };
    expect(keyOf("/a", language, one)).toBe(keyOf("/a", language, other));
  });

  test("one that is there several times counts with all its values", () => {
    const key = (values: string[]) =>
      textOfKey(
        cacheKey(policyOf(language), {
          ...requestOf(new URL(`${URL_START}/a`)),
          headers: { "x-channel": values },
        }),
      );
    expect(key(["a", "b"])).not.toBe(key(["a"]));
    expect(key(["a"])).toBe(keyOf("/a", language, { "x-channel": "a" }));
  });

  test("Host counts where it is chosen", () => {
    const host = policyOf({ headers: { kind: "whitelist", names: ["host"] } });
    const of = (name: string) => textOfKey(cacheKey(host, requestOf(new URL(`https://${name}/a`))));
    expect(of("a.example.com")).not.toBe(of("b.example.com"));
  });
});

describe("chosen cookies", () => {
  const cookies = { cookies: { kind: "whitelist", names: ["a", "b"] } } as const;

  test("count in any order, others do not", () => {
    expect(keyOf("/x", cookies, { cookie: "b=2; a=1; session=9" })).toBe(
      keyOf("/x", cookies, { cookie: "a=1;b=2" }),
    );
  });

  test("count with their case", () => {
    expect(keyOf("/x", cookies, { cookie: "a=x" })).not.toBe(keyOf("/x", cookies, { cookie: "a=X" }));
    expect(keyOf("/x", cookies, { cookie: "A=x" })).toBe(keyOf("/x", cookies));
  });
});

describe("Accept-Encoding", () => {
  test.each([
    { flags: "both", header: "gzip, deflate, br", expected: "br,gzip" },
    { flags: "both", header: "br", expected: "br" },
    { flags: "both", header: "gzip", expected: "gzip" },
    { flags: "both", header: "deflate", expected: undefined },
    { flags: "both", header: undefined, expected: undefined },
    { flags: "both", header: "GZIP;q=0.5, BR;q=1.0", expected: "br,gzip" },
    { flags: "both", header: "gzip, br;q=0", expected: "gzip" },
    { flags: "gzip", header: "gzip, br", expected: "gzip" },
    { flags: "gzip", header: "br", expected: undefined },
    { flags: "brotli", header: "gzip, br", expected: "br" },
    { flags: "none", header: "gzip, br", expected: undefined },
  ])("$header with $flags is $expected", ({ flags, header, expected }) => {
    const policy = policyOf({
      gzip: flags === "both" || flags === "gzip",
      brotli: flags === "both" || flags === "brotli",
    });
    expect(acceptEncoding(policy, header)).toBe(expected);
  });

  test("counts in its normalised form", () => {
    const both = { gzip: true, brotli: true };
    const key = (value: string) => keyOf("/a", both, { "accept-encoding": value });
    expect(key("gzip, deflate, br")).toBe(key("br;q=1.0, gzip;q=0.8, *;q=0.1"));
    expect(key("gzip")).not.toBe(key("br"));
    expect(key("identity")).toBe(keyOf("/a", both));
  });

  test("counts like any header where it is chosen and nothing compressed is cached", () => {
    const chosen = { headers: { kind: "whitelist", names: ["accept-encoding"] } } as const;
    expect(keyOf("/a", chosen, { "accept-encoding": "deflate" })).not.toBe(keyOf("/a", chosen));
  });
});

describe("for any request", () => {
  const name = fc.constantFrom("version", "platform", "utm_source", "fbclid", "Version");
  const parameter = fc.tuple(name, fc.string({ maxLength: 3 }).map(encodeURIComponent));
  const query = fc.array(parameter, { maxLength: 6 });
  const text = (all: readonly (readonly [string, string])[]) =>
    `/a?${all.map(([key, value]) => `${key}=${value}`).join("&")}`;

  test("parameters that are not chosen never count", () => {
    fc.assert(
      fc.property(query, (all) => {
        const chosen = all.filter(([key]) => version.queryStrings.names.includes(key as "version"));
        expect(keyOf(text(all), version)).toBe(keyOf(text(chosen), version));
      }),
    );
  });

  test("different chosen parameters are different keys", () => {
    const all = { queryStrings: { kind: "all", names: [] } } as const;
    fc.assert(
      fc.property(query, query, (one, other) => {
        expect(keyOf(text(one), all) === keyOf(text(other), all)).toBe(text(one) === text(other));
      }),
    );
  });
});

test.each([
  { kind: "none", names: [], selected: [] },
  { kind: "all", names: [], selected: ["a", "b"] },
  { kind: "whitelist", names: ["a"], selected: ["a"] },
  { kind: "allExcept", names: ["a"], selected: ["b"] },
] as const)("$kind $names chooses $selected of a and b", ({ kind, names, selected }) => {
  expect(["a", "b"].filter((name) => selects({ kind, names }, name))).toEqual(selected);
});
