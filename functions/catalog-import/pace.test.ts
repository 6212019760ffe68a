import { setImmediate } from "node:timers/promises";
import { Pace } from "./pace";

const throttled = Object.assign(new Error("slow down"), { name: "ThrottlingException" });
const { signal } = new AbortController();
const pause = async () => undefined;

/** Runs calls of which the database takes so many at once, and refuses those beyond. @returns most that were at once */
async function run(pace: Pace, calls: number, takes: () => number): Promise<number> {
  let atOnce = 0;
  let most = 0;
  const call = async () => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    const taken = atOnce <= takes();
    await setImmediate();
    atOnce -= 1;
    if (!taken) throw throttled;
  };
  await Promise.all(Array.from({ length: calls }, () => pace.run(call, signal)));
  return most;
}

test("as many calls are made at once as may be", async () => {
  const pace = new Pace({ pause, mostAtOnce: 16 });
  expect(await run(pace, 200, () => 16)).toBe(16);
  expect(pace.atOnce).toBe(16);
});

test("calls that fail together halve it once", async () => {
  const pace = new Pace({ pause, mostAtOnce: 16 });
  let refusals = 16;
  const call = async () => {
    const refused = refusals-- > 0;
    await setImmediate();
    if (refused) throw throttled;
  };
  const atOnce: number[] = [];
  const noting = async () => {
    await call().finally(() => atOnce.push(pace.atOnce));
  };
  await Promise.all(Array.from({ length: 16 }, () => pace.run(noting, signal)));
  expect(Math.min(...atOnce)).toBe(8);
});

test("it goes down to one at a time, and up again once the database takes more", async () => {
  const pace = new Pace({ pause, mostAtOnce: 16 });
  let takes = 1;
  await run(pace, 100, () => takes);
  expect(pace.atOnce).toBeLessThanOrEqual(2);
  takes = 16;
  await run(pace, 400, () => takes);
  expect(pace.atOnce).toBe(16);
});

test("whoever waits for a turn when the signal ends is not called", async () => {
  const ended = new AbortController();
  const pace = new Pace({ pause, mostAtOnce: 1 });
  let calls = 0;
  const call = async () => {
    calls += 1;
    await setImmediate();
    ended.abort(new Error("the time is up"));
  };
  const results = await Promise.allSettled([1, 2, 3].map(() => pace.run(call, ended.signal)));
  expect(calls).toBe(1);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
});
