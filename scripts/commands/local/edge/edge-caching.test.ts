import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { policyOf } from "../../../internal/cdn-model/fixture";
import { hashOf, Stage } from "./fixture";

// The machine may be busy.
jest.setTimeout(30_000);

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.end());

/** The results of the same request several times. */
async function results(path: string, count: number): Promise<string[]> {
  const found: string[] = [];
  for (let index = 0; index < count; index++) found.push((await stage.get(path)).result);
  return found;
}

describe("an object", () => {
  test("is asked of the origin once, then served from the cache with its age", async () => {
    await stage.start();
    const first = await stage.get("/a");
    expect(first).toMatchObject({ status: 200, result: "Miss", body: Buffer.from("content") });
    expect(first.headers["age"]).toBeUndefined();
    stage.pass(30);
    const second = await stage.get("/a");
    expect(second).toMatchObject({ status: 200, result: "Hit", body: Buffer.from("content") });
    expect(second.headers).toMatchObject({ age: "30", etag: '"v1"', "content-length": "7" });
    expect(stage.asked).toHaveLength(1);
  });

  test("is asked of the distribution in the emulator, by its domain name", async () => {
    await stage.start();
    await stage.get("/a%20b?x=1", { "x-own": "1", "x-local-edge": "forged", host: "downloads.example.com" });
    expect(stage.asked[0]).toMatchObject({
      method: "GET",
      url: "/a%20b?x=1",
      headers: {
        host: "d111111abcdef8.cloudfront.net",
        "x-forwarded-proto": "https",
        "x-local-edge": "origin",
        "x-own": "1",
      },
    });
  });

  test("comes through identical, large or small, the first time and from the cache", async () => {
    const bodies = new Map(
      [0, 1, 65_535, 65_536, 65_537, 3_000_000].map((size) => [`/${size}`, randomBytes(size)]),
    );
    stage.answer = (request, response) => {
      response.writeHead(200, { "cache-control": "max-age=60" }).end(bodies.get(request.url ?? ""));
    };
    await stage.start();
    for (const [path, body] of bodies) {
      expect(hashOf((await stage.get(path)).body)).toBe(hashOf(body));
      const cached = await stage.get(path);
      expect(cached.result).toBe("Hit");
      expect(hashOf(cached.body)).toBe(hashOf(body));
    }
    expect(stage.asked).toHaveLength(bodies.size);
  });

  test("that is kept in a file leaves none behind when it is forgotten", async () => {
    stage.answer = (_, response) => response.writeHead(200).end(Buffer.alloc(200_000));
    await stage.start();
    await stage.get("/a");
    expect(readdirSync(stage.objects)).toHaveLength(1);
    stage.running.invalidate(["/*"]);
    expect(readdirSync(stage.objects)).toEqual([]);
  });

  test("expires by the clock, and is then asked about", async () => {
    await stage.start();
    expect(await results("/a", 2)).toEqual(["Miss", "Hit"]);
    stage.pass(59);
    expect(await results("/a", 1)).toEqual(["Hit"]);
    stage.pass(1);
    await stage.get("/a");
    expect(stage.asked).toHaveLength(2);
  });

  test("of another path class expires by its own policy", async () => {
    stage.answer = (_, response) => response.writeHead(200).end("content");
    await stage.start([
      { pathPattern: "/latest/*", cachePolicy: policyOf({ defaultTtlSeconds: 10, maximumTtlSeconds: 10 }) },
      { cachePolicy: policyOf({ defaultTtlSeconds: 1000 }) },
    ]);
    await stage.get("/latest/a");
    await stage.get("/v1/a");
    stage.pass(11);
    await stage.get("/latest/a");
    expect((await stage.get("/v1/a")).result).toBe("Hit");
    expect(stage.asked.map(({ url }) => url)).toEqual(["/latest/a", "/v1/a", "/latest/a"]);
  });

  test("goes when the cache is full: the longest unused first", async () => {
    stage.answer = (_, response) => response.writeHead(200).end(Buffer.alloc(100_000));
    await stage.start([{}], { maximumBytes: 250_000 });
    await stage.get("/a");
    await stage.get("/b");
    await stage.get("/a");
    await stage.get("/c");
    expect(stage.running.status).toMatchObject({ objects: 2, bytes: 200_000 });
    expect(readdirSync(stage.objects)).toHaveLength(2);
    expect(await results("/a", 1)).toEqual(["Hit"]);
    expect(await results("/b", 1)).toEqual(["Miss"]);
  });

  test("that is larger than the cache is served, and not kept", async () => {
    stage.answer = (_, response) => response.writeHead(200).end(Buffer.alloc(300_000));
    await stage.start([{}], { maximumBytes: 250_000 });
    expect((await stage.get("/a")).body).toHaveLength(300_000);
    expect(stage.running.status).toMatchObject({ objects: 0, bytes: 0 });
    expect(readdirSync(stage.objects)).toEqual([]);
  });
});

describe("the cache key", () => {
  const byQuery = {
    cachePolicy: policyOf({ queryStrings: { kind: "whitelist", names: ["version"] } }),
  } as const;
  const byHeader = {
    cachePolicy: policyOf({ headers: { kind: "whitelist", names: ["x-channel"] } }),
  } as const;

  beforeEach(() => {
    stage.answer = (request, response) => {
      response.writeHead(200).end(`${request.url} ${request.headers["x-channel"] ?? ""}`);
    };
  });

  test("by query: a chosen parameter tells apart, others do not", async () => {
    await stage.start([byQuery]);
    expect((await stage.get("/a?version=1")).body.toString()).toContain("version=1");
    expect((await stage.get("/a?version=2")).body.toString()).toContain("version=2");
    expect(await results("/a?version=1&utm=x", 1)).toEqual(["Hit"]);
    expect(stage.asked).toHaveLength(2);
  });

  test("by header: a chosen header tells apart, others do not", async () => {
    await stage.start([byHeader]);
    expect((await stage.get("/a", { "x-channel": "beta" })).body.toString()).toBe("/a beta");
    expect((await stage.get("/a", { "x-channel": "stable" })).body.toString()).toBe("/a stable");
    expect(await stage.get("/a", { "X-Channel": "beta", "x-other": "1" })).toMatchObject({ result: "Hit" });
    expect(stage.asked).toHaveLength(2);
  });

  test("is that of the request as the function at the edge has left it", async () => {
    const code = "function handler(e) { e.request.querystring = 'version=1'; return e.request; }";
    await stage.start([{ ...byQuery, viewerRequest: { name: "f", code } }]);
    await stage.get("/a?version=7");
    expect(await results("/a?version=8", 1)).toEqual(["Hit"]);
    // The distribution in the emulator runs the function, too: it gets what the viewer has sent.
    expect(stage.asked.map(({ url }) => url)).toEqual(["/a?version=7"]);
  });
});

describe("requests for the same object that come together", () => {
  test("200 of them are one request to the origin", async () => {
    const body = randomBytes(500_000);
    stage.answer = async (_, response) => {
      response.writeHead(200, { "content-length": body.length }).flushHeaders();
      for (let at = 0; at < body.length; at += 100_000) {
        response.write(body.subarray(at, at + 100_000));
        await sleep(5);
      }
      response.end();
    };
    await stage.start();
    const answers = await Promise.all(Array.from({ length: 200 }, () => stage.get("/a")));
    expect(stage.asked).toHaveLength(1);
    expect(new Set(answers.map((answer) => hashOf(answer.body)))).toEqual(new Set([hashOf(body)]));
    expect(answers.filter(({ result }) => result === "Miss")).toHaveLength(1);
    expect(answers.filter(({ result }) => result === "Hit")).toHaveLength(199);
  });

  test("that is not for others are asked one by one", async () => {
    stage.answer = async (_, response) => {
      await sleep(20);
      response.writeHead(200, { "cache-control": "private" }).end("mine");
    };
    await stage.start();
    await Promise.all(Array.from({ length: 5 }, () => stage.get("/a")));
    expect(stage.asked).toHaveLength(5);
  });

  test("of a behaviour whose origin gets cookies are asked one by one", async () => {
    stage.answer = async (_, response) => {
      // Until all have come: whoever comes after the first answer would find it in the cache.
      for (let waited = 0; stage.asked.length < 5 && waited < 5000; waited += 20) await sleep(20);
      response.writeHead(200, { "cache-control": "max-age=60" }).end("content");
    };
    await stage.start([{ cachePolicy: policyOf({ cookies: { kind: "whitelist", names: ["a"] } }) }]);
    await Promise.all(Array.from({ length: 5 }, () => stage.get("/a")));
    expect(stage.asked).toHaveLength(5);
    expect(await results("/a", 1)).toEqual(["Hit"]);
  });

  test("are answered while the object still comes", async () => {
    let finish: () => void = () => {};
    stage.answer = (_, response) => {
      response.writeHead(200, { "content-length": 6 }).write("fir");
      finish = () => response.end("st!");
    };
    await stage.start();
    const first = await stage.begin("/a");
    const second = await stage.begin("/a");
    const [one, two] = await Promise.all([once(first, "data"), once(second, "data")]);
    expect(String(one[0]) + String(two[0])).toBe("firfir");
    finish();
    const ends = await Promise.all([once(first, "data"), once(second, "data")]);
    expect(ends.map(([chunk]) => String(chunk))).toEqual(["st!", "st!"]);
  });
});
