import type { Distribution } from "../../internal/cdn-model";
import { distributionOf } from "../../internal/cdn-model/fixture";
import { readHeaders, readRequest } from "./input";

const own = distributionOf([], { aliases: ["downloads.example.com", "*.cdn.example.com"] });
const without = distributionOf();

describe("a URL is read as it is written", () => {
  test.each([
    { url: "https://downloads.example.com/a/b.zip?x=1&y", path: "/a/b.zip", query: "x=1&y" },
    { url: "HTTPS://Downloads.Example.com/A", path: "/A", query: "" },
    { url: "https://downloads.example.com", path: "/", query: "" },
    { url: "https://downloads.example.com?x=1", path: "/", query: "x=1" },
    { url: "https://downloads.example.com/a/../b//c/%7ed", path: "/a/../b//c/%7ed", query: "" },
    { url: "https://downloads.example.com/a?b?c#part", path: "/a", query: "b?c" },
    { url: "/a?x=1", path: "/a", query: "x=1" },
    { url: "//a", path: "//a", query: "" },
  ])("$url", ({ url, path, query }) => {
    expect(readRequest(url, own)).toEqual({
      method: "GET",
      protocol: "https",
      host: "downloads.example.com",
      path,
      query,
      headers: {},
    });
  });

  test("with its protocol, method and headers", () => {
    const request = readRequest("http://downloads.example.com/a", own, {
      method: "HEAD",
      headers: { accept: "*/*" },
    });
    expect(request).toMatchObject({ protocol: "http", method: "HEAD", headers: { accept: "*/*" } });
  });
});

describe("a host is one that the distribution serves", () => {
  const hostOf = (url: string, distribution: Distribution, headers = {}) =>
    readRequest(url, distribution, { headers }).host;

  test.each([
    { name: "its own domain name", url: "https://downloads.example.com/a", distribution: own },
    { name: "one of a wildcard", url: "https://eu.cdn.example.com/a", distribution: own },
    { name: "its own with a port", url: "https://downloads.example.com:443/a", distribution: own },
    { name: "CloudFront's", url: "https://d111111abcdef8.cloudfront.net/a", distribution: own },
    { name: "CloudFront's, the only one", url: "https://d222.cloudfront.net/a", distribution: without },
  ])("$name", ({ url, distribution }) => {
    expect(hostOf(url, distribution)).toBe(
      new URL(url.replace(":443", "")).host + (url.includes(":443") ? ":443" : ""),
    );
  });

  test("a path alone is of the first own domain name, or of CloudFront's", () => {
    expect(hostOf("/a", own)).toBe("downloads.example.com");
    expect(hostOf("/a", without)).toBe("d111111abcdef8.cloudfront.net");
  });

  test("the header Host goes before the URL, as for curl", () => {
    expect(hostOf("https://d111.cloudfront.net/a", own, { host: "downloads.example.com" })).toBe(
      "downloads.example.com",
    );
    expect(() => hostOf("/a", own, { host: "other.example" })).toThrow("does not serve other.example");
  });

  test.each([
    { url: "https://other.example/a", host: "other.example" },
    { url: "https://cdn.example.com/a", host: "cdn.example.com" },
    { url: "https://xdownloads.example.com/a", host: "xdownloads.example.com" },
    { url: "https://a.b.cloudfront.net/a", host: "a.b.cloudfront.net" },
  ])("$host is none", ({ url, host }) => {
    expect(() => readRequest(url, own)).toThrow(
      `URL: the distribution does not serve ${host}; it serves downloads.example.com, *.cdn.example.com; a path alone will do, too`,
    );
  });

  test("without an own domain name only CloudFront's is one", () => {
    expect(() => readRequest("https://downloads.example.com/a", without)).toThrow(
      "URL: the distribution does not serve downloads.example.com; it serves only CloudFront's own domain name; a path alone will do, too",
    );
  });
});

test.each(["downloads.example.com/a", "ftp://downloads.example.com/a", "a/b", "mailto:x"])(
  "%s is no URL",
  (url) => {
    expect(() => readRequest(url, own)).toThrow(
      `URL: "${url}" is none; write it as https://downloads.example.com/updates/v1.2.3.zip, or as /updates/v1.2.3.zip`,
    );
  },
);

test.each(["/a b", "/ä", "/a?x=<>", "/a%zz", "/a%2", '/"'])("%s must be percent-encoded", (url) => {
  expect(() => readRequest(url, own)).toThrow(
    `URL: "${url}" has characters that a URL does not; percent-encode them`,
  );
});

describe("headers", () => {
  test("are read as curl takes them", () => {
    expect(
      readHeaders("-H", ["Accept-Encoding: br", "x-a:1", "X-A:  2 ", "Empty:", 'if-none-match: "a:b"']),
    ).toEqual({ "accept-encoding": "br", "x-a": ["1", "2"], empty: "", "if-none-match": '"a:b"' });
  });

  test.each(["no colon", ": no name", "a b: c", "ü: c", "a: b\nc: d", "a: \u0000", ""])(
    "%j is none",
    (text) => {
      expect(() => readHeaders("--response", [text])).toThrow(
        `--response: ${JSON.stringify(text)} is no header; write it as 'Name: value'`,
      );
    },
  );
});
