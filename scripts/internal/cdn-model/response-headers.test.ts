import { type CorsHeaders, passedOnHeaders, type ResponseHeadersPolicy, requestOf, withPolicy } from ".";
import { behaviourOf, policyOf } from "./fixture";

const www = "https://www.example.com";
const cors: CorsHeaders = {
  allowCredentials: false,
  allowHeaders: ["*"],
  allowMethods: ["GET", "HEAD"],
  allowOrigins: [www],
  exposeHeaders: ["ETag", "Age"],
  maximumAgeSeconds: 3600,
  override: true,
};
const policy: ResponseHeadersPolicy = {
  name: "test",
  cors,
  added: [
    { name: "x-frame-options", value: "DENY", override: true },
    { name: "referrer-policy", value: "no-referrer", override: false },
  ],
  removed: ["server", "x-powered-by"],
};

function applied(
  headers: Readonly<Record<string, string>>,
  changes: Partial<ResponseHeadersPolicy> = {},
  request: { origin?: string; method?: string; preflight?: boolean } = {},
) {
  const { origin, method = "GET", preflight = false } = request;
  const asked = {
    ...(origin !== undefined && { origin }),
    ...(preflight && { "access-control-request-method": "GET" }),
  };
  return withPolicy(
    { ...policy, ...changes },
    headers,
    requestOf(new URL("https://x.example/a"), { method, headers: asked }),
  );
}

test("headers are removed, then added", () => {
  expect(applied({ server: "nginx", "content-type": "text/plain" })).toEqual({
    "content-type": "text/plain",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
  });
});

test("a header that is both removed and added is added", () => {
  const added = [{ name: "server", value: "mine", override: false }];
  expect(applied({ server: "nginx" }, { added })["server"]).toBe("mine");
});

test("what the origin says stays where the policy does not override", () => {
  const said = applied({ "x-frame-options": "SAMEORIGIN", "referrer-policy": "origin" });
  expect(said).toMatchObject({ "x-frame-options": "DENY", "referrer-policy": "origin" });
});

describe("CORS", () => {
  test("an origin that is named may read", () => {
    expect(applied({}, {}, { origin: www })).toMatchObject({
      "access-control-allow-origin": www,
      "access-control-expose-headers": "ETag, Age",
    });
  });

  test.each([
    { name: "another origin", origin: "https://evil.example" },
    { name: "an origin that begins alike", origin: `${www}.evil.example` },
    { name: "no page", origin: undefined },
  ])("$name is told nothing", ({ origin }) => {
    const said = applied({}, {}, origin === undefined ? {} : { origin });
    expect(Object.keys(said).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test.each([
    { allowed: "*", origin: www, said: "*" },
    { allowed: "https://*.example.com", origin: www, said: www },
    { allowed: "https://*.example.com", origin: "https://example.com", said: undefined },
    { allowed: "https://*.example.com", origin: "http://www.example.com", said: undefined },
  ])("$allowed and $origin: $said", ({ allowed, origin, said }) => {
    const answer = applied({}, { cors: { ...cors, allowOrigins: [allowed] } }, { origin });
    expect(answer["access-control-allow-origin"]).toBe(said);
  });

  test("with credentials the origin is named, never *", () => {
    const changes = { cors: { ...cors, allowOrigins: ["*"], allowCredentials: true } };
    expect(applied({}, changes, { origin: www })).toMatchObject({
      "access-control-allow-origin": www,
      "access-control-allow-credentials": "true",
    });
  });

  test("a preflight is told of methods, headers and age", () => {
    expect(applied({}, {}, { origin: www, method: "OPTIONS", preflight: true })).toMatchObject({
      "access-control-allow-methods": "GET, HEAD",
      "access-control-allow-headers": "*",
      "access-control-max-age": "3600",
    });
    expect(applied({}, {}, { origin: www })["access-control-max-age"]).toBeUndefined();
  });

  test("what the origin says stays where the policy does not override", () => {
    const said = { "access-control-allow-origin": "https://own.example" };
    const mild = { cors: { ...cors, override: false } };
    expect(applied(said, mild, { origin: www })).toMatchObject(said);
    expect(applied(said, {}, { origin: www })["access-control-allow-origin"]).toBe(www);
  });
});

describe("an answer is passed on", () => {
  const answer = {
    "content-type": "text/plain",
    connection: "keep-alive, X-Hop",
    "x-hop": "1",
    "keep-alive": "timeout=5",
    "transfer-encoding": "chunked",
    via: "1.1 proxy",
    "set-cookie": ["a=1", "b=2"],
  };

  test("without connection management and cookies", () => {
    expect(passedOnHeaders(behaviourOf(), answer)).toEqual({ "content-type": "text/plain" });
  });

  test("with cookies where the origin gets them", () => {
    const cookies = behaviourOf({ cachePolicy: policyOf({ cookies: { kind: "all", names: [] } }) });
    expect(passedOnHeaders(cookies, answer)["set-cookie"]).toEqual(["a=1", "b=2"]);
  });

  const whitelist = (...names: string[]) => ({ kind: "whitelist", names }) as const;
  const keyed = (...names: string[]) =>
    behaviourOf({ cachePolicy: policyOf({ headers: whitelist(...names) }) });
  const sent = (...names: string[]) => {
    const none = { kind: "none", names: [] } as const;
    return behaviourOf({
      originRequestPolicy: { name: "sent", headers: whitelist(...names), cookies: none, queryStrings: none },
    });
  };

  test.each([
    { name: "encoding and cookies always", behaviour: behaviourOf(), vary: "Accept-Encoding, Cookie" },
    {
      name: "a header in the key",
      behaviour: keyed("x-channel"),
      vary: "Accept-Encoding, X-Channel, Cookie",
    },
    {
      name: "a header that is sent",
      behaviour: sent("x-channel"),
      vary: "Accept-Encoding, X-Channel, Cookie",
    },
    {
      name: "the device that CloudFront told",
      behaviour: keyed("cloudfront-is-mobile-viewer"),
      vary: "Accept-Encoding, User-Agent, Cookie",
    },
  ])("of Vary with $name", ({ behaviour, vary }) => {
    const said = "Accept-Encoding, X-Channel, User-Agent,Cookie";
    expect(passedOnHeaders(behaviour, { vary: said })).toEqual({ vary });
  });

  test("without Vary where the origin sees nothing of it", () => {
    expect(passedOnHeaders(behaviourOf(), { vary: "X-Channel" })).toEqual({});
  });

  test("with Vary: * only where it has the origin asked each time", () => {
    expect(passedOnHeaders(behaviourOf(), { vary: "*" })).toEqual({ vary: "*" });
    const kept = behaviourOf({ cachePolicy: policyOf({ minimumTtlSeconds: 1 }) });
    expect(passedOnHeaders(kept, { vary: "*" })).toEqual({});
  });
});
