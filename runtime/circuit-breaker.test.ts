import { CircuitBreaker } from "./circuit-breaker";

function breaker() {
  const clock = { time: 1000 };
  return {
    clock,
    breaker: new CircuitBreaker({ failures: 3, openMilliseconds: 500, now: () => clock.time }),
  };
}

function fail(target: CircuitBreaker, times: number): void {
  for (let count = 0; count < times; count++) target.failed();
}

test("stays closed below its number of failures", () => {
  const { breaker: target } = breaker();
  fail(target, 2);
  expect(target.allows()).toBe(true);
});

test("a success starts the count anew", () => {
  const { breaker: target } = breaker();
  fail(target, 2);
  target.succeeded();
  fail(target, 2);
  expect(target.allows()).toBe(true);
});

test("opens at its number of failures, for its time", () => {
  const { breaker: target, clock } = breaker();
  fail(target, 3);
  expect(target.allows()).toBe(false);
  clock.time += 499;
  expect(target.allows()).toBe(false);
  clock.time += 1;
  expect(target.allows()).toBe(true);
});

test("lets one trial through, and no other beside it", () => {
  const { breaker: target, clock } = breaker();
  fail(target, 3);
  clock.time += 500;
  expect([target.allows(), target.allows(), target.allows()]).toEqual([true, false, false]);
});

test("a failed trial opens it for its whole time again", () => {
  const { breaker: target, clock } = breaker();
  fail(target, 3);
  clock.time += 500;
  target.allows();
  clock.time += 100;
  target.failed();
  clock.time += 499;
  expect(target.allows()).toBe(false);
});

test("a trial that goes well closes it", () => {
  const { breaker: target, clock } = breaker();
  fail(target, 3);
  clock.time += 500;
  target.allows();
  target.succeeded();
  expect([target.allows(), target.allows()]).toEqual([true, true]);
});

test("says which failure opened it, a failed trial's too", () => {
  const { breaker: target, clock } = breaker();
  expect([target.failed(), target.failed(), target.failed()]).toEqual([false, false, true]);
  clock.time += 500;
  target.allows();
  expect(target.failed()).toBe(true);
});
