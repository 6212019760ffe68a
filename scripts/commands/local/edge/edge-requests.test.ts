import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { policyOf } from "../../../internal/cdn-model/fixture";
import { Stage } from "./fixture";

// The machine may be busy.
jest.setTimeout(30_000);

const MONDAY = "Mon, 23 Nov 2026 12:00:00 GMT";
const FILE = randomBytes(200_000);

let stage: Stage;

beforeEach(async () => {
  stage = new Stage();
  stage.answer = (_, response) => {
    response
      .writeHead(200, { "cache-control": "max-age=60", etag: '"v1"', "last-modified": MONDAY })
      .end(FILE);
  };
});

afterEach(() => stage.end());

describe("a range", () => {
  test.each([
    { range: "bytes=0-99", first: 0, last: 99 },
    { range: "bytes=70000-150000", first: 70_000, last: 150_000 },
    { range: "bytes=199990-", first: 199_990, last: 199_999 },
    { range: "bytes=-5", first: 199_995, last: 199_999 },
  ])("$range comes from the cache", async ({ range, first, last }) => {
    await stage.start();
    await stage.get("/a");
    const answer = await stage.get("/a", { range });
    expect(answer).toMatchObject({
      status: 206,
      result: "Hit",
      headers: {
        "content-range": `bytes ${first}-${last}/200000`,
        "content-length": String(last - first + 1),
      },
    });
    expect(answer.body.equals(FILE.subarray(first, last + 1))).toBe(true);
    expect(stage.asked).toHaveLength(1);
  });

  test("of what is not in the cache has the whole object fetched, once for all ranges", async () => {
    stage.answer = (_, response) => response.writeHead(200, { "content-length": FILE.length }).end(FILE);
    await stage.start();
    const ranges = ["bytes=0-9", "bytes=100000-100009", "bytes=-10"];
    const answers = await Promise.all(ranges.map((range) => stage.get("/a", { range })));
    expect(answers.map(({ status }) => status)).toEqual([206, 206, 206]);
    expect(answers[1]?.body.equals(FILE.subarray(100_000, 100_010))).toBe(true);
    expect(stage.asked).toHaveLength(1);
    expect(stage.asked[0]?.headers["range"]).toBeUndefined();
    expect((await stage.get("/a")).body.equals(FILE)).toBe(true);
  });

  test("of an object whose length the origin does not say gets the whole object until it is there", async () => {
    await stage.start();
    expect((await stage.get("/a", { range: "bytes=0-9" })).status).toBe(200);
    expect((await stage.get("/a", { range: "bytes=0-9" })).status).toBe(206);
  });

  test("behind the end is refused with the size", async () => {
    await stage.start();
    await stage.get("/a");
    const answer = await stage.get("/a", { range: "bytes=200000-" });
    expect(answer).toMatchObject({ status: 416, result: "Error" });
    expect(answer.headers["content-range"]).toBe("bytes */200000");
    expect(answer.body).toHaveLength(0);
  });

  test.each(["bytes=5-1", "bytes=10-20,0-5", "bytes=0-1,5-9", "lines=1-2"])(
    "%s gets the whole object",
    async (range) => {
      await stage.start();
      await stage.get("/a");
      expect(await stage.get("/a", { range })).toMatchObject({ status: 200, result: "Hit" });
    },
  );

  test("of another version gets the whole object", async () => {
    await stage.start();
    await stage.get("/a");
    expect((await stage.get("/a", { range: "bytes=0-9", "if-range": '"v1"' })).status).toBe(206);
    expect((await stage.get("/a", { range: "bytes=0-9", "if-range": '"v0"' })).status).toBe(200);
  });
});

describe("a viewer that has the object", () => {
  test.each([
    { name: "by its tag", headers: { "if-none-match": '"v1"' } },
    { name: "by its date", headers: { "if-modified-since": MONDAY } },
  ])("$name is answered 304 from the cache", async ({ headers }) => {
    await stage.start();
    await stage.get("/a");
    const answer = await stage.get("/a", headers);
    expect(answer).toMatchObject({ status: 304, result: "Hit", headers: { etag: '"v1"', age: "0" } });
    expect(answer.body).toHaveLength(0);
    expect(answer.headers["content-length"]).toBeUndefined();
    expect(stage.asked).toHaveLength(1);
  });

  test("is answered 304 the first time, too, and the object is kept for others", async () => {
    await stage.start();
    expect((await stage.get("/a", { "if-none-match": '"v1"' })).status).toBe(304);
    expect(stage.asked[0]?.headers["if-none-match"]).toBeUndefined();
    await until(() => stage.running.status.objects === 1);
    expect(await stage.get("/a")).toMatchObject({ status: 200, result: "Hit" });
  });

  test("gets it anew where the origin gets cookies, and so does the edge", async () => {
    await stage.start([{ cachePolicy: policyOf({ cookies: { kind: "all", names: [] } }) }]);
    await stage.get("/a");
    expect(await stage.get("/a", { "if-none-match": '"v1"' })).toMatchObject({ status: 200, result: "Hit" });
    stage.pass(61);
    expect((await stage.get("/a")).result).toBe("Miss");
    expect(stage.asked[1]?.headers["if-none-match"]).toBeUndefined();
  });

  test("in another version gets the object", async () => {
    await stage.start();
    await stage.get("/a");
    expect((await stage.get("/a", { "if-none-match": '"v0"' })).status).toBe(200);
  });
});

describe("HEAD", () => {
  test("of what is in the cache is answered from it", async () => {
    await stage.start();
    await stage.get("/a");
    const answer = await stage.get("/a", {}, "HEAD");
    expect(answer).toMatchObject({ status: 200, result: "Hit", headers: { "content-length": "200000" } });
    expect(answer.body).toHaveLength(0);
    expect(stage.asked).toHaveLength(1);
  });

  test("of what is not is asked of the origin, and nothing is kept", async () => {
    await stage.start();
    expect((await stage.get("/a", {}, "HEAD")).result).toBe("Miss");
    expect(stage.asked[0]?.method).toBe("HEAD");
    expect((await stage.get("/a")).result).toBe("Miss");
  });
});

describe("an object that has expired", () => {
  test("and is still the same is served from the cache, its headers and time anew", async () => {
    stage.answer = (request, response) => {
      if (request.headers["if-none-match"] === '"v1"') {
        response.writeHead(304, { "cache-control": "max-age=600", "x-news": "1" }).end();
        return;
      }
      response
        .writeHead(200, { "cache-control": "max-age=60", etag: '"v1"', "last-modified": MONDAY })
        .end(FILE);
    };
    await stage.start();
    await stage.get("/a");
    stage.pass(61);
    const refreshed = await stage.get("/a");
    expect(refreshed).toMatchObject({ status: 200, result: "RefreshHit", headers: { "x-news": "1" } });
    expect(refreshed.body.equals(FILE)).toBe(true);
    expect(stage.asked[1]?.headers).toMatchObject({
      "if-none-match": '"v1"',
      "if-modified-since": MONDAY,
    });
    stage.pass(599);
    expect((await stage.get("/a")).result).toBe("Hit");
    stage.pass(1);
    expect((await stage.get("/a")).result).toBe("RefreshHit");
  });

  test("and is another now is served anew", async () => {
    let version = 1;
    stage.answer = (_, response) => {
      response.writeHead(200, { "cache-control": "max-age=60", etag: `"v${version}"` }).end(`v${version}`);
    };
    await stage.start();
    await stage.get("/a");
    version = 2;
    stage.pass(61);
    expect(await stage.get("/a")).toMatchObject({ result: "Miss", body: Buffer.from("v2") });
    expect(await stage.get("/a")).toMatchObject({ result: "Hit", body: Buffer.from("v2") });
  });

  test("is asked about once, however many ask for it together", async () => {
    stage.answer = async (request, response) => {
      await sleep(20);
      if (request.headers["if-none-match"]) response.writeHead(304, { "cache-control": "max-age=60" }).end();
      else response.writeHead(200, { "cache-control": "max-age=60", etag: '"v1"' }).end(FILE);
    };
    await stage.start();
    await stage.get("/a");
    stage.pass(61);
    const answers = await Promise.all(Array.from({ length: 20 }, () => stage.get("/a")));
    expect(stage.asked).toHaveLength(2);
    expect(answers.every(({ body }) => body.equals(FILE))).toBe(true);
  });

  test("is asked about each time with no-cache", async () => {
    stage.answer = (request, response) => {
      if (request.headers["if-none-match"]) response.writeHead(304, { "cache-control": "no-cache" }).end();
      else response.writeHead(200, { "cache-control": "no-cache", etag: '"v1"' }).end("content");
    };
    await stage.start();
    expect((await stage.get("/a")).result).toBe("Miss");
    expect((await stage.get("/a")).result).toBe("RefreshHit");
    expect((await stage.get("/a")).result).toBe("RefreshHit");
  });

  test("is served at once with stale-while-revalidate, and brought up to date behind that", async () => {
    let version = 1;
    stage.answer = (_, response) => {
      const control = "max-age=60, stale-while-revalidate=30";
      response.writeHead(200, { "cache-control": control, etag: `"v${version}"` }).end(`v${version}`);
    };
    await stage.start();
    await stage.get("/a");
    version = 2;
    stage.pass(70);
    expect(await stage.get("/a")).toMatchObject({
      result: "Hit",
      body: Buffer.from("v1"),
      headers: { age: "70" },
    });
    await until(() => stage.asked.length === 2 && stage.running.status.bytes === 2);
    await until(async () => (await stage.get("/a")).body.toString() === "v2");
    expect(stage.asked).toHaveLength(2);
  });
});

describe("what is not cached", () => {
  const disabled = policyOf({ defaultTtlSeconds: 0, maximumTtlSeconds: 0, name: "CachingDisabled" });

  test("is asked of the origin each time, with range and conditions", async () => {
    await stage.start([{ cachePolicy: disabled }]);
    await stage.get("/a", { range: "bytes=0-9", "if-none-match": '"v0"' });
    expect((await stage.get("/a")).result).toBe("Miss");
    expect(stage.asked).toHaveLength(2);
    expect(stage.asked[0]?.headers).toMatchObject({ range: "bytes=0-9", "if-none-match": '"v0"' });
  });

  test("reaches the origin with its body", async () => {
    stage.answer = async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.writeHead(201).end(Buffer.concat(chunks));
    };
    await stage.start([{ cachePolicy: disabled, allowedMethods: ["GET", "POST"] }]);
    expect(await stage.get("/a", { "content-type": "text/plain" }, "POST", "sent")).toMatchObject({
      status: 201,
      body: Buffer.from("sent"),
    });
  });

  test("for a viewer alone is passed on, and not kept", async () => {
    stage.answer = (_, response) =>
      response.writeHead(200, { "cache-control": "no-store", etag: '"v1"' }).end(FILE);
    await stage.start();
    expect((await stage.get("/a")).body.equals(FILE)).toBe(true);
    expect((await stage.get("/a")).result).toBe("Miss");
    expect((await stage.get("/a", { "if-none-match": '"v1"' })).status).toBe(304);
    expect(stage.running.status.objects).toBe(0);
  });
});

test("a viewer that goes away leaves nothing half in the cache", async () => {
  let finish: (() => void) | undefined;
  stage.answer = (_, response) => {
    response.writeHead(200, { "content-length": FILE.length }).write(FILE.subarray(0, 100_000));
    finish = () => response.end(FILE.subarray(100_000));
  };
  await stage.start();
  const response = await stage.begin("/a");
  await once(response, "data");
  response.destroy();
  await until(() => stage.running.status.originRequests === 1);
  await sleep(20);
  finish?.();
  await sleep(20);
  expect(stage.running.status.objects).toBe(0);

  stage.answer = (_, answer) => answer.writeHead(200, { "content-length": FILE.length }).end(FILE);
  const whole = await stage.get("/a");
  expect(whole).toMatchObject({ status: 200, result: "Miss" });
  expect(whole.body.equals(FILE)).toBe(true);
});

test("a viewer that goes away takes nothing from those who wait for the same", async () => {
  let finish: (() => void) | undefined;
  stage.answer = (_, response) => {
    response.writeHead(200, { "content-length": FILE.length }).write(FILE.subarray(0, 100_000));
    finish = () => response.end(FILE.subarray(100_000));
  };
  await stage.start();
  const gone = await stage.begin("/a");
  await once(gone, "data");
  const other = stage.get("/a");
  await sleep(20);
  gone.destroy();
  await sleep(20);
  finish?.();
  expect((await other).body.equals(FILE)).toBe(true);
  expect((await stage.get("/a")).result).toBe("Hit");
  expect(stage.asked).toHaveLength(1);
});

test("an answer that the origin cuts off is cut off for the viewer, and not kept", async () => {
  stage.answer = (_, response) => {
    response.writeHead(200, { "content-length": FILE.length }).write(FILE.subarray(0, 100_000));
    setTimeout(() => response.destroy(), 20);
  };
  await stage.start();
  await expect(stage.get("/a")).rejects.toThrow("aborted");
  expect(stage.running.status.objects).toBe(0);
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await condition()) return;
    await sleep(10);
  }
  throw new Error("it did not come to that");
}
