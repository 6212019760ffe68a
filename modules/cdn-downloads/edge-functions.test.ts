import { transformSync } from "esbuild";
import { EdgeFunction } from "../internal/edge-runtime";
import { DEFAULT_PATH_CLASSES, type PathClass } from ".";
import { normaliserCode } from "./edge-functions";
import { leastConfig, synthesiseDownloads } from "./fixture";

interface Parameter {
  readonly value: string;
  readonly multiValue?: readonly { readonly value: string }[];
}

interface EdgeRequest {
  readonly method: string;
  readonly uri: string;
  readonly querystring: string | Readonly<Record<string, Parameter>>;
  readonly headers: Readonly<Record<string, Parameter>>;
}

const { edgeFunctions } = leastConfig;
const pathClass: PathClass = {
  name: "files",
  pathPattern: "/files/*",
  originCacheHeaders: "honour",
  defaultTtlSeconds: 60,
  cacheKeyQueryStrings: ["version", "platform"],
};

function runAtEdge(code: string, request?: EdgeRequest): unknown {
  return new EdgeFunction(code).run({ version: "1.0", context: { eventType: "viewer-request" }, request });
}

function normalised(
  changes: Partial<EdgeRequest>,
  classChanges: Partial<PathClass> = {},
  extensions: readonly string[] = ["zip"],
  corsOrigins: readonly string[] = [],
): EdgeRequest {
  const request = { method: "GET", uri: "/files/app.zip", querystring: {}, headers: {}, ...changes };
  const code = normaliserCode(edgeFunctions, { ...pathClass, ...classChanges }, extensions, corsOrigins);
  return runAtEdge(code, request) as EdgeRequest;
}

describe("normalise-request", () => {
  const orders: { name: string; querystring: Record<string, Parameter>; expected: string }[] = [
    {
      name: "parameters come in one order",
      querystring: { version: { value: "2" }, platform: { value: "mac" } },
      expected: "platform=mac&version=2",
    },
    {
      name: "the other order is the same",
      querystring: { platform: { value: "mac" }, version: { value: "2" } },
      expected: "platform=mac&version=2",
    },
    {
      name: "unknown parameters are dropped",
      querystring: { utm_source: { value: "mail" }, version: { value: "2" } },
      expected: "version=2",
    },
    {
      name: "a name that every object has is no parameter",
      querystring: { constructor: { value: "1" } },
      expected: "",
    },
    { name: "nothing stays nothing", querystring: {}, expected: "" },
    {
      name: "repeated values keep their order",
      querystring: { version: { value: "3", multiValue: [{ value: "3" }, { value: "1" }] } },
      expected: "version=3&version=1",
    },
    {
      name: "values keep their encoding",
      querystring: { version: { value: "1%2B2%26x" } },
      expected: "version=1%2B2%26x",
    },
    { name: "an empty value stays", querystring: { version: { value: "" } }, expected: "version=" },
  ];
  test.each(orders)("$name", ({ querystring, expected }) => {
    expect(normalised({ querystring }).querystring).toBe(expected);
  });

  test("a parameter that has the name of an object's own method is taken from the request alone", () => {
    expect(normalised({}, { cacheKeyQueryStrings: ["toString"] }).querystring).toBe("");
  });

  test.each([
    { uri: "/files/App.ZIP", expected: "/files/App.zip" },
    { uri: "/files/App.Zip", expected: "/files/App.zip" },
    { uri: "/files/App.DMG", expected: "/files/App.DMG" },
    { uri: "/files/V1.ZIP/notes", expected: "/files/V1.ZIP/notes" },
    { uri: "/files/ZIP", expected: "/files/ZIP" },
    { uri: "/files/", expected: "/files/" },
  ])("$uri is asked for as $expected", ({ uri, expected }) => {
    expect(normalised({ uri }).uri).toBe(expected);
  });

  test("method and headers are the viewer's", () => {
    const request = { method: "HEAD", headers: { range: { value: "bytes=0-9" } } };
    expect(normalised(request)).toMatchObject(request);
  });

  test("what is normalised stays as it is when it is normalised again", () => {
    const once = normalised({ uri: "/files/App.ZIP", querystring: { version: { value: "2" } } });
    const twice = normalised({ ...once, querystring: { version: { value: "2" } } });
    expect(twice).toEqual(once);
  });

  test("a signed URL keeps its signature and its path", () => {
    const querystring = {
      Signature: { value: "s" },
      "Key-Pair-Id": { value: "K1" },
      Expires: { value: "1" },
      other: { value: "x" },
    };
    expect(normalised({ uri: "/files/App.ZIP", querystring }, { signed: true })).toMatchObject({
      uri: "/files/App.ZIP",
      querystring: "Expires=1&Key-Pair-Id=K1&Signature=s",
    });
  });

  test("is refused when it outgrows CloudFront's limit", () => {
    const extensions = Array.from({ length: 2000 }, (_, index) => `x${index}`);
    const outgrown = () => normaliserCode(edgeFunctions, pathClass, extensions, []);
    expect(outgrown).toThrow(
      /^path class "files": its function must be of 10240 bytes or fewer, got \d+; name fewer cacheKeyQueryStrings, lowerCasedExtensions or corsOrigins$/,
    );
  });
});

describe("preflight", () => {
  const www = "https://www.example.com";
  const headers = { origin: { value: www }, "access-control-request-method": { value: "GET" } };
  const asked = (corsOrigins: readonly string[], changes: Partial<EdgeRequest> = {}): unknown =>
    normalised({ method: "OPTIONS", headers, ...changes }, {}, [], corsOrigins);

  test.each([
    { name: "the named origin", corsOrigins: ["https://a.example", www] },
    { name: "any origin", corsOrigins: ["*"] },
    { name: "any host of a domain", corsOrigins: ["https://*.example.com"] },
  ])("of $name is answered at the edge", ({ corsOrigins }) => {
    expect(asked(corsOrigins)).toEqual({
      statusCode: 204,
      statusDescription: "No Content",
      headers: {
        "cache-control": { value: "no-store" },
        vary: { value: "Origin" },
        "access-control-allow-origin": { value: www },
        "access-control-allow-methods": { value: "GET, HEAD" },
        "access-control-allow-headers": { value: "*" },
        "access-control-max-age": { value: "3600" },
      },
    });
  });

  test.each(["https://evil.example", "https://www.example.com.evil.example", "http://www.example.com"])(
    "of %s, which is not named, allows nothing",
    (origin) => {
      const changes = { headers: { ...headers, origin: { value: origin } } };
      expect(asked([www, "https://*.example.com"], changes)).toEqual({
        statusCode: 204,
        statusDescription: "No Content",
        headers: { "cache-control": { value: "no-store" }, vary: { value: "Origin" } },
      });
    },
  );

  test.each([
    { name: "no origin may read", corsOrigins: [], changes: {} },
    { name: "it is another method", corsOrigins: ["*"], changes: { method: "GET" } },
    { name: "no browser asks", corsOrigins: ["*"], changes: { headers: {} } },
  ])("goes to the origin when $name", ({ corsOrigins, changes }) => {
    expect(asked(corsOrigins, changes)).toMatchObject({ uri: "/files/app.zip" });
  });

  test("is answered for the origins of the configuration", () => {
    const result = synthesiseDownloads({ corsOrigins: [www] });
    expect(result.one("aws_cloudfront_function", "normalise-latest")["code"]).toContain(
      `"corsOrigins":["${www}"]`,
    );
  });
});

test("refuse-request answers 404, which nobody keeps", () => {
  expect(runAtEdge(edgeFunctions.refuseRequest)).toEqual({
    statusCode: 404,
    statusDescription: "Not Found",
    headers: {
      "cache-control": { value: "no-store" },
      "content-type": { value: "text/plain; charset=utf-8" },
    },
    body: { encoding: "text", data: "Not found.\n" },
  });
});

describe("runtime", () => {
  const sources = Object.entries(edgeFunctions).map(([name, code]) => ({ name, code: code as string }));

  test.each(sources)("$name is ES 5.1 with `const` and `let`, no more", ({ code }) => {
    const written = transformSync(code, { target: "esnext" }).code;
    const lowered = transformSync(code, {
      target: "es5",
      supported: { "const-and-let": true },
    }).code;
    expect(lowered).toBe(written);
  });

  test.each(sources)("$name is within CloudFront's 10 kB", ({ code }) => {
    expect(Buffer.byteLength(code)).toBeLessThan(10_240);
  });
});

describe("deployed", () => {
  const result = synthesiseDownloads({ otherPaths: "refuse" });

  test("is what was tested", () => {
    const latest = result.one("aws_cloudfront_function", "normalise-latest");
    expect(latest).toMatchObject({
      name: "acme-test-downloads-normalise-latest",
      runtime: "cloudfront-js-2.0",
      publish: true,
      lifecycle: { create_before_destroy: true },
    });
    const expected = normaliserCode(edgeFunctions, DEFAULT_PATH_CLASSES[0] as PathClass, [], []);
    expect(latest["code"]).toBe(expected);
  });

  test("no extension is lower-cased unless it is named", () => {
    const { code } = result.one("aws_cloudfront_function", "normalise-latest");
    expect(code).toContain('"extensions":[]');
    const named = synthesiseDownloads({ lowerCasedExtensions: ["zip"] });
    expect(named.one("aws_cloudfront_function", "normalise-latest")["code"]).toContain(
      '"extensions":["zip"]',
    );
  });

  test("Terraform takes none of its text for a reference", () => {
    const refuseRequest = "var text = `${name}`;";
    const refuse = synthesiseDownloads({
      otherPaths: "refuse",
      edgeFunctions: { ...edgeFunctions, refuseRequest },
    }).one("aws_cloudfront_function", "refuse");
    expect(refuse["code"]).toBe("var text = `$${name}`;");
  });

  test("refuses what is not served", () => {
    expect(result.one("aws_cloudfront_function", "refuse")["code"]).toBe(edgeFunctions.refuseRequest);
  });
});
