import { isPassing, outOfTime, retrying } from "./retry";

const THROTTLED = Object.assign(new Error("Rate exceeded"), { name: "Throttling" });

/** A clock that only sleeping moves. */
function clock(random = 1) {
  let now = 0;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => now,
    random: () => random,
    sleep: async (milliseconds: number) => {
      pauses.push(milliseconds);
      now += milliseconds;
    },
  };
}

function failing(times: number, error: Error = THROTTLED) {
  let calls = 0;
  return async () => {
    calls++;
    if (calls <= times) throw error;
    return calls;
  };
}

test("pauses grow to twenty seconds", async () => {
  const time = clock();
  const told: number[] = [];
  const budget = { clock: time, deadline: 1_000_000 };
  expect(await retrying(failing(7), budget, (_, pause) => told.push(pause))).toBe(8);
  expect(time.pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
  expect(told).toEqual(time.pauses);
});

test("chance takes up to half of a pause away", async () => {
  const time = clock(0);
  await retrying(failing(3), { clock: time, deadline: 1_000_000 }, () => {});
  expect(time.pauses).toEqual([500, 1000, 2000]);
});

test("no pause goes beyond the deadline", async () => {
  const time = clock();
  const attempt = retrying(failing(10), { clock: time, deadline: 6999 }, () => {});
  await expect(attempt).rejects.toThrow(
    "CloudFront: still answers Throttling at the end of --timeout; run the same command again: it goes on from there",
  );
  expect(time.pauses).toEqual([1000, 2000]);
});

test("an error that lasts is thrown at once", async () => {
  const time = clock();
  const denied = Object.assign(new Error("no"), { name: "AccessDenied" });
  await expect(retrying(failing(1, denied), { clock: time, deadline: 1_000_000 }, () => {})).rejects.toBe(
    denied,
  );
  expect(time.pauses).toEqual([]);
});

test("being out of time has its own exit code", () => {
  expect(outOfTime("x").exitCode).toBe(5);
});

test.each<[string, unknown, boolean]>([
  ["throttling", { name: "Throttling" }, true],
  ["too much in progress", { name: "TooManyInvalidationsInProgress" }, true],
  ["429", { $metadata: { httpStatusCode: 429 } }, true],
  ["503", { $metadata: { httpStatusCode: 503 } }, true],
  ["a lost connection", { code: "ECONNRESET" }, true],
  ["a timeout", { name: "TimeoutError" }, true],
  ["nobody at the address", { code: "ECONNREFUSED" }, false],
  ["expired credentials", { name: "ExpiredToken", $metadata: { httpStatusCode: 403 } }, false],
  ["an invalid argument", { name: "InvalidArgument", $metadata: { httpStatusCode: 400 } }, false],
  ["nothing", undefined, false],
])("%s: passing or not", (_case, error, passing) => {
  expect(isPassing(error)).toBe(passing);
});
