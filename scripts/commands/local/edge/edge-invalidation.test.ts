import { setTimeout as sleep } from "node:timers/promises";
import { policyOf } from "../../../internal/cdn-model/fixture";
import { Stage } from "./fixture";
import type { InvalidationSource } from "./invalidation-watch";

// The machine may be busy.
jest.setTimeout(30_000);

/** Invalidations as a test makes them. */
class Source implements InvalidationSource {
  readonly made: (readonly string[])[] = [];
  asked = 0;
  failure: Error | undefined;

  async list(): Promise<string[]> {
    this.asked += 1;
    if (this.failure) throw this.failure;
    return this.made.map((_, index) => `I${index}`);
  }

  async pathsOf(id: string): Promise<readonly string[]> {
    return this.made[Number(id.slice(1))] ?? [];
  }
}

let stage: Stage;
let source: Source;

beforeEach(() => {
  stage = new Stage();
  source = new Source();
});

afterEach(() => stage.end());

async function startWith(...made: string[][]): Promise<void> {
  source.made.push(...made);
  const cachePolicy = policyOf({ queryStrings: { kind: "whitelist", names: ["os"] } });
  await stage.start([{ cachePolicy }], { invalidations: source });
}

test("an invalidation takes effect on the next request", async () => {
  await startWith();
  await stage.get("/updates/a");
  await stage.get("/downloads/a");
  source.made.push(["/updates/*"]);
  stage.pass(1);
  expect((await stage.get("/updates/a")).result).toBe("Miss");
  expect((await stage.get("/downloads/a")).result).toBe("Hit");
  expect(stage.running.status.invalidations).toEqual({ seen: 1 });
});

test("each is carried out once", async () => {
  await startWith();
  source.made.push(["/a"]);
  for (let round = 0; round < 3; round++) {
    stage.pass(1);
    await stage.get("/a");
  }
  expect(stage.asked).toHaveLength(1);
});

test("those from before the start are of no interest: the cache is empty", async () => {
  await startWith(["/a"]);
  await stage.get("/a");
  stage.pass(1);
  expect((await stage.get("/a")).result).toBe("Hit");
});

test("a path covers what it says, with the query that is part of the key", async () => {
  await startWith();
  await stage.get("/a");
  await stage.get("/a?os=mac");
  source.made.push(["/a"]);
  stage.pass(1);
  expect((await stage.get("/a")).result).toBe("Miss");
  expect((await stage.get("/a?os=mac")).result).toBe("Hit");
  source.made.push(["/a?os=mac"]);
  stage.pass(1);
  expect((await stage.get("/a?os=mac")).result).toBe("Miss");
});

/** Resolves when the origin has been asked that often. */
async function askedFor(times: number): Promise<void> {
  while (stage.asked.length < times) await sleep(5);
}

test("an object that was on its way when it was invalidated is delivered, and not kept", async () => {
  let finish: () => void = () => {};
  stage.answer = (_, response) => {
    response.writeHead(200, { "cache-control": "max-age=60", "content-length": 6 }).write("old");
    finish = () => response.end("old");
  };
  await startWith();
  const first = stage.get("/a");
  await askedFor(1);
  const finishFirst = finish;
  stage.running.invalidate(["/a"]);
  const second = stage.get("/a");
  await askedFor(2);
  finishFirst();
  finish();
  expect((await first).body.toString()).toBe("oldold");
  await second;
  expect(stage.asked).toHaveLength(2);
  expect((await stage.get("/a")).result).toBe("Hit");
});

test("nothing is asked for while nobody downloads, and not with every download", async () => {
  await startWith();
  expect(source.asked).toBe(1);
  for (let count = 0; count < 10; count++) await stage.get("/a");
  expect(source.asked).toBe(1);
  stage.pass(1);
  await Promise.all(Array.from({ length: 10 }, () => stage.get("/a")));
  expect(source.asked).toBe(2);
});

test("a source that fails holds nobody up, and is told", async () => {
  await startWith();
  await stage.get("/a");
  source.failure = new Error("no");
  stage.pass(1);
  expect((await stage.get("/a")).result).toBe("Hit");
  expect(stage.running.status.invalidations).toEqual({ seen: 0, problem: "no" });
  source.failure = undefined;
  stage.pass(1);
  await stage.get("/a");
  expect(stage.running.status.invalidations).toEqual({ seen: 0 });
});
