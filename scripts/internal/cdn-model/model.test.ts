import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { CdnModel, type Decision, type Headers, readDistributions, requestOf, textOfKey } from ".";
import { behaviourOf, distributionOf, policyOf } from "./fixture";

const root = resolve(__dirname, "../../..");
const NOW = Date.parse("2026-11-24T12:00:00Z");

function modelOf(environment: string): CdnModel {
  const text = readFileSync(join(root, "envs", "testdata", `envs-${environment}.json`), "utf8");
  const [distribution] = readDistributions(JSON.parse(text));
  if (distribution === undefined) throw new Error(`${environment} has no distribution`);
  return new CdnModel(distribution);
}

function decide(model: CdnModel, url: string, method = "GET", headers: Headers = {}): Decision {
  return model.decide(requestOf(new URL(url), { method, headers }), { now: NOW });
}

describe("in staging", () => {
  const staging = modelOf("staging");
  const host = "https://downloads.staging.example.com";

  test("a file with a version is looked for under its path, then asked of the application, then of S3", () => {
    const decision = decide(staging, `${host}/updates/v1.2.3.zip?utm_source=mail`);
    expect(decision).toMatchObject({ kind: "cache", key: { path: "/updates/v1.2.3.zip", query: [] } });
    expect(decision.match.behaviour.pathPattern).toBe("/updates/v*.*.*");
    if (decision.kind !== "cache") return;
    expect(decision.target.origins.map(({ id }) => id)).toEqual(["alb", "s3"]);
  });

  test("what is not served is answered by the function at the edge", () => {
    expect(decide(staging, `${host}/admin`)).toMatchObject({
      kind: "respond",
      response: { statusCode: 404 },
    });
  });

  test("a web page's preflight is answered by the function at the edge", () => {
    const headers = { origin: "https://staging.example.com", "access-control-request-method": "GET" };
    expect(decide(staging, `${host}/downloads/a.zip`, "OPTIONS", headers)).toMatchObject({
      kind: "respond",
      response: { statusCode: 204, headers: { "access-control-allow-origin": { value: headers.origin } } },
    });
  });

  test("other OPTIONS are asked of the origin each time", () => {
    expect(decide(staging, `${host}/downloads/a.zip`, "OPTIONS")).toMatchObject({ kind: "pass" });
  });

  test("plain HTTP is redirected, what writes is refused, before any function runs", () => {
    expect(decide(staging, "http://downloads.staging.example.com/admin")).toMatchObject({
      kind: "redirect",
      status: 301,
      location: `${host}/admin`,
    });
    expect(decide(staging, `${host}/admin`, "PUT")).toMatchObject({ kind: "refuse", status: 403 });
  });
});

test("in prod, what is not cached is passed on to the application as it is", () => {
  const decision = decide(modelOf("prod"), "https://downloads.example.com/account?x=1", "POST");
  expect(decision).toMatchObject({ kind: "pass", request: { path: "/account", query: "x=1" } });
});

describe("the function on viewer requests", () => {
  const modelWith = (code: string, changes: Parameters<typeof behaviourOf>[0] = {}) =>
    new CdnModel(
      distributionOf([
        behaviourOf({
          cachePolicy: policyOf({
            queryStrings: { kind: "all", names: [] },
            headers: { kind: "whitelist", names: ["x-channel"] },
            cookies: { kind: "all", names: [] },
          }),
          viewerRequest: { name: "f", code },
          ...changes,
        }),
      ]),
    );
  const keyOf = (decision: Decision) => (decision.kind === "cache" ? decision.key : undefined);
  const url = "https://x.example/a/b.zip?flag&b=2&a=1&b=3";
  const headers: Headers = { "x-channel": ["beta", "nightly"], cookie: "z=1; a=2" };

  test("that changes nothing leaves everything as it came", () => {
    const decision = decide(
      modelWith("function handler(event) { return event.request; }"),
      url,
      "GET",
      headers,
    );
    expect(decision).toMatchObject({ kind: "cache", request: { query: "flag&b=2&a=1&b=3", headers } });
  });

  test("sees parameters, headers and cookies as CloudFront gives them", () => {
    const code = `function handler(event) {
      event.request.headers["x-seen"] = { value: JSON.stringify(event) };
      return event.request;
    }`;
    const decision = decide(modelWith(code), url, "GET", headers);
    if (decision.kind !== "cache") throw new Error(decision.kind);
    expect(JSON.parse(String(decision.request.headers["x-seen"]))).toEqual({
      version: "1.0",
      context: {
        distributionId: "EXAMPLE",
        distributionDomainName: "d111111abcdef8.cloudfront.net",
        eventType: "viewer-request",
        requestId: "EXAMPLE",
      },
      viewer: { ip: "127.0.0.1" },
      request: {
        method: "GET",
        uri: "/a/b.zip",
        querystring: {
          flag: { value: "" },
          b: { value: "2", multiValue: [{ value: "2" }, { value: "3" }] },
          a: { value: "1" },
        },
        headers: {
          "x-channel": { value: "beta", multiValue: [{ value: "beta" }, { value: "nightly" }] },
        },
        cookies: { z: { value: "1" }, a: { value: "2" } },
      },
    });
  });

  test("changes the path, not the behaviour that applies", () => {
    const model = new CdnModel(
      distributionOf([
        behaviourOf({
          pathPattern: "/a/*",
          viewerRequest: {
            name: "f",
            code: "function handler(e) { e.request.uri = '/b/c'; return e.request; }",
          },
        }),
        behaviourOf({ pathPattern: "/b/*" }),
      ]),
    );
    const decision = decide(model, "https://x.example/a/b");
    expect(decision.match.behaviour.pathPattern).toBe("/a/*");
    expect(keyOf(decision)?.path).toBe("/b/c");
  });

  test.each([
    { name: "as a text", statement: "r.querystring = 'x=1';", query: "x=1" },
    { name: "as an object", statement: "delete r.querystring.flag;", query: "b=2&b=3&a=1" },
    { name: "to nothing", statement: "r.querystring = {};", query: "" },
  ])("changes the query $name", ({ statement, query }) => {
    const code = `function handler(e) { const r = e.request; ${statement} return r; }`;
    expect(decide(modelWith(code), url)).toMatchObject({ kind: "cache", request: { query } });
  });

  test("changes headers and cookies", () => {
    const code = `function handler(e) {
      e.request.headers["x-channel"] = { value: "stable" };
      delete e.request.cookies.z;
      return e.request;
    }`;
    expect(decide(modelWith(code), url, "GET", headers)).toMatchObject({
      kind: "cache",
      request: { headers: { "x-channel": "stable", cookie: "a=2" } },
    });
  });

  test("does not see the headers of the hop, and loses none of them", () => {
    const code = `function handler(e) {
      e.request.headers["x-seen"] = { value: Object.keys(e.request.headers).join() };
      return e.request;
    }`;
    const hop = { connection: "close", "x-forwarded-proto": "http", "x-amz-cf-id": "1", "x-cache": "1" };
    expect(decide(modelWith(code), url, "GET", { ...hop, accept: "*/*" })).toMatchObject({
      kind: "cache",
      request: { headers: { ...hop, "x-seen": "accept" } },
    });
  });

  test("that fails is told", () => {
    expect(() => decide(modelWith("function handler() { throw new Error('no'); }"), url)).toThrow(
      "the function threw: no",
    );
    expect(() => modelWith("function (")).toThrow("the function does not load");
  });

  test("gets the default root object for the root", () => {
    const model = new CdnModel(distributionOf([], { defaultRootObject: "index.html" }));
    expect(keyOf(decide(model, "https://x.example/"))?.path).toBe("/index.html");
    expect(keyOf(decide(model, "https://x.example/a/"))?.path).toBe("/a/");
  });
});

test("once normalised, order and unknown parameters never split the cache", () => {
  const [distribution] = readDistributions(
    JSON.parse(readFileSync(join(root, "envs", "testdata", "envs-prod.json"), "utf8")),
  );
  const normaliser = distribution?.behaviours[0]?.viewerRequest;
  if (normaliser === undefined) throw new Error("prod has no function on viewer requests");
  const names = ["platform", "version"];
  const code = normaliser.code.replace(/"parameters":\[[^\]]*\]/, `"parameters":${JSON.stringify(names)}`);
  expect(code).not.toBe(normaliser.code);
  const model = new CdnModel(
    distributionOf([
      behaviourOf({
        cachePolicy: policyOf({ queryStrings: { kind: "whitelist", names } }),
        viewerRequest: { name: "normalise", code },
      }),
    ]),
  );
  const keyOf = (query: readonly (readonly [string, string])[]) => {
    const text = query.map(([name, value]) => `${name}=${value}`).join("&");
    const decision = decide(model, `https://x.example/a?${text}`);
    if (decision.kind !== "cache") throw new Error(decision.kind);
    return textOfKey(decision.key);
  };
  const value = fc.string({ maxLength: 3 }).map(encodeURIComponent);
  const unknown = fc.array(fc.tuple(fc.constantFrom("utm", "fbclid", "toString"), value), { maxLength: 3 });
  fc.assert(
    fc.property(value, value, unknown, fc.nat(), (version, platform, others, shift) => {
      const chosen = [
        ["version", version],
        ["platform", platform],
      ] as const;
      const all = [...chosen, ...others];
      const at = shift % all.length;
      expect(keyOf([...all.slice(at), ...all.slice(0, at)])).toBe(keyOf(chosen));
    }),
  );
});

describe("an answer to a viewer", () => {
  const responseHeadersPolicy = {
    name: "p",
    added: [{ name: "x-frame-options", value: "DENY", override: true }],
    removed: ["server"],
  };
  const finished = (code: string | undefined, status = 200, headers: Headers = { server: "nginx" }) => {
    const behaviour = behaviourOf({
      responseHeadersPolicy,
      ...(code !== undefined && { viewerResponse: { name: "f", code } }),
    });
    const model = new CdnModel(distributionOf([behaviour]));
    return model.finish(behaviour, requestOf(new URL("https://x.example/a?b=1")), { status, headers });
  };

  test("gets what the response headers policy sets", () => {
    expect(finished(undefined)).toEqual({ status: 200, headers: { "x-frame-options": "DENY" } });
  });

  test("is then the function's to change", () => {
    const code = `function handler(event) {
      const response = event.response;
      response.headers["x-seen"] = { value: event.request.uri + " " + Object.keys(response.headers).join() };
      delete response.headers["x-frame-options"];
      response.cookies.b = { value: "2", attributes: "Secure" };
      return response;
    }`;
    const cookies = ["a=1; Path=/", "a=3"];
    expect(finished(code, 200, { "set-cookie": cookies })).toEqual({
      status: 200,
      headers: { "x-seen": "/a x-frame-options", "set-cookie": ["a=1; Path=/", "a=3", "b=2; Secure"] },
    });
  });

  test("of an error does not reach the function", () => {
    const code = "function handler() { throw new Error('no'); }";
    expect(finished(code, 404)).toEqual({ status: 404, headers: { "x-frame-options": "DENY" } });
    expect(() => finished(code)).toThrow("the function threw: no");
  });
});
