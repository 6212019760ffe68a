/**
 * What is served from the cache: for how long, under which key, and how often the application is asked. The clock is the test's.
 */
import { randomBytes } from "node:crypto";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { ApplicationLog } from "./internal/application-log";
import { LaterEdge } from "./internal/later-edge";
import { Releases } from "./internal/releases";

const releases = new Releases();
let edge: LaterEdge;

beforeAll(async () => {
  edge = await new LaterEdge().start();
});

afterAll(async () => {
  await edge?.end();
  await releases.remove();
});

describe("what is newest", () => {
  test("is asked for once, then served for five minutes with its age, then asked about", async () => {
    const path = releases.path("/updates/*/latest.json");
    await releases.publish(path, '{"version":"1.2.3"}', "application/json");

    const miss = await edge.download(path);
    expect(miss).toMatchObject({ status: 200, result: "Miss" });
    expect(miss.headers["age"]).toBeUndefined();

    edge.pass(120);
    expect(await edge.download(path)).toMatchObject({ result: "Hit", headers: { age: "120" } });
    edge.pass(179);
    expect(await edge.download(path)).toMatchObject({ result: "Hit", headers: { age: "299" } });

    edge.pass(1);
    const refreshed = await edge.download(path);
    expect(refreshed).toMatchObject({ status: 200, result: "RefreshHit", body: miss.body });
    expect(refreshed.originRequest).not.toBe(miss.originRequest);
    expect(await edge.download(path)).toMatchObject({ result: "Hit", headers: { age: "0" } });
  });

  test("is replaced when it is another after five minutes", async () => {
    const path = releases.path("/updates/*/latest-replaced.json");
    await releases.publish(path, "first");
    await edge.download(path);
    await releases.publish(path, "second");
    edge.pass(299);
    expect(await edge.download(path)).toMatchObject({ result: "Hit", body: Buffer.from("first") });
    edge.pass(1);
    expect(await edge.download(path)).toMatchObject({ result: "Miss", body: Buffer.from("second") });
    expect(await edge.download(path)).toMatchObject({ result: "Hit", body: Buffer.from("second") });
  });

  test("is compressed for those who take it, each form cached apart, the same text for all", async () => {
    const path = releases.path("/updates/*/latest-notes.json");
    const text = JSON.stringify({ notes: "Fixes what was wrong. ".repeat(200) });
    await releases.publish(path, text, "application/json");
    for (const [taken, encoding, decoded] of [
      ["br, gzip", "br", brotliDecompressSync],
      ["gzip, deflate", "gzip", gunzipSync],
      ["identity", undefined, (body: Buffer) => body],
    ] as const) {
      const headers = { "accept-encoding": taken };
      const first = await edge.download(path, { headers });
      expect(first.result).toBe("Miss");
      expect(first.headers["content-encoding"]).toBe(encoding);
      expect(decoded(first.body).toString()).toBe(text);
      const second = await edge.download(path, { headers });
      expect(second).toMatchObject({ result: "Hit", body: first.body });
    }
  });
});

test("a file with a version is served for a year, and asked about after it", async () => {
  const path = releases.path("/updates/v1.2.3-*.zip");
  await releases.publish(path, randomBytes(1000));
  await edge.download(path);
  edge.pass(31_535_999);
  expect((await edge.download(path)).result).toBe("Hit");
  edge.pass(1);
  expect((await edge.download(path)).result).toBe("RefreshHit");
});

describe("the key", () => {
  test("is the path alone: no query, cookie or header splits it", async () => {
    const path = releases.path("/downloads/*/tool-1.0.zip");
    await releases.publish(path, randomBytes(1000));
    const { originRequest } = await edge.download(path);
    const hit = { result: "Hit", originRequest };
    expect(await edge.download(`${path}?utm_source=mail&x=1`)).toMatchObject(hit);
    for (const headers of [
      { cookie: "session=1" },
      { "user-agent": "updater/2" },
      { authorization: "Bearer x" },
      { "x-update-channel": "beta" },
      { "cache-control": "no-cache", pragma: "no-cache" },
    ]) {
      expect(await edge.download(path, { headers })).toMatchObject(hit);
    }
    expect((await edge.download(path.replace("tool", "Tool"))).status).toBe(404);
  });

  test("holds the header by which the application chooses, for each of its values", async () => {
    for (const channel of ["stable", "beta"]) {
      await releases.publish(`/updates/latest-${channel}`, `${channel} of ${releases.path("*")}`);
    }
    const of = (headers: Record<string, string>) => edge.download("/updates/latest", { headers });
    const stable = await of({ "x-update-channel": "stable" });
    const beta = await of({ "X-Update-Channel": "beta", "user-agent": "updater/2" });
    expect(stable).toMatchObject({ status: 200, result: "Miss" });
    expect(stable.body.toString()).toMatch(/^stable of /);
    expect(stable.headers["vary"]).toBe("X-Update-Channel");
    expect(beta).toMatchObject({ status: 200, result: "Miss" });
    expect(beta.body.toString()).toMatch(/^beta of /);
    expect(await of({ "x-update-channel": "stable", "x-other": "1" })).toMatchObject({
      result: "Hit",
      body: stable.body,
    });
    expect(await of({ "x-update-channel": "beta" })).toMatchObject({ result: "Hit", body: beta.body });
    // Without the header the application means the stable one, which the cache cannot know.
    expect(await of({})).toMatchObject({ result: "Miss", body: stable.body });
  });

  test("holds the parameters by which the application chooses, in any order, and no others", async () => {
    const body = `installer of ${releases.path("*")}`;
    await releases.publish("/downloads/installer-linux-x64", body);
    await releases.publish("/downloads/installer-linux-arm64", `arm64 ${body}`);
    const asked = edge.originRequests;
    const of = (query: string) => edge.download(`/downloads/installer?${query}`);
    const first = await of("platform=linux&arch=x64");
    expect(first).toMatchObject({ status: 200, result: "Miss", body: Buffer.from(body) });
    for (const query of [
      "arch=x64&platform=linux",
      "utm_source=mail&platform=linux&arch=x64",
      "arch=x64&fbclid=1&platform=linux&PLATFORM=mac",
    ]) {
      expect(await of(query)).toMatchObject({ result: "Hit", originRequest: first.originRequest });
    }
    expect(await of("platform=linux&arch=arm64")).toMatchObject({
      result: "Miss",
      body: Buffer.from(`arm64 ${body}`),
    });
    expect(edge.originRequests - asked).toBe(2);
  });
});

test("many who ask at once for what is not cached cost the application one request", async () => {
  const path = releases.path("/downloads/*/crowded.bin");
  const file = randomBytes(3_000_000);
  await releases.publish(path, file);
  const log = new ApplicationLog();
  const asked = edge.originRequests;
  const answers = await Promise.all(Array.from({ length: 50 }, () => edge.download(path)));
  expect(answers.every(({ status, body }) => status === 200 && body.equals(file))).toBe(true);
  expect(answers.map(({ result }) => result).sort()).toEqual([
    ...Array.from({ length: 49 }, () => "Hit"),
    "Miss",
  ]);
  expect(edge.originRequests - asked).toBe(1);
  // Beside those of other tests the log has one for all of these.
  const ids = new Set(answers.map(({ originRequest }) => originRequest));
  const logged = (await log.requests()).filter(({ requestId }) => ids.has(requestId));
  expect(logged).toEqual([expect.objectContaining({ route: "GET /downloads/*", status: 200 })]);
});

describe("an error is not stuck", () => {
  test("a file that was asked for before it was published is served as soon as it is there", async () => {
    const path = releases.path("/updates/v2.0.0-*.zip");
    const missing = await edge.download(path);
    expect(missing).toMatchObject({ status: 404, result: "Error" });
    const file = randomBytes(1000);
    await releases.publish(path, file);
    // The application says no-store with its 404, which CloudFront heeds.
    expect(missing.headers["cache-control"]).toBe("no-store");
    expect(await edge.download(path)).toMatchObject({ status: 200, result: "Miss", body: file });
  });

  test("a request that the application refuses is refused by it each time", async () => {
    const refused = await edge.download("/downloads/installer?platform=amiga&arch=x64");
    expect(refused).toMatchObject({ status: 400, result: "Error" });
    const again = await edge.download("/downloads/installer?platform=amiga&arch=x64");
    expect(again).toMatchObject({ status: 400, result: "Error" });
    expect(again.originRequest).not.toBe(refused.originRequest);
  });
});
