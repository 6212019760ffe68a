import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { policyOf } from "../../../internal/cdn-model/fixture";
import { STATUS_PATH } from "./edge";
import { Stage } from "./fixture";

// The machine may be busy.
jest.setTimeout(30_000);

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.end());

test("plain HTTP, as a proxy tells of it, is redirected; without a proxy it counts as HTTPS", async () => {
  await stage.start();
  const headers = { host: "downloads.example.com", "x-forwarded-proto": "http" };
  expect(await stage.get("/a?b=1", headers)).toMatchObject({
    status: 301,
    result: "Redirect",
    headers: { location: "https://downloads.example.com/a?b=1" },
  });
  expect(stage.asked).toEqual([]);
  expect((await stage.get("/a")).status).toBe(200);
});

test("a method that is not allowed is refused", async () => {
  await stage.start();
  expect(await stage.get("/a", {}, "DELETE")).toMatchObject({ status: 403, result: "Error" });
  expect(stage.asked).toEqual([]);
});

test("a path that only signed requests get is refused without a signature", async () => {
  await stage.start([{ trustedKeyGroups: ["group"] }]);
  const answer = await stage.get("/a");
  expect(answer).toMatchObject({ status: 403, result: "Error" });
  expect(answer.body.toString()).toContain("this one has no Signature and Key-Pair-Id");
});

describe("a function on viewer requests", () => {
  test("answers by itself", async () => {
    const code = `function handler() {
      return {
        statusCode: 404,
        headers: { "content-type": { value: "text/plain" } },
        cookies: { a: { value: "1", attributes: "Secure" } },
        body: { encoding: "base64", data: "Tm90IGZvdW5kLgo=" },
      };
    }`;
    await stage.start([{ viewerRequest: { name: "f", code } }]);
    expect(await stage.get("/a")).toMatchObject({
      status: 404,
      result: "FunctionGeneratedResponse",
      body: Buffer.from("Not found.\n"),
      headers: { "content-type": "text/plain", "set-cookie": ["a=1; Secure"] },
    });
    expect(stage.asked).toEqual([]);
  });

  test("that fails is answered 503", async () => {
    const code = "function handler() { throw new Error('no'); }";
    await stage.start([{ viewerRequest: { name: "f", code } }]);
    const answer = await stage.get("/a");
    expect(answer).toMatchObject({ status: 503, result: "Error" });
    expect(answer.body.toString()).toContain("the function threw: no");
  });

  test("is told of the distribution and the viewer, and not of headers that CloudFront hides", async () => {
    const code = "function handler(event) { return { statusCode: 200, body: JSON.stringify(event) }; }";
    await stage.start([{ viewerRequest: { name: "f", code } }]);
    const { body } = await stage.get("/a", { "x-real-ip": "1.2.3.4", "x-edge-a": "1", "x-own": "1" });
    const event = JSON.parse(body.toString());
    expect(event.context).toMatchObject({
      distributionId: "EDFDVBD6EXAMPLE",
      distributionDomainName: "d111111abcdef8.cloudfront.net",
    });
    expect(event.viewer.ip).toContain("127.0.0.1");
    expect(Object.keys(event.request.headers).sort()).toEqual(["host", "x-own"]);
  });
});

describe("what a viewer gets", () => {
  const www = "https://www.example.com";
  const responseHeadersPolicy = {
    name: "p",
    added: [{ name: "x-frame-options", value: "DENY", override: true }],
    removed: ["server"],
    cors: {
      allowCredentials: false,
      allowHeaders: [],
      allowMethods: ["GET"],
      allowOrigins: [www],
      exposeHeaders: [],
      override: true,
    },
  };

  test("has the headers of the policy, CORS for each viewer apart, from the cache too", async () => {
    stage.answer = (_, response) =>
      response.writeHead(200, { server: "nginx", "set-cookie": "a=1" }).end("content");
    await stage.start([{ responseHeadersPolicy }]);
    const plain = await stage.get("/a");
    expect(plain.headers).toMatchObject({ "x-frame-options": "DENY", server: "CloudFront" });
    expect(plain.headers["access-control-allow-origin"]).toBeUndefined();
    expect(plain.headers["set-cookie"]).toBeUndefined();
    const ofPage = await stage.get("/a", { origin: www });
    expect(ofPage).toMatchObject({ result: "Hit", headers: { "access-control-allow-origin": www } });
    const ofOther = await stage.get("/a", { origin: "https://other.example" });
    expect(ofOther.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test('has what no-cache="Set-Cookie" names the first time alone', async () => {
    const control = 'max-age=60, no-cache="Set-Cookie"';
    stage.answer = (request, response) => {
      const status = request.headers["if-none-match"] === undefined ? 200 : 304;
      response.writeHead(status, { "cache-control": control, "set-cookie": "a=1", etag: '"v1"' }).end();
    };
    await stage.start([{ cachePolicy: policyOf({ cookies: { kind: "whitelist", names: ["b"] } }) }]);
    expect(await stage.get("/a")).toMatchObject({ result: "Miss", headers: { "set-cookie": ["a=1"] } });
    const second = await stage.get("/a");
    expect(second).toMatchObject({ result: "Hit", headers: { "cache-control": control } });
    expect(second.headers["set-cookie"]).toBeUndefined();
  });

  test("passes the function on viewer responses each time, once", async () => {
    const code = `function handler(event) {
      const headers = event.response.headers;
      headers["x-count"] = { value: (headers["x-count"] ? headers["x-count"].value : "") + "1" };
      headers["x-path"] = { value: event.request.uri };
      return event.response;
    }`;
    await stage.start([{ viewerResponse: { name: "f", code } }]);
    for (const result of ["Miss", "Hit", "Hit"]) {
      expect(await stage.get("/a")).toMatchObject({ result, headers: { "x-count": "1", "x-path": "/a" } });
    }
  });

  test("is 503 when that function fails, and the object stays in the cache", async () => {
    const code = "function handler() { throw new Error('no'); }";
    await stage.start([{ viewerResponse: { name: "f", code } }]);
    expect((await stage.get("/a")).status).toBe(503);
    expect((await stage.get("/a")).status).toBe(503);
    expect(stage.asked).toHaveLength(1);
  });
});

describe("where texts are compressed", () => {
  const text = "all work and no play ".repeat(500);

  beforeEach(async () => {
    stage.answer = (_, response) => {
      response
        .writeHead(200, { "content-type": "text/plain", "content-length": text.length, etag: '"v1"' })
        .end(text);
    };
    await stage.start([{ compress: true, cachePolicy: policyOf({ gzip: true, brotli: true }) }]);
  });

  test("each form is compressed once and kept apart", async () => {
    const brotli = await stage.get("/a", { "accept-encoding": "gzip, deflate, br" });
    expect(brotli.headers).toMatchObject({
      "content-encoding": "br",
      etag: 'W/"v1"',
      vary: "Accept-Encoding",
    });
    expect(brotliDecompressSync(brotli.body).toString()).toBe(text);
    const gzip = await stage.get("/a", { "accept-encoding": "gzip" });
    expect(gunzipSync(gzip.body).toString()).toBe(text);
    const plain = await stage.get("/a");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.body.toString()).toBe(text);
    expect(stage.asked.map(({ headers }) => headers["accept-encoding"])).toEqual([
      "br,gzip",
      "gzip",
      "identity",
    ]);

    const again = await stage.get("/a", { "accept-encoding": "br, gzip" });
    expect(again).toMatchObject({ result: "Hit", headers: { "content-length": String(brotli.body.length) } });
    expect(again.body.equals(brotli.body)).toBe(true);
  });

  test("a viewer that has a compressed object is answered 304", async () => {
    const headers = { "accept-encoding": "br" };
    await stage.get("/a", headers);
    expect(await stage.get("/a", { ...headers, "if-none-match": 'W/"v1"' })).toMatchObject({
      status: 304,
      result: "Hit",
    });
  });
});

test("the edge tells of itself", async () => {
  await stage.start();
  await stage.get("/a");
  await stage.get("/a");
  const { status, body } = await stage.get(STATUS_PATH);
  expect(status).toBe(200);
  expect(JSON.parse(body.toString())).toEqual({
    pid: process.pid,
    distributionId: "EDFDVBD6EXAMPLE",
    domainName: "d111111abcdef8.cloudfront.net",
    endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    objects: 1,
    bytes: 7,
    answers: { Miss: 1, Hit: 1 },
    sentBytes: 14,
    originRequests: 1,
    originBytes: 7,
    invalidations: { seen: 0 },
  });
});

test("a port that is taken is told", async () => {
  await stage.start();
  const other = new Stage();
  await expect(other.start([{}], { port: stage.running.port })).rejects.toThrow("EADDRINUSE");
  await other.end();
});
